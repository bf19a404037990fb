/** Puts colour around text that is already escaped. */
export type Paint = (style: 'bad' | 'warn' | 'good' | 'dim' | 'bold', text: string) => string;

/** Columns as wide as their longest cell; those in `left` are words, all others numbers. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], left: ReadonlySet<number>): string[] {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => (row[column] ?? '').length)));
  return [heads, ...rows].map((cells) => `  ${cells.map((text, column) => (left.has(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd());
}

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** "3, 4, 5 and 12 more" */
export function someOf(values: readonly (string | number)[], most: number): string {
  return `${values.slice(0, most).join(', ')}${values.length > most ? ` and ${values.length - most} more` : ''}`;
}
