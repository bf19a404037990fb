import path from 'node:path';
import type { Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { benchmarkOf, referenceModelName } from '../link/mlperf/index.ts';
import { checkFolder, escapeTerminal, MLPERF_WINDOWS, MLPERF_WINDOW_SECONDS, parseSubmitter, writeMlperf, type MlperfOutcome, type MlperfSubmitter, type Report } from '../report/index.ts';
import type { PlannedCase } from '../run/index.ts';
import { slug, type MlperfBenchmark } from '../suite/index.ts';
import type { Terminal } from './terminal.ts';

/** Where the results of a run go in the layout of MLPerf Tiny's submissions, and whose they are. */
export interface MlperfRequest {
  readonly dir: string;
  readonly submitter: MlperfSubmitter;
}

const DEFAULT_AS = 'open/unnamed';

/** The options of hil run; null where nobody asks for results. @throws HilError 'config' mlperf.folder, mlperf.as: before anything runs */
export function mlperfRequest({ mlperf, mlperfAs }: { readonly mlperf?: string; readonly mlperfAs?: string }, env: NodeJS.ProcessEnv): MlperfRequest | null {
  if (mlperf === undefined) {
    if (mlperfAs !== undefined) throw new HilError('config', 'mlperf.as', '--mlperf-as says whose results they are, and no --mlperf where they go');
    return null;
  }
  const dir = path.resolve(mlperf);
  checkFolder(dir);
  return { dir, submitter: parseSubmitter(mlperfAs ?? (env['HIL_MLPERF_AS'] || DEFAULT_AS)) };
}

/**
 * Cases with what their results take: five windows. Which benchmark a case is, its suite says or its model.
 * @param named what the suite says, by the case's name
 * @throws HilError 'config' mlperf.none, mlperf.twice, mlperf.other
 */
export function forMlperf(cases: readonly PlannedCase[], named: ReadonlyMap<string, MlperfBenchmark | null>): PlannedCase[] {
  const planned = cases.map((one): PlannedCase => {
    const known = benchmarkOf(referenceModelName(one.model.sha256));
    const said = named.get(one.name) ?? null;
    if (said !== null && known !== null && said !== known) throw new HilError('config', 'mlperf.other', `case ${one.name}: "mlperf" is ${said}, and the model is the reference model of ${known}`);
    const benchmark = said ?? known;
    return benchmark === null ? one : { ...one, mlperf: { benchmark, windows: MLPERF_WINDOWS, seconds: MLPERF_WINDOW_SECONDS } };
  });
  const asked = planned.filter(({ mlperf }) => mlperf !== undefined);
  if (asked.length === 0) {
    throw new HilError('config', 'mlperf.none', 'no case is a benchmark of MLPerf Tiny', { hint: 'Reference models are known by their SHA-256; of a case with another model the suite says "mlperf": "kws" (ic, ic2, ad, vww).' });
  }
  for (const [k, one] of asked.entries()) {
    const other = asked.slice(0, k).find((each) => each.mlperf?.benchmark === one.mlperf?.benchmark && (each.devices === null || one.devices === null || each.devices.some((id) => one.devices?.includes(id))));
    if (other !== undefined) throw new HilError('config', 'mlperf.twice', `cases ${other.name} and ${one.name} are both ${one.mlperf?.benchmark}: their results would be one folder`, { hint: 'Choose one of them with --case.' });
  }
  return planned;
}

/** Writes the results, and says what was written and what was not. @returns false where they could not be written; that was said too */
export async function writeResults(report: Report, { dir, submitter }: MlperfRequest, devices: readonly Device[], terminal: Terminal): Promise<boolean> {
  const systems = new Map(devices.map(({ spec }) => [spec.id, { slug: slug(spec.id), description: spec.description }]));
  try {
    for (const line of (await writeMlperf(report, dir, submitter, systems)).flatMap((outcome) => tell(outcome, dir))) {
      if (terminal.json) terminal.note(line);
      else if (!terminal.quiet) terminal.out(escapeTerminal(line));
    }
    return true;
  } catch (error) {
    if (!(error instanceof HilError)) throw error;
    terminal.error(`hil: ${escapeTerminal(error.message)}`);
    if (error.hint !== undefined) terminal.error(`  -> ${escapeTerminal(error.hint)}`);
    return false;
  }
}

function tell({ case: name, device, folder, written, missing }: MlperfOutcome, dir: string): string[] {
  const who = `${name} on ${device}`;
  const near = path.relative(process.cwd(), dir);
  return folder === null ? [`MLPerf: nothing written of ${who}: ${missing.join('; ')}`]
    : [`MLPerf: ${path.join(near.startsWith('..') ? dir : near, folder)}: ${written.map(({ mode, figure }) => `${mode} (${figure})`).join(', ')}`, ...missing.map((why) => `MLPerf: ${who}: ${why}`)];
}
