import { BoundedText, escapeMarkdown, visible, WORST_FIRST, type Verdict } from '../../report/index.ts';
import type { Cell, JudgedVerdict } from './judge.ts';

/** What a check shows: plain title, Markdown summary, and lines of files. Nothing in it acts, whatever the names are. */
export interface CheckOutput {
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
}
export interface CheckAnnotation {
  readonly path: string; readonly start_line: number; readonly end_line: number;
  readonly annotation_level: 'failure' | 'warning'; readonly title: string; readonly message: string;
}

/** GitHub's limits, of which the first counts characters: bytes are never fewer. */
const SUMMARY_BYTES = 65_535;
const TITLE_CHARACTERS = 200;
const ANNOTATION_TITLE = 255;
/** Four requests of fifty. */
const MOST_ANNOTATIONS = 200;
const MOST_DOUBTS = 50;

const MARKS: Readonly<Record<Verdict, string>> = { pass: '✅', fail: '❌', 'build-error': '🧱', 'bench-error': '🔌', skipped: '⏭️', interrupted: '✋' };
const VERDICTS = Object.keys(MARKS) as Verdict[];
const cell = (text: string): string => escapeMarkdown(text, 300);

/** @param foreign the facts come from a job that the pull request may have changed */
export function checkOutput(judged: JudgedVerdict, foreign: boolean): CheckOutput {
  const wrong = [...judged.cells].filter(({ verdict, retries }) => verdict !== 'pass' || retries > 0).sort((a, b) => rank(a) - rank(b));
  return { title: visible(judged.title, TITLE_CHARACTERS), summary: summaryOf(judged, wrong, foreign), annotations: annotationsOf(wrong) };
}

const rank = ({ verdict }: Cell): number => (verdict === 'pass' ? WORST_FIRST.length : WORST_FIRST.indexOf(verdict));

function summaryOf({ doubts, devices, sha, conclusion }: JudgedVerdict, wrong: readonly Cell[], foreign: boolean): string {
  const text = new BoundedText(SUMMARY_BYTES - 1);
  const reserve = 200;
  if (foreign) {
    text.add(['**This was reported by the job of the pull request itself, which its author can change, and only judged here.** Nothing of it ran on a bench of this repository. Who needs to be sure looks at the changes to the workflows, or runs the branch from this repository.', '']);
  }
  text.add([`Commit ${sha === null ? 'not known' : cell(sha)}.${conclusion === 'neutral' ? ' *Neutral passes a required check.*' : ''}`, '']);
  for (const doubt of doubts.slice(0, MOST_DOUBTS)) text.add([`- ${cell(doubt)}`], reserve);
  if (doubts.length > MOST_DOUBTS) text.add([`- and ${doubts.length - MOST_DOUBTS} more`]);
  text.add(['', `| Device | ${VERDICTS.map((verdict) => `${MARKS[verdict]} ${verdict}`).join(' | ')} |`, `|---|${VERDICTS.map(() => '--:|').join('')}`]);
  let rows = 0;
  for (const { device, counts } of devices) if (text.add([`| ${cell(device)} | ${VERDICTS.map((verdict) => counts[verdict] ?? '').join(' | ')} |`], reserve)) rows++;
  if (rows < devices.length) text.add([`${devices.length - rows} more devices are left out.`]);
  if (wrong.length === 0) return text.toString();
  text.add(['', '| | Suite | Case | Device | Reason |', '|---|---|---|---|---|'], reserve);
  let shown = 0;
  for (const one of wrong) {
    const reason = one.retries > 0 ? `${one.verdict === 'pass' ? 'passed, but only' : one.reason} after ${one.retries} bench errors` : one.reason;
    if (text.add([`| ${MARKS[one.verdict]} ${one.verdict} | ${cell(one.suite)} | ${cell(one.name)} | ${cell(one.device)} | ${cell(reason)} |`], reserve)) shown++;
    else break;
  }
  if (shown < wrong.length) text.add(['', `${wrong.length - shown} more are left out here; see the artifacts of the jobs.`]);
  return text.toString();
}

function annotationsOf(wrong: readonly Cell[]): CheckAnnotation[] {
  return wrong.flatMap(({ place, verdict, name, device, reason, retries }): CheckAnnotation[] => {
    if (place === null) return [];
    const isWrong = verdict === 'fail' || verdict === 'build-error';
    const head = verdict === 'fail' ? 'code under test fails' : verdict === 'build-error' ? 'does not build' : verdict === 'bench-error' ? 'bench error' : verdict === 'pass' ? 'bench error, then passed' : verdict;
    return [{
      path: place.file, start_line: place.line, end_line: place.line, annotation_level: isWrong ? 'failure' : 'warning',
      title: visible(`${head}: ${name} on ${device}`, ANNOTATION_TITLE), message: visible(verdict === 'pass' ? `passed after ${retries} bench errors` : reason === '' ? 'no reason given' : reason, 2000),
    }];
  }).slice(0, MOST_ANNOTATIONS);
}
