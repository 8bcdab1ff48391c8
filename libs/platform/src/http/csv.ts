/**
 * Writes rows as CSV (RFC 4180: CRLF, quotes where they are needed).
 * @param delimiter one sign: where decimals are written with a comma, spreadsheets expect a semicolon
 */
export function csvOf(rows: readonly (readonly string[])[], delimiter = ','): string {
  const quoted = (cell: string): string =>
    cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return rows.map((cells) => `${cells.map(quoted).join(delimiter)}\r\n`).join('');
}

/**
 * A text as a cell that no spreadsheet runs as a formula, whatever people call things (OWASP, CSV injection). Spreadsheets
 * show it without the apostrophe; `fromCell` gives it back as it was.
 */
export const toCell = (text: string): string => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** The text that `toCell` made a cell of. */
export const fromCell = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);
