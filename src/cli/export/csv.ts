// Rows of CSV as RFC 4180 has them: UTF-8, commas, CRLF. Nothing is an empty cell, an empty text is "".

/** A text that a spreadsheet would take for a formula, perhaps with apostrophes before it. */
const FORMULA = /^'*[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

export function csvRow(cells: readonly (string | null)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(text: string | null): string {
  if (text === null) return '';
  return text === '' || NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * With an apostrophe in front when a spreadsheet would run it. Without its first apostrophe, a text that
 * this holds of is the original again.
 */
export function withoutFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
