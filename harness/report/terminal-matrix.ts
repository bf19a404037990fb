import { escapeText } from './escape/terminal.ts';
import { VERDICT_WORDS } from './format.ts';
import { deviceMatrix, latencyCell, memoryCell } from './matrix.ts';
import type { CaseReport, Report } from './report.ts';
import type { Paint, Style } from './terminal.ts';

/** Columns that do not fit beside each other go into a table below. */
const WIDTH = 140;
const NAME_WIDTH = 48;
/** Where there are more cases, their memory is left to the other reports. */
const MANY_CASES = 20;

/** The cases with a column a device. Empty where there are not two devices. */
export function matrixLines(report: Report, paint: Paint, styleOf: (one: CaseReport) => Style): string[] {
  const matrix = deviceMatrix(report);
  if (matrix === null) return [];
  const withMemory = matrix.rows.length <= MANY_CASES;
  const heads = matrix.devices.map(({ id, core }) => [escapeText(id, 40), escapeText(core, 40)]);
  const facts: readonly (readonly [head: string, cell: (one: CaseReport) => string])[] = [
    ['latency (median)', latencyCell], ...(withMemory ? [['flash / RAM / stack', memoryCell] as const] : []),
  ];
  const rows = matrix.rows.flatMap(({ name, cells }) => [
    { head: escapeText(name, NAME_WIDTH), cells: cells.map((one) => (one === null ? '-' : VERDICT_WORDS[one.verdict])), of: cells },
    ...facts.map(([head, cell]) => ({ head: `  ${head}`, cells: cells.map((one) => (one === null || one.verdict === 'skipped' ? '' : cell(one))), of: null })),
  ]);
  const nameWidth = Math.max(...rows.map(({ head }) => head.length));
  const widths = heads.map((head, d) => Math.max(...head.map((text) => text.length), ...rows.map(({ cells }) => (cells[d] ?? '').length)));
  const lines: string[] = [];
  for (const columns of blocks(widths, WIDTH - nameWidth - 2)) {
    const line = (head: string, cell: (d: number) => string): string => `  ${[head.padEnd(nameWidth), ...columns.map(cell)].join('  ')}`.trimEnd();
    if (lines.length > 0) lines.push('');
    for (const which of [0, 1]) lines.push(line('', (d) => paint(which === 0 ? 'bold' : 'dim', (heads[d]?.[which] ?? '').padEnd(widths[d] ?? 0))));
    for (const { head, cells, of } of rows) {
      lines.push(line(head, (d) => {
        const text = (cells[d] ?? '').padEnd(widths[d] ?? 0);
        const one = of?.[d] ?? null;
        return one === null ? text : paint(styleOf(one), text);
      }));
    }
  }
  return lines;
}

/** Column numbers, as many together as fit. */
function blocks(widths: readonly number[], width: number): number[][] {
  const result: number[][] = [];
  let left = 0;
  for (const [column, needed] of widths.entries()) {
    if (result.length === 0 || needed + 2 > left) {
      result.push([]);
      left = width;
    }
    result.at(-1)?.push(column);
    left -= needed + 2;
  }
  return result;
}
