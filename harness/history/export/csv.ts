import type { Cell, Table } from './tables.ts';

/** A table as CSV (RFC 4180), a header first; times in ISO 8601, nothing for what is not there. */
export async function* csvLines({ columns }: Pick<Table, 'columns'>, rows: AsyncIterable<readonly Cell[]>): AsyncGenerator<string, void> {
  yield `${columns.map(({ name }) => name).join(',')}\r\n`;
  for await (const row of rows) yield `${row.map((cell, at) => csvCell(columns[at]?.type === 'time' && typeof cell === 'number' ? new Date(cell).toISOString() : cell)).join(',')}\r\n`;
}

/**
 * One cell. Text that a spreadsheet would take for a formula gets an apostrophe in front: whoever names a model or a branch must not
 * run something on the computer of the one who opens the file.
 */
export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const harmless = /^[\s\0]*[=+\-@|%\uff0b\uff0d\uff1d\uff20]/.test(cell) || /^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
