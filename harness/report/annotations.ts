import { diagnosisLines } from './diagnosis/lines.ts';
import { attemptText, caseTitle, plural } from './format.ts';
import type { CaseReport, Report } from './report.ts';
import { WORST_FIRST } from './verdict.ts';

/** Where a case stands in the suite file; the path is relative to the repository, with `/`. */
export interface Place { readonly file: string; readonly line: number }

/** What is to be shown beside a line of the suite file. Text is untrusted and not escaped. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly lines: readonly string[];
  readonly place: Place | null;
}

const TITLES: Readonly<Partial<Record<CaseReport['verdict'], string>>> = {
  fail: 'code under test fails', 'build-error': 'does not build', 'bench-error': 'bench error', interrupted: 'interrupted', skipped: 'skipped',
};

/** One a case that is no pass, or that passed only when it was repeated; the worst first, warnings last. */
export function annotationsOf(report: Report, placeOf: (one: CaseReport) => Place | null = () => null): Annotation[] {
  const wrong = report.cases.filter(({ verdict, attempts }) => verdict !== 'pass' || (attempts?.length ?? 0) > 0)
    .sort((a, b) => rank(a) - rank(b));
  const found = wrong.map((one): Annotation => {
    const attempts = (one.attempts ?? []).map(attemptText);
    if (one.verdict === 'pass') return { level: 'warning', title: `bench error, then passed: ${caseTitle(one)}`, lines: [`repeated ${plural(attempts.length, 'time')}`, ...attempts.slice(0, 3)], place: placeOf(one) };
    const lines = [one.reasons[0] ?? 'no reason given', ...attempts.slice(0, 3).map((text) => `repeated after ${text}`), ...diagnosisLines(one).slice(0, 3).map(({ head, text }) => `${head}: ${text}`)];
    return { level: one.verdict === 'skipped' ? 'warning' : 'error', title: `${TITLES[one.verdict] ?? one.verdict}: ${caseTitle(one)}`, lines, place: placeOf(one) };
  });
  if (report.verdict !== 'pass' && found.every(({ level }) => level === 'warning')) {
    found.unshift({ level: 'error', title: report.verdict === 'bench-error' ? 'bench error' : 'hil', lines: [`the run is no pass: ${report.verdict}, ${report.cases.length} cases`], place: null });
  }
  return found;
}

/** A pass that was repeated is the least of all. */
const rank = ({ verdict }: CaseReport): number => (verdict === 'pass' ? WORST_FIRST.length : WORST_FIRST.indexOf(verdict));
