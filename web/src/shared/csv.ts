/** RFC 4180, with a mark by which spreadsheets know UTF-8. What begins like a formula is not one. */
export function csvOf(rows: (string | number | null)[][]): string {
  const cell = (value: string | number | null): string => {
    const text = String(value ?? "");
    const plain = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}
