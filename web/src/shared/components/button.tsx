import type { ComponentChildren, JSX } from "preact";

type Variant = "primary" | "secondary" | "text" | "danger";

interface Appearance {
  variant?: Variant;
  size?: "large" | "medium" | "small";
  children: ComponentChildren;
}

type ButtonProps = Appearance & Omit<JSX.IntrinsicElements["button"], "size" | "class"> & { busy?: boolean };

/** A button is never disabled; while `busy` it says so and swallows further presses. */
export function Button({ variant = "primary", size = "large", busy = false, onClick, type = "button", ...rest }: ButtonProps) {
  const press: typeof onClick = (event) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      {...rest}
      type={type}
      class="ryoji-button"
      data-variant={variant}
      data-size={size}
      aria-disabled={busy ? "true" : undefined}
      data-busy={busy ? "" : undefined}
      onClick={press}
    />
  );
}

interface LinkProps extends Appearance {
  href: string;
  target?: string;
  rel?: string;
  download?: string;
  onClick?: (event: MouseEvent) => void;
}

/** A link that looks like a button: it goes somewhere, it does nothing. */
export function LinkButton({ variant = "primary", size = "large", children, ...rest }: LinkProps) {
  return (
    <a {...rest} class="ryoji-button" data-variant={variant} data-size={size}>
      {children}
    </a>
  );
}

/** Buttons side by side, stacked on a narrow screen. */
export function ButtonRow({ children }: { children: ComponentChildren }) {
  return <div class="ryoji-button-row">{children}</div>;
}
