import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import type { Report, RunSource } from '../../../report/index.ts';
import { openHistory } from '../../open-history.ts';
import type { History } from '../../history.ts';
import { buildSite, type BuiltSite, type SiteOptions } from '../build-site.ts';
import type { StartData } from '../site-data.ts';

interface Test { teardown(work: () => unknown): void }

export function scratchDir(t: Test): string {
  const dir = mkdtempSync(join(tmpdir(), 'hil-dashboard-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A history of these reports, in a file of its own. */
export async function historyOf(t: Test, reports: Iterable<Report>): Promise<History> {
  const history = await openHistory(join(scratchDir(t), 'history.sqlite'));
  t.teardown(() => history.close());
  for (const report of reports) await history.add({ report, dir: null });
  return history;
}

export const SITE: Omit<SiteOptions, 'dir'> = {
  title: 'Engine controller', hilVersion: '0.1.0', now: new Date(), filters: [], commitUrl: 'https://git.example/me/it/commit/', reportUrl: null, mostReportBytes: 4e6, quarantines: [],
  signal: new AbortController().signal, progress: () => undefined,
};

export async function builtSite(history: History, dir: string, options: Partial<SiteOptions> = {}): Promise<BuiltSite & { readonly start: StartData }> {
  const built = await buildSite(history, {}, { ...SITE, dir, ...options });
  return { ...built, start: readData(dir, 'start') as StartData };
}

/** Folder of the data files that index.html points at. */
export function dataDir(dir: string): string {
  const from = /data-from="(data\/[\w-]+)"/.exec(readFileSync(join(dir, 'index.html'), 'utf8'))?.[1];
  if (from === undefined) throw new Error('index.html points at no data');
  return join(dir, from);
}

/** What a data file hands to the page; run as the page runs it, and it may do nothing else. */
export function readData(dir: string, name: string): unknown {
  let found: unknown;
  const text = readFileSync(join(dataDir(dir), `${name}.js`), 'utf8');
  runInContext(text, createContext({ hilData: (told: string, value: unknown) => { if (told === name) found = value; } }), { timeout: 5000 });
  // Out of the other world, so that it compares like any value.
  return JSON.parse(JSON.stringify(found));
}

/** Names of all data files of all builds in the folder. */
export function dataFiles(dir: string): string[] {
  return readdirSync(join(dir, 'data')).flatMap((version) => readdirSync(join(dir, 'data', version)));
}

/** The report as a run of its own at this time, of this source. */
export function runAt(report: Report, id: string, atMs: number, source: Partial<RunSource> = {}): Report {
  const whole: RunSource = { commit: 'ab'.repeat(20), committedAt: null, subject: 'A change', branch: 'main', dirty: false, pullRequest: null, jobUrl: null, bench: 'bench-1', ...report.run.source, ...source };
  return { ...report, run: { ...report.run, id, startedAt: new Date(atMs).toISOString(), source: whole } };
}
