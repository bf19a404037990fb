import type { CaseReport } from '../../harness/report/report.ts';
import type { PlantedCase } from './case.ts';

/** How well a case was understood. */
export interface Score {
  /**
   * first: every cause with rank 1 is the right one; tie: the right one is among several with rank 1; wrong: something else is named; unexplained:
   * nothing is; unchanged: the defect made no difference, or the case could not be run, which is an error of the table.
   */
  readonly diagnosis: 'first' | 'tie' | 'wrong' | 'unexplained' | 'unchanged';
  /** The layers with own error are those that were spoilt. */
  readonly isCulpritRight: boolean;
  /** What was said, for people. */
  readonly said: string;
}

/** Judges what report.json says of a planted defect or a mutation. */
export function scoreOf(one: PlantedCase, report: CaseReport): Score {
  const wrong = report.layers.filter(({ own }) => own !== null && own.mismatched > 0);
  const isCulpritRight = wrong.length === one.culprits.length && wrong.every(({ index }) => one.culprits.includes(index));
  if (report.verdict !== 'fail') return { diagnosis: 'unchanged', isCulpritRight, said: report.verdict === 'pass' ? 'changes nothing' : report.reasons[0] ?? report.verdict };
  const best = new Set(wrong.flatMap(({ diagnosis }) => diagnosis.filter(({ rank }) => rank === 1).map(({ cause }) => cause)));
  const said = [wrong.length === 0 ? report.reasons[0] ?? '' : '', ...wrong.map(({ index, own, diagnosis }) =>
    `layer ${index}: ${own?.mismatched} of ${own?.compared} wrong: ${diagnosis.map(({ cause, rank, explained, wrong: of, contradicted }) => `${rank} ${cause} ${explained}/${of}${contradicted === 0 ? '' : ` -${contradicted}`}`).join(', ') || 'unexplained'}`)].filter((line) => line !== '').join('; ');
  const right = one.causes.filter((cause) => best.has(cause)).length;
  if (best.size === 0) return { diagnosis: 'unexplained', isCulpritRight, said };
  return { diagnosis: right === 0 ? 'wrong' : right === best.size ? 'first' : 'tie', isCulpritRight, said };
}

/** Sums over cases of one kind. */
export interface Totals {
  readonly cases: number;
  readonly first: number;
  readonly tie: number;
  readonly wrong: number;
  readonly unexplained: number;
  readonly unchanged: number;
  readonly culprit: number;
}

export function totalsOf(scores: readonly Score[]): Totals {
  const count = (diagnosis: Score['diagnosis']): number => scores.filter((score) => score.diagnosis === diagnosis).length;
  return {
    cases: scores.length, first: count('first'), tie: count('tie'), wrong: count('wrong'), unexplained: count('unexplained'), unchanged: count('unchanged'),
    culprit: scores.filter(({ isCulpritRight }) => isCulpritRight).length,
  };
}

/** Share of the defects that were named first; a tie counts half. */
export const namedFirst = ({ cases, first, tie }: Totals): number => (cases === 0 ? 0 : (first + tie / 2) / cases);

/** Aims of the table. */
export const LEAST_NAMED_FIRST = 0.95;

/** What misses an aim, in words; [] where all are met. */
export function missedAims(planted: Totals, mutations: Totals): string[] {
  const missed: string[] = [];
  const share = (part: number, whole: number): string => `${part} of ${whole}`;
  if (planted.cases > 0 && namedFirst(planted) < LEAST_NAMED_FIRST) missed.push(`named first: ${(100 * namedFirst(planted)).toFixed(1)} %, not ${100 * LEAST_NAMED_FIRST} %`);
  if (planted.wrong + mutations.first + mutations.tie + mutations.wrong > 0) missed.push(`false claims: ${planted.wrong} of planted defects, ${mutations.wrong} of mutations`);
  const cases = planted.cases + mutations.cases;
  if (planted.culprit + mutations.culprit < cases) missed.push(`culprit layer right: ${share(planted.culprit + mutations.culprit, cases)}`);
  if (planted.unchanged + mutations.unchanged > 0) missed.push(`${planted.unchanged + mutations.unchanged} change nothing or could not be run`);
  return missed;
}
