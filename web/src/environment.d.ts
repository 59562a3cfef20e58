/// <reference types="vite/client" />

declare module "*.json?messages" {
  const texts: Record<string, string | ((values: Record<string, unknown>) => string)>;
  export default texts;
}
