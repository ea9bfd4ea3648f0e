/** Tables as CSV (RFC 4180), safe to open in a spreadsheet. Pure. */

/** What a spreadsheet would take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/

type Cell = string | number | null

/** Lines end in CRLF; a text that could be run as a formula is given an apostrophe in front. */
export function csvOf(rows: ReadonlyArray<readonly Cell[]>): string {
  return rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(cell: Cell): string {
  if (typeof cell === 'number') return String(cell)
  const text = cell ?? ''
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
