import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { HilError } from '../../errors.ts';
import { readRegularFile } from '../../read-regular-file.ts';
import { overallVerdict, parseReport, refuseVacuous, type Report } from '../../report/index.ts';
import { placesOfCases } from '../suite-places.ts';
import type { RunOutcome, VerdictFacts } from './facts.ts';

/** artifacts/<name>/reports/<suite>/<run>/report.json, and one more. */
const MOST_DEPTH = 6;
const MOST_ENTRIES = 200_000;
const MOST_REPORTS = 2000;
const MOST_REPORT_BYTES = 256 << 20;
const MOST_TEXT = 500;
const shorten = (text: string): string => text.slice(0, MOST_TEXT);

/**
 * The outcomes of all runs below some folders. Links are not followed. A report that is none is not left out: it is told, and
 * keeps the verdict from being a success.
 * @param workspace folder of the repository, for the lines of the suite files
 * @throws HilError 'config' verdict.missing, verdict.too-many; 'cancelled'
 */
export async function collectFacts(folders: readonly string[], expected: readonly string[], workspace: string, signal: AbortSignal): Promise<VerdictFacts> {
  const files = await reportsBelow(folders);
  const runs: RunOutcome[] = [];
  const unreadable: string[] = [];
  for (const file of files) {
    if (signal.aborted) throw signal.reason;
    try {
      runs.push(await outcomeOf(parseReport((await readRegularFile(file, MOST_REPORT_BYTES)).toString('utf8'), file), workspace));
    } catch (error) {
      unreadable.push(shorten(error instanceof HilError ? error.message : `${file}: ${(error as Error).message}`));
    }
  }
  return { schema: 'hil-verdict/1', expected: [...new Set(expected)], runs, unreadable };
}

/** All reports below some folders. @throws HilError 'config' verdict.missing, verdict.too-many, report.invalid, report.none: a bad one is not passed over */
export async function readReportsBelow(folders: readonly string[], signal: AbortSignal): Promise<Report[]> {
  const reports: Report[] = [];
  for (const file of await reportsBelow(folders)) {
    if (signal.aborted) throw signal.reason;
    const bytes = await readRegularFile(file, MOST_REPORT_BYTES).catch((cause: unknown) => { throw new HilError('config', 'report.unreadable', `cannot read ${file}: ${(cause as Error).message}`, { cause }); });
    reports.push(parseReport(bytes.toString('utf8'), file));
  }
  if (reports.length === 0) throw new HilError('config', 'report.none', `there is no report.json below ${folders.join(', ')}`, { hint: 'Name the folder of a run, or one that holds such folders.' });
  return reports;
}

async function outcomeOf(report: Report, workspace: string): Promise<RunOutcome> {
  const placeOf = await placesOfCases(report, workspace);
  // A report may call a case a pass in which nothing was compared, or itself one in which a case fails: neither is believed.
  const cases = report.cases.map((one) => refuseVacuous(one));
  const verdict = overallVerdict(cases, report.verdict === 'interrupted');
  return {
    id: shorten(report.run.id), suite: shorten(report.suite.name), commit: report.run.source?.commit ?? null, dirty: report.run.source?.dirty ?? false,
    startedAtMs: Date.parse(report.run.startedAt) || 0, verdict: report.verdict === 'pass' ? verdict : report.verdict,
    devices: [...new Set([...report.devices.map(({ id }) => shorten(id)), ...cases.map(({ device }) => shorten(device))])],
    ...(choosesCases(report.run.command) ? { chosen: true } : {}),
    cases: cases.map((one) => ({ name: shorten(one.name), device: shorten(one.device), verdict: one.verdict, reason: shorten(one.reasons[0] ?? ''), retries: one.attempts?.length ?? 0, place: placeOf(one) })),
  };
}

const choosesCases = (command: readonly string[]): boolean => command.some((word) => /^--(case|sample)(=|$)/.test(word));

async function reportsBelow(folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  let entries = 0;
  const walk = async (dir: string, depth: number): Promise<void> => {
    for (const entry of (await readdir(dir, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (++entries > MOST_ENTRIES) throw new HilError('config', 'verdict.too-many', `more than ${MOST_ENTRIES} files and folders below ${folders.join(', ')}`, { hint: 'Name the folders of the runs.' });
      if (entry.isFile() && entry.name === 'report.json') found.push(path.join(dir, entry.name));
      else if (entry.isDirectory() && depth < MOST_DEPTH) await walk(path.join(dir, entry.name), depth + 1);
    }
  };
  for (const folder of folders) {
    const info = await stat(folder).catch((cause: unknown) => { throw new HilError('config', 'verdict.missing', `cannot read ${folder}`, { hint: 'Name folders of runs, or folders of such folders.', cause }); });
    if (info.isFile()) found.push(folder);
    else await walk(folder, 0);
  }
  const all = [...new Set(found.map((file) => path.resolve(file)))];
  if (all.length > MOST_REPORTS) throw new HilError('config', 'verdict.too-many', `more than ${MOST_REPORTS} reports below ${folders.join(', ')}`, { hint: 'Name the folders of the runs that belong to the commit.' });
  return all;
}
