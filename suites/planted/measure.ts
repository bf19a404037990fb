import type { PlantedCase } from './case.ts';
import { runPlanted, type RunOptions } from './run.ts';
import { missedAims, namedFirst, scoreOf, totalsOf, type Score, type Totals } from './score.ts';

export interface Measured {
  readonly rows: readonly { readonly one: PlantedCase; readonly score: Score }[];
  readonly planted: Totals;
  readonly mutations: Totals;
  /** Controls that are not bit-exact: with one, the table is worth nothing. */
  readonly brokenControls: readonly string[];
  /** Aims that are missed, in words. */
  readonly missed: readonly string[];
}

/** Runs the cases and judges what hil says of each. @throws Error as runPlanted() */
export async function measure(cases: readonly PlantedCase[], options: RunOptions): Promise<Measured> {
  const reports = await runPlanted(cases, options);
  const rows = cases.filter(({ kind }) => kind !== 'control').map((one) => ({ one, score: scoreOf(one, reports.get(one)!) }));
  const brokenControls = cases.filter((one) => one.kind === 'control' && reports.get(one)!.verdict !== 'pass').map((one) => `${one.name}: ${reports.get(one)!.reasons[0] ?? ''}`);
  const of = (kind: PlantedCase['kind']): Totals => totalsOf(rows.filter(({ one }) => one.kind === kind).map(({ score }) => score));
  const [planted, mutations] = [of('planted'), of('mutation')];
  return { rows, planted, mutations, brokenControls, missed: [...brokenControls.map((text) => `a control is not bit-exact: ${text}`), ...missedAims(planted, mutations)] };
}

const COLUMNS = ['cases', 'first', 'tie', 'wrong', 'unexplained', 'unchanged', 'culprit'] as const;

/** The table for people: operator x defect with counts, what was not named first, and the totals with their aims. */
export function tableLines({ rows, planted, mutations, missed }: Measured, { all }: { readonly all: boolean }): string[] {
  const line = (operator: string, what: string, totals: Totals): string => `${operator.padEnd(29)}${what.padEnd(30)}${COLUMNS.map((column) => String(totals[column]).padStart(column.length + 2)).join('')}`;
  const cells = Map.groupBy(rows, ({ one }) => `${one.operator}\u0000${one.kind === 'mutation' ? `mutation: ${one.what}` : one.what}`);
  const sorted = [...cells].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const open = rows.filter(({ one, score }) => all || !score.isCulpritRight || score.diagnosis !== (one.kind === 'mutation' ? 'unexplained' : 'first'));
  return [
    `${'operator'.padEnd(29)}${'defect'.padEnd(30)}${COLUMNS.map((column) => `  ${column}`).join('')}`,
    ...sorted.map(([key, cell]) => { const [operator = '', what = ''] = key.split('\u0000'); return line(operator, what, totalsOf(cell.map(({ score }) => score))); }),
    line('all planted', '', planted), line('all mutations', '', mutations), '',
    ...open.map(({ one, score }) => `${score.diagnosis}${score.isCulpritRight ? '' : ', culprit wrong'}: ${one.name}${one.causes.length === 0 ? '' : ` [${one.causes.join(' or ')}]`}: ${score.said}`), '',
    `named first ${(100 * namedFirst(planted)).toFixed(1)} % (aim 95), culprit layer right ${planted.culprit + mutations.culprit} of ${planted.cases + mutations.cases} (aim all), false claims ${planted.wrong + mutations.wrong} (aim 0) over ${planted.cases} planted defects and ${mutations.cases} mutations`,
    ...missed.map((text) => `missed: ${text}`),
  ];
}

/** The same for programs. */
export const toJson = ({ rows, planted, mutations, missed }: Measured): object => ({
  planted, mutations, namedFirst: namedFirst(planted), missed,
  cases: rows.map(({ one, score }) => ({ name: one.name, kind: one.kind, operator: one.operator, what: one.what, model: one.model.name, culprits: one.culprits, expected: one.causes, ...score })),
});
