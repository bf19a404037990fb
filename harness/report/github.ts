import { diagnosisLines } from './diagnosis/lines.ts';
import { escapeProperty, escapeText } from './escape/github.ts';
import { caseTitle } from './format.ts';
import type { Report } from './report.ts';
import { WORST_FIRST } from './verdict.ts';

/** GitHub shows at most ten annotations of a type a step, and cuts silently; the last one says what is missing. */
const MOST = 10;

/** Workflow commands for GitHub Actions, one a case that is no pass, the worst first. To be printed as they are, a line each. */
export function githubAnnotations(report: Report): string[] {
  const wrong = report.cases.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skipped')
    .sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
  const lines = wrong.map((one) => {
    const text = [one.reasons[0] ?? 'no reason given', ...diagnosisLines(one).slice(0, 3).map(({ head, text }) => `${head}: ${text}`)].map((line) => escapeText(line, 500)).join('%0A');
    return `::error title=${escapeProperty(`hil ${one.verdict}: ${caseTitle(one)}`, 200)}::${text}`;
  });
  if (lines.length > MOST) lines.splice(MOST - 1, lines.length, `::error title=hil::${wrong.length - MOST + 1} more cases are no pass; see the summary`);
  if (lines.length === 0 && report.verdict !== 'pass') lines.push(`::error title=hil::the run is no pass: ${report.verdict}, ${report.cases.length} cases`);
  return lines;
}
