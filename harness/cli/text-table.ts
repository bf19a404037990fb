import { escapeTerminal } from '../report/index.ts';

export interface TextColumn {
  readonly head: string;
  /** Longest text; what is longer is cut and ends with an ellipsis. */
  readonly most: number;
  readonly right?: boolean;
}

/**
 * Rows beside each other, two blanks between columns, heads first. Escapes the cells.
 * @param paint for a cell's text once it has its width
 */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[], paint: (text: string, row: number | 'head', column: number) => string = (text) => text): string[] {
  const cells = rows.map((row) => columns.map(({ most }, at) => cut(escapeTerminal(row[at] ?? ''), most)));
  const widths = columns.map(({ head }, at) => Math.max(head.length, ...cells.map((row) => [...(row[at] ?? '')].length)));
  const line = (texts: readonly string[], row: number | 'head'): string => texts.map((text, at) => {
    const blanks = ' '.repeat(Math.max(0, (widths[at] ?? 0) - [...text].length));
    const last = at === columns.length - 1 && columns[at]?.right !== true;
    return paint(columns[at]?.right === true ? blanks + text : last ? text : text + blanks, row, at);
  }).join('  ').trimEnd();
  return [line(columns.map(({ head }) => head), 'head'), ...cells.map((row, at) => line(row, at))];
}

function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
