import path from 'node:path';
import { HilError } from '../../errors.ts';
import type { CaseReport, Report, ReportDevice } from '../report.ts';
import { NOT_A_SUBMISSION, Place, type Submitter } from './place.ts';
import { accuracy, performance, type Mode } from './results.ts';
import { codeNote, systemJson, type SystemFacts } from './system.ts';

/** What became of a case. */
export interface MlperfOutcome {
  readonly case: string;
  readonly device: string;
  /** Below the folder of results; null: nothing was written. */
  readonly folder: string | null;
  /** Figures that were written, by mode. */
  readonly written: readonly { readonly mode: 'performance' | 'accuracy'; readonly figure: string }[];
  /** What was not, and why. */
  readonly missing: readonly string[];
}

/**
 * Writes the results of a run in the layout of MLPerf Tiny's submissions: only what was measured, and only of cases that passed. Devices that
 * are no hardware go to a folder that is no division, with a status that no checker takes.
 * @param dir folder of results @param systems by the device's id
 * @throws HilError 'config' mlperf.folder; 'bench' mlperf.write
 */
export async function writeMlperf(report: Report, dir: string, submitter: Submitter, systems: ReadonlyMap<string, SystemFacts>): Promise<MlperfOutcome[]> {
  try {
    const place = await Place.open(dir);
    try {
      const outcomes: MlperfOutcome[] = [];
      for (const one of report.cases) if (one.mlperf !== undefined) outcomes.push(await writeCase(report, one, place, submitter, systems.get(one.device)));
      return outcomes;
    } finally {
      place.close();
    }
  } catch (cause) {
    if (cause instanceof HilError) throw cause;
    throw new HilError('bench', 'mlperf.write', `cannot write the results to ${dir}: ${(cause as Error).message}`, { hint: 'Check the space and the rights there, or name another folder with --mlperf.', facts: { dir }, cause });
  }
}

async function writeCase(report: Report, one: CaseReport, place: Place, { division, organisation }: Submitter, system: SystemFacts | undefined): Promise<MlperfOutcome> {
  const { mlperf } = one;
  const device = report.devices.find(({ id }) => id === one.device);
  if (mlperf === undefined || device === undefined || system === undefined) throw new Error(`${one.name} on ${one.device} has no benchmark or no device`);
  const root = `${isHardware(device) ? division : NOT_A_SUBMISSION}/${organisation}`;
  const folder = `${root}/results/${system.slug}/${mlperf.benchmark}`;
  const outcome = (more: Pick<MlperfOutcome, 'folder' | 'written' | 'missing'>): MlperfOutcome => ({ case: one.name, device: one.device, ...more,
    missing: [...more.missing, ...(more.folder === null && place.has(folder) ? [`what ${folder} holds is of an earlier run`] : [])] });
  if (one.verdict !== 'pass') return outcome({ folder: null, written: [], missing: [`the case did not pass (${one.verdict}): ${one.reasons[0] ?? 'no reason given'}`] });
  const modes: [name: 'performance' | 'accuracy', mode: Mode][] = [['performance', performance(report, one, mlperf)], ['accuracy', accuracy(report, one, mlperf)]];
  const missing = modes.flatMap(([name, mode]) => ('missing' in mode ? [`no ${name}: ${mode.missing}`] : []));
  const written = modes.flatMap(([mode, made]) => ('files' in made ? [{ mode, figure: made.figure }] : []));
  if (written.length === 0) return outcome({ folder: null, written, missing });
  await place.replace(folder, Object.fromEntries(modes.flatMap(([name, mode]) => ('files' in mode ? Object.entries(mode.files).map(([file, data]) => [`${name}/${file}`, data] as const) : []))));
  const systemFile = `${root}/systems/${system.slug}.json`;
  // Whoever submits has filled it in.
  if (!place.has(systemFile)) await place.write(systemFile, systemJson(report, device, system, organisation, isHardware(device) ? 'rdi' : NOT_A_SUBMISSION));
  await place.write(`${root}/code/README.md`, codeNote(report));
  return outcome({ folder: path.posix.join(folder), written, missing });
}

/** A board of its own; an emulator or this computer is none. */
const isHardware = ({ kind, simulated }: ReportDevice): boolean => kind === 'serial' && !simulated;
