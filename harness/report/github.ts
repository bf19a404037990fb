import { annotationsOf, type Annotation, type Place } from './annotations.ts';
import { escapeProperty, escapeText } from './escape/github.ts';
import type { CaseReport, Report } from './report.ts';

/** GitHub shows at most ten annotations of a type a step, and cuts silently; the last one says what is missing. */
const MOST = 10;

/**
 * Workflow commands for GitHub Actions, one a case that is no pass (::error) or was skipped or repeated (::warning), the worst
 * first. To be printed as they are, a line each.
 * @param placeOf where a case stands in a file of the repository
 */
export function githubAnnotations(report: Report, placeOf?: (one: CaseReport) => Place | null): string[] {
  const all = annotationsOf(report, placeOf);
  return (['error', 'warning'] as const).flatMap((level) => {
    const found = all.filter((one) => one.level === level);
    const lines = found.map(command);
    if (lines.length > MOST) lines.splice(MOST - 1, lines.length, `::${level} title=hil::${found.length - MOST + 1} more cases ${level === 'error' ? 'are no pass' : 'were skipped or repeated'}; see the summary`);
    return lines;
  });
}

function command({ level, title, lines, place }: Annotation): string {
  const where = place === null ? '' : `file=${escapeProperty(place.file, 500)},line=${place.line},`;
  return `::${level} ${where}title=${escapeProperty(title, 200)}::${lines.map((line) => escapeText(line, 500)).join('%0A')}`;
}
