import path from 'node:path';
import { HilError } from '../errors.ts';
import { escapeTerminal, exitCode, terminalReport, toFileForm } from '../report/index.ts';
import { runSuite, sourceFacts, type PlannedCase } from '../run/index.ts';
import { buildCacheDir } from './build-cache.ts';
import { quarantinedDevices } from './device-quarantine.ts';
import { liveProgress } from './live-progress.ts';
import { EXIT } from './exit-codes.ts';
import { landRun } from './land-run.ts';
import { writeResults, type MlperfRequest } from './mlperf-results.ts';
import type { CommandContext } from './program.ts';
import { progressView } from './progress-view.ts';
import { runDevices } from './run-devices.ts';
import type { ScheduleChoice } from './schedule-choice.ts';
import { REPORT_STYLES } from './terminal.ts';

/** A device that others use is waited for this long before the bench is called busy. */
const LEASE_WAIT_MS = 10 * 60_000;

export interface RunCommandPlan {
  readonly suite: { readonly name: string; readonly description: string; readonly file: string | null };
  readonly cases: readonly PlannedCase[];
  /** Ids and selectors. */
  readonly deviceWords: readonly string[];
  readonly out: string | null;
  /** So many cases share an image. */
  readonly pack: number;
  /** Optimisation level, e.g. 's' for -Os; undefined: the builder's own. */
  readonly optimise: string | undefined;
  /** Cores, priority and repetitions. */
  readonly when: ScheduleChoice;
  /** Where to write results in MLPerf Tiny's layout; absent: nowhere. */
  readonly mlperf?: MlperfRequest | null;
}

/** Runs planned cases on devices, prints the table and the verdict, and returns the exit code: shared by run and check. */
export async function performRun(plan: RunCommandPlan, { terminal, signal, argv, hilVersion }: CommandContext): Promise<number> {
  const { devices, leftOut } = await runDevices(plan.deviceWords);
  for (const { device, why } of leftOut) terminal.note(`left out: ${device}: ${why}`);
  if (!plan.cases.some((one) => one.devices === null || devices.some(({ spec }) => one.devices?.includes(spec.id)))) {
    throw new HilError('config', 'run.no-case', `no case of ${plan.suite.name} is meant for ${devices.map(({ spec }) => spec.id).join(', ')}`,
      { hint: `They name their devices: ${[...new Set(plan.cases.flatMap((one) => one.devices ?? []))].join(', ')}.` });
  }
  const quarantined = quarantinedDevices(devices);
  const source = await sourceFacts(plan.suite.file === null ? process.cwd() : path.dirname(plan.suite.file));
  const live = liveProgress({ suite: plan.suite.name, cases: plan.cases, devices, source, priority: plan.when.schedule.priority }, terminal, progressView(terminal, () => performance.now()));
  const { report, html, dir } = await runSuite({
    suite: plan.suite, cases: plan.cases, devices, out: plan.out, cacheDir: buildCacheDir(), pack: plan.pack, optimise: optimiseFlag(plan.optimise), command: ['hil', ...argv], hilVersion, signal,
    onEvent: live.onEvent, onStart: live.started, leaseWaitMs: LEASE_WAIT_MS, quarantined, leftOut, source, ...plan.when,
  }).finally(live.end);
  terminal.result(toFileForm(report));
  const lines = terminalReport(report, { paint: (style, text) => terminal.style(REPORT_STYLES[style], text), verbose: terminal.verbose });
  if (terminal.quiet) {
    for (const one of report.cases) if (one.verdict !== 'pass') terminal.out(escapeTerminal(`${one.name} on ${one.device}: ${one.reasons[0] ?? one.verdict}`));
  }
  for (const line of terminal.quiet ? lines.slice(-1) : lines) terminal.out(line);
  if (!terminal.quiet) terminal.out(`Report: ${escapeTerminal(path.relative(process.cwd(), html).startsWith('..') ? html : path.relative(process.cwd(), html))}`);
  const kept = await landRun({ report, dir }, terminal);
  const written = plan.mlperf === undefined || plan.mlperf === null || await writeResults(report, plan.mlperf, devices, terminal);
  const code = exitCode(report.verdict);
  return code === EXIT.ok && !(kept && written) ? EXIT.bench : code;
}

/** As gcc has them. */
const LEVELS = ['0', '1', '2', '3', 's', 'g', 'fast', 'z'];

function optimiseFlag(level: string | undefined): string | null {
  if (level === undefined) return null;
  const bare = level.replace(/^-?O/, '');
  if (!LEVELS.includes(bare)) throw new HilError('config', 'cli.optimise', `--optimise: expected one of ${LEVELS.join(', ')}, got "${level}"`);
  return `-O${bare}`;
}
