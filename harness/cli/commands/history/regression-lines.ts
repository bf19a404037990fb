import { changedLayerText, judgedNow, evidenceText, levelsText, placeText, sizeText, suspectText, type Change, type HistoryJudgement, type Judgement } from '../../../history/index.ts';
import { escapeTerminal, plural } from '../../../report/index.ts';
import type { Style } from '../../terminal.ts';

export interface LinesOptions {
  /** Also what is not open. */
  readonly all: boolean;
  readonly quiet: boolean;
  readonly style: (style: Style, text: string) => string;
  /** The history. */
  readonly where: string;
}

/** Groups that are told; --json tells all. */
const SHOWN = 20;
/** Figures in which a change of the code shows first; the others of the same change are named behind it. */
const TELLING: readonly string[] = ['mismatched', 'layers-wrong', 'latency'];

/** The judgement in escaped lines, worst first: what, since when, how sure, and what to do. */
export function regressionLines(judgement: HistoryJudgement, options: LinesOptions): string[] {
  const open = together(judgement.changes.filter(({ kind }) => kind === 'open'));
  const others = options.all ? judgement.changes.filter(({ kind }) => kind !== 'open') : [];
  return [
    ...open.slice(0, SHOWN).flatMap((group) => groupLines(group, options)),
    ...(open.length > SHOWN ? [`and ${open.length - SHOWN} more: --json has them, --suite, --case, --device and --metric choose`] : []),
    ...others.slice(0, 5 * SHOWN).map((change) => escapeTerminal(`${change.kind.padEnd(9)}${change.metric} of ${change.case} on ${change.device}: ${sizeText(change)} (${levelsText(change)}) since ${placeText(change.firstBad)}${endText(change)}`)),
    ...(options.all && !options.quiet ? breakLines(judgement.breaks) : []),
    ...summaryLines(judgement, open.length, options),
  ];
}

/** Changes of one case at one commit are mostly one thing, whatever the device: the most telling first, of those the surest. */
function together(changes: readonly Change[]): Change[][] {
  const rank = ({ metric }: Change): number => (TELLING.includes(metric) ? TELLING.indexOf(metric) : TELLING.length);
  return [...Map.groupBy(changes, ({ suite, case: name, firstBad, suspect }) => JSON.stringify([suite, name, firstBad.commit ?? firstBad.run, suspect])).values()]
    .map((group) => group.sort((a, b) => rank(a) - rank(b) || Number(b.exact) - Number(a.exact)));
}

function groupLines(group: readonly Change[], { style, quiet }: LinesOptions): string[] {
  const [first, ...others] = group as [Change, ...Change[]];
  const text = escapeTerminal(`${first.case} on ${first.device}: ${first.metric} ${sizeText(first)} since ${placeText(first.firstBad)}`);
  const lines = [`${style(first.suspect === 'bench' ? 'yellow' : 'red', first.suspect === 'bench' ? 'BENCH' : 'WORSE')} ${style('bold', text)}${escapeTerminal(`, ${levelsText(first)}`)}`];
  if (quiet) return lines;
  const facts = [
    [changedLayerText(first), ...first.markers].filter((part) => part !== '').join('; '),
    suspectText(first),
    `${evidenceText(first)}; last good ${placeText(first.lastGood)}${first.commits.length > 1 ? `, may be any of ${first.commits.map((id) => id.slice(0, 8)).slice(0, 8).join(' ')}` : ''}${first.runsBetween > 0 ? `, ${plural(first.runsBetween, 'run')} without a comparable figure between` : ''}`,
    alsoText('also', others.filter(({ device }) => device === first.device).map((one) => `${one.metric} ${sizeText(one)}`)),
    alsoText('also on', others.filter(({ device, metric }) => device !== first.device && metric === first.metric).map((one) => `${one.device} ${sizeText(one)}`)),
    alsoText('and', others.filter(({ device, metric }) => device !== first.device && metric !== first.metric).map((one) => `${one.metric} on ${one.device} ${sizeText(one)}`)),
    ...commandsFor(first),
  ];
  return [...lines, ...facts.filter((fact) => fact !== '').map((fact) => style('dim', `  ${escapeTerminal(fact)}`))];
}

