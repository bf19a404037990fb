import { BoundedText, escapeMarkdown } from '../../report/index.ts';
import { changeText, countsText, figureText, headline, layerText, sideText, unlikeText, unlikeTogether, verdictText } from './comparison-text.ts';
import type { Comparison, FigureChange, Where } from './comparison.ts';

/** Begins the text, so that a bot finds its comment of the last time and changes it. */
export const COMMENT_MARKER = '<!-- hil-compare -->';
/** GitHub takes 65 536 characters; bytes are never fewer. */
const COMMENT_BYTES = 65_535;
const MOST_ROWS = 40;
const RESERVE = 600;
const MARKS = { worse: '❌', better: '✅', unknown: '🔌', same: '✅' } as const;
const KINDS: Readonly<Record<FigureChange['kind'], string>> = { worse: '❌ worse', missing: '❌ missing', unlike: 'not comparable', noise: 'noise not known', better: '✅ better', new: 'new' };

const cell = (text: string): string => escapeMarkdown(text, 200);
const place = ({ suite, case: name, device }: Where): string => `${cell(suite)} | ${cell(name)} | ${cell(device)}`;

/** The text of a pull-request comment: what is worse first, the rest folded away, never longer than GitHub takes. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { base, head, result, verdicts, layers, figures, notes } = comparison;
  const text = new BoundedText(COMMENT_BYTES);
  text.add([COMMENT_MARKER, `### ${MARKS[result]} hil: ${cell(headline(comparison))}`, '', `${cell(sideText(base))} → ${cell(sideText(head))}: ${countsText(comparison)}.`, '']);
  const important = (kind: string): boolean => ['worse', 'missing', 'unknown'].includes(kind);
  table(text, '| Suite | Case | Device | Verdict |', verdicts.filter(({ kind }) => important(kind)).map((one) => `| ${place(one)} | ${one.kind === 'unknown' ? '🔌' : '❌'} ${cell(verdictText(one))} |`));
  table(text, '| Suite | Case | Device | Layer |', layers.filter(({ kind }) => important(kind)).map((one) => `| ${place(one)} | ❌ ${cell(layerText(one))} |`));
  table(text, FIGURE_HEAD, figures.filter(({ kind }) => important(kind)).map(figureRow));
  for (const note of notes.slice(0, MOST_ROWS)) text.add([`- ${cell(note)}`], RESERVE);
  if (notes.length > MOST_ROWS) text.add([`- and ${notes.length - MOST_ROWS} more`]);
  const rest = [
    ...verdicts.filter(({ kind }) => !important(kind)).map((one) => `| ${place(one)} | verdict | ${cell(verdictText(one))} | | ${one.kind} |`),
    ...layers.filter(({ kind }) => !important(kind)).map((one) => `| ${place(one)} | layer | ${cell(layerText(one))} | | ✅ better |`),
    ...unlikeTogether(figures).map((one) => `| ${place(one)} | ${cell(one.metrics.slice(0, 3).join(', '))}${one.metrics.length > 3 ? ', ...' : ''} | ${cell(unlikeText(one))} | | not comparable |`),
    ...figures.filter(({ kind }) => !important(kind) && kind !== 'unlike').map(figureRow),
  ];
  if (rest.length === 0 || !text.add(['', `<details><summary>${rest.length} more: better, new, not comparable or of unknown noise</summary>`, ''], RESERVE)) return text.toString();
  table(text, FIGURE_HEAD, rest);
  text.add(['', '</details>']);
  return text.toString();
}

const FIGURE_HEAD = '| Suite | Case | Device | Figure | Base → head | Change | |';

function figureRow(one: FigureChange): string {
  return `| ${place(one)} | ${cell(one.metric)} | ${cell(figureText(one)).replace('-&gt;', '→')} | ${changeText(one)} | ${KINDS[one.kind]}${one.why === '' ? '' : `: ${cell(one.why)}`} |`;
}

function table(text: BoundedText, head: string, rows: readonly string[]): void {
  if (rows.length === 0) return;
  const columns = head.split('|').length - 2;
  if (!text.add([head, `|${'---|'.repeat(columns)}`], RESERVE)) return;
  let shown = 0;
  for (const row of rows.slice(0, MOST_ROWS)) {
    if (!text.add([row], RESERVE)) break;
    shown++;
  }
  text.add(shown < rows.length ? ['', `${rows.length - shown} more are left out here: hil compare --json has them all.`, ''] : ['']);
}
