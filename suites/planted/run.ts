import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CaseReport, Report } from '../../harness/report/report.ts';
import type { PlantedCase } from './case.ts';
import { writeSuite } from './write-suite.ts';

export interface RunOptions {
  readonly device: string;
  /** Processes side by side, each with a part of the cases. */
  readonly jobs: number;
  /** Folder that suites and reports are left in; null: a temporary one. */
  readonly keep: string | null;
  readonly onLine: (line: string) => void;
}

const HIL = fileURLToPath(new URL('../../bin/hil.mjs', import.meta.url));

/**
 * Builds the cases and runs them as anybody would: `hil run` on a suite. Returns what report.json says of each.
 * @throws Error where hil says nothing about a case
 */
export async function runPlanted(cases: readonly PlantedCase[], options: RunOptions): Promise<Map<PlantedCase, CaseReport>> {
  const root = options.keep ?? await mkdtemp(path.join(tmpdir(), 'hil-planted-'));
  try {
    const jobs = Math.min(options.jobs, cases.length);
    const parts = Array.from({ length: jobs }, (_, k) => cases.filter((__, i) => i % jobs === k));
    const reports = await Promise.all(parts.map((part, k) => runPart(part, path.join(root, `part${k}`), options)));
    const byName = new Map(reports.flatMap((report) => report.cases.map((one) => [one.name, one] as const)));
    return new Map(cases.map((one) => {
      const report = byName.get(one.network);
      if (report === undefined) throw new Error(`hil reported nothing of ${one.name}`);
      return [one, report];
    }));
  } finally {
    if (options.keep === null) await rm(root, { recursive: true, force: true });
  }
}

async function runPart(cases: readonly PlantedCase[], folder: string, { device, onLine }: RunOptions): Promise<Report> {
  await writeSuite(path.join(folder, 'suite'), cases);
  const out = path.join(folder, 'report');
  const text = await new Promise<string>((resolve, reject) => {
    const child = spawn(process.execPath, [HIL, 'run', path.join(folder, 'suite'), '--device', device, '--out', out], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HIL_HISTORY: 'off' } });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      for (const line of chunk.split(/[\r\n]+/)) if (line.trim() !== '') onLine(line);
    });
    child.on('error', reject).on('close', () => { resolve(said); });
  });
  const report = await readFile(path.join(out, 'report.json'), 'utf8').catch(() => null);
  if (report === null) throw new Error(`hil wrote no report: ${text.trim().slice(-2000)}`);
  return JSON.parse(report) as Report;
}