/** One line for all figures of a case that stopped being comparable with one run, and only what differs. */
function breakLines(breaks: Judgement['breaks']): string[] {
  const groups = [...Map.groupBy(breaks, ({ suite, case: name, device, first }) => JSON.stringify([suite, name, device, first.run])).values()];
  return groups.slice(-SHOWN).map((group) => {
    const { from, to, first, case: name, device, metric } = group[0]!;
    const [old, now] = [from.split('; '), to.split('; ')];
    const differs = `${old.filter((part) => !now.includes(part)).join('; ') || 'other flags'} -> ${now.filter((part) => !old.includes(part)).join('; ') || 'other flags'}`;
    return escapeTerminal(`not comparable since ${placeText(first)}: ${group.length === 1 ? metric : plural(group.length, 'figure')} of ${name} on ${device}: ${differs}`);
  });
}

function alsoText(word: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${word} ${parts.slice(0, 6).join(', ')}${parts.length > 6 ? ` and ${parts.length - 6} more` : ''}`;
}

/** Accepting by commit means all that changed with it. */
function commandsFor({ suite, case: name, device, metric, lastGood, firstBad, suspect }: Change): string[] {
  const which = `--suite ${word(suite)} --case ${word(name)}`;
  const one = `--device ${word(device)} --metric ${word(metric)}`;
  return [
    ...(suspect === 'bench' ? [] : [`who did it: hil history bisect ${which} ${one} --good ${word(lastGood.runId)} --bad ${word(firstBad.runId)}`]),
    `it is right: hil history accept ${which} ${firstBad.commit === null ? one : `--commit ${word(firstBad.commit.slice(0, 12))}`} --reason '...'`,
  ];
}

/** An argument for a POSIX shell. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function endText({ kind, accepted, undoneBy }: Change): string {
  if (kind === 'accepted' && accepted !== null) return `, accepted by ${accepted.by} on ${accepted.acceptedAt.slice(0, 10)}: ${accepted.reason}`;
  return kind === 'undone' && undoneBy !== null ? `, undone by ${placeText(undoneBy)}` : '';
}

function summaryLines(judgement: HistoryJudgement, groups: number, { style, where, quiet }: LinesOptions): string[] {
  const { series, openElsewhere, newerWithoutFigures, changes } = judgement;
  const judged = series.filter(judgedNow).length;
  const old = series.filter((one) => one.judged).length - judged;
  const few = series.filter((one) => !one.judged);
  const missing = series.filter(({ state }) => state === 'missing');
  const figures = changes.filter(({ kind }) => kind === 'open').length;
  if (series.length === 0) return [`Nothing to judge: the history ${escapeTerminal(where)} has no such figures${leftOutText(judgement)}.`];
  const head = judged === 0 ? style('yellow', 'Nothing could be judged') : groups === 0 ? style('green', 'Nothing is worse') : style('red', `${plural(figures, 'figure')} ${figures === 1 ? 'is' : 'are'} worse`);
  return [
    `${head}; ${plural(judged, 'figure')} judged${old === 0 ? '' : `, ${plural(old, 'older one')} left out (newer runs have none like it)`}${few.length === 0 ? '' : `, ${few.length} with not enough points (${few.some(({ exact }) => !exact) ? `noisy ones need ${few.find(({ exact }) => !exact)?.need}` : `exact ones need ${few[0]?.need}`})`}${leftOutText(judgement)}.`,
    ...(newerWithoutFigures === 0 ? [] : [style('yellow', `This is how it was: ${newerWithoutFigures === 1 ? 'the newest run gave no figure' : `the newest ${newerWithoutFigures} runs gave no figures`}; hil history tells why.`)]),
    ...(openElsewhere === 0 ? [] : [`${plural(openElsewhere, 'open regression')} that the filter leaves out.`]),
    ...(missing.length === 0 || quiet ? [] : [`Missing from the newest runs: ${missing.slice(0, 5).map((one) => escapeTerminal(`${one.metric} of ${one.case} on ${one.device}`)).join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}.`]),
  ];
}

/** Which branch was judged is told where others were not: after a branch got another name, the regressions of the old one are among those. */
function leftOutText({ leftOut: { dirty, pullRequest, otherBranch }, series }: Judgement): string {
  const judged = [...new Set(series.map(({ branch }) => branch))].map((branch) => (branch === null ? 'none' : escapeTerminal(branch)));
  const others = `of other branches${judged.length === 0 ? '' : ` than ${judged.join(', ')}`}`;
  const parts = [[dirty, 'of changed files'], [pullRequest, 'of pull requests'], [otherBranch, others]].filter(([count]) => count !== 0).map(([count, what]) => `${count} ${what}`);
  return parts.length === 0 ? '' : ` (points not judged: ${parts.join(', ')})`;
}
