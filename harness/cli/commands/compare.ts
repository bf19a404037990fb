import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readReportsBelow } from '../../ci/index.ts';
import { hilHome } from '../../device/index.ts';
import { HilError } from '../../errors.ts';
import { compareSides, comparisonMarkdown, countsText, changeText, figureText, headline, historyNoise, historyPlace, layerText, openHistory, sideText, unlikeText, unlikeTogether, verdictText, type Comparison, type History, type Noise, type Side, type Where } from '../../history/index.ts';
import { escapeTerminal, writeFileAtomically, type Verdict } from '../../report/index.ts';
import { EXIT } from '../exit-codes.ts';
import { makeOutFolder } from '../out-folder.ts';
import type { CommandAction, CommandContext } from '../program.ts';
import { withHistory } from '../the-history.ts';

/** hil compare BASE HEAD: what became better or worse. Exit 1 where something is worse, 4 where that cannot be told. */
export const compare: CommandAction<{ readonly markdown?: string }> = async ([base, head], options, context) => {
  const { terminal } = context;
  if (options.markdown === '-' && terminal.json) throw new HilError('config', 'cli.usage', '--markdown - and --json both want standard output', { hint: 'Name a file for one of them.' });
  const [before, after] = [await sideOf(base as string, context), await sideOf(head as string, context)];
  const comparison = await withNoise(context, [before, after], (noise) => compareSides(before, after, noise));
  if (options.markdown !== undefined) await writeMarkdown(comparisonMarkdown(comparison), options.markdown);
  terminal.result(comparison);
  if (options.markdown !== '-') for (const line of terminal.quiet ? textOf(comparison, context).slice(-1) : textOf(comparison, context)) terminal.out(line);
  return comparison.result === 'worse' ? EXIT.fail : comparison.result === 'unknown' ? EXIT.bench : EXIT.ok;
};

async function writeMarkdown(text: string, file: string): Promise<void> {
  if (file === '-') {
    process.stdout.write(text);
    return;
  }
  await makeOutFolder(path.dirname(path.resolve(file)));
  await writeFileAtomically(file, text).catch((cause: unknown) => { throw new HilError('bench', 'compare.write', `cannot write ${file}: ${(cause as Error).message}`, { cause }); });
}

/** A folder (or report.json) of one run or more; else a run, a commit, or the newest runs of a branch of the history. */
async function sideOf(word: string, { signal }: CommandContext): Promise<Side> {
  if ((await stat(word).catch(() => null)) !== null) return { label: word, reports: await readReportsBelow([word], signal) };
  const branch = /^branch:(.+)$/.exec(word)?.[1];
  const reports = await withHistory(async (history) => {
    if (branch !== undefined) return newestOfBranch(history, branch);
    const run = await history.report(word);
    if (run !== null) return [run];
    return /^[0-9a-f]{4,64}$/.test(word) ? reportsOfCommit(history, word) : [];
  });
  if (reports.length === 0) throw new HilError('config', 'compare.unknown', `${word} is no folder, and no run, commit or branch of the history`, { hint: 'hil history shows what is there.' });
  return { label: word, reports };
}

/** So many runs are looked through for the newest of every suite and device. */
const MOST_RUNS = 1000;

/** A bench makes a run a device, and not every device runs every night: of each suite and set of devices the newest. */
async function newestOfBranch(history: History, branch: string): Promise<Side['reports']> {
  const newest = new Map<string, string>();
  const runs = (await history.runs({ branch, limit: MOST_RUNS })).filter(({ source }) => !source.dirty);
  // One that ended early, or in bench errors, has too little to compare with; it counts where there is no other.
  const isWhole = ({ verdict }: { readonly verdict: Verdict }): boolean => verdict !== 'interrupted' && verdict !== 'bench-error';
  for (const { suite, devices, key } of [...runs.filter(isWhole), ...runs.filter((run) => !isWhole(run))]) {
    const what = JSON.stringify([suite, [...devices].sort()]);
    if (!newest.has(what)) newest.set(what, key);
  }
  const reports = [];
  for (const key of newest.values()) reports.push(await history.report(key));
  return reports.filter((one) => one !== null);
}

async function reportsOfCommit(history: History, commit: string): Promise<Side['reports']> {
  const all = await history.runs({ commit });
  const commits = new Set(all.map(({ source }) => source.commit));
  if (commits.size > 1) throw new HilError('config', 'compare.ambiguous', `${commit} means ${commits.size} commits of the history`, { hint: 'Give more of its digits.' });
  // Changed files are not the commit; they count where nothing else is known of it, and the table says so.
  const clean = all.filter(({ source }) => !source.dirty);
  const rows = clean.length > 0 ? clean : all;
  const reports = [];
  for (const { key } of rows) reports.push(await history.report(key));
  return reports.filter((one) => one !== null);
}

/** Without a history, or where it cannot be read, noisy figures are neither better nor worse; that is said. */
async function withNoise(context: CommandContext, sides: readonly Side[], work: (noise: Noise) => Comparison): Promise<Comparison> {
  const place = historyPlace(hilHome());
  const isThere = place !== null && (/^postgres/i.test(place) || (await stat(place).catch(() => null)) !== null);
  if (!isThere) return work(() => null);
  const wanted: Where[] = sides[1]?.reports.flatMap((report) => report.cases.map((one) => ({ suite: report.suite.name, case: one.name, device: one.device }))) ?? [];
  try {
    const history = await openHistory(place);
    try {
      return work(await historyNoise(history, wanted));
    } finally {
      await history.close();
    }
  } catch (error) {
    context.terminal.note(`the noise of figures is not known, as the history cannot be read: ${(error as Error).message}`);
    return work(() => null);
  }
}

function textOf(comparison: Comparison, { terminal }: CommandContext): string[] {
  const marks = { worse: terminal.style('red', 'worse '), missing: terminal.style('red', 'gone  '), unknown: terminal.style('yellow', 'bench '), unlike: 'unlike', noise: 'noise ', better: terminal.style('green', 'better'), new: 'new   ' } as const;
  const line = (kind: keyof typeof marks, where: Where, text: string): string => `  ${marks[kind]}  ${escapeTerminal(`${where.case} on ${where.device}: ${text}`)}`;
  return [
    `${escapeTerminal(`${sideText(comparison.base)} -> ${sideText(comparison.head)}`)}`,
    ...comparison.verdicts.map((one) => line(one.kind, one, verdictText(one))), ...comparison.layers.map((one) => line(one.kind, one, layerText(one))),
    ...comparison.figures.filter(({ kind }) => kind !== 'unlike').map((one) => line(one.kind, one, `${one.metric} ${figureText(one)}${changeText(one) === '' ? '' : ` (${changeText(one)})`}${one.why === '' ? '' : `; ${one.why}`}`)),
    ...unlikeTogether(comparison.figures).map((one) => line('unlike', one, unlikeText(one))),
    ...comparison.notes.map((note) => `  note    ${escapeTerminal(note)}`),
    `${comparison.result.toUpperCase()}  ${escapeTerminal(headline(comparison))}; ${countsText(comparison)}`,
  ];
}
