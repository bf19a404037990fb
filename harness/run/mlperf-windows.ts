import type { DeviceSpec } from '../device/index.ts';
import { HilError } from '../errors.ts';
import type { Dut } from '../link/mlperf/index.ts';
import { realValues } from '../diff/metrics.ts';
import type { MlperfWindow } from '../report/index.ts';
import { fromDevice, type NetworkManifest } from '../runtimes/index.ts';
import type { Graph } from '../model/graph.ts';
import type { DevicePort } from './device-port.ts';
import type { DutReference } from './dut-reference.ts';
import type { PlannedCase, PlannedSequence } from './planned-case.ts';

/** Timed windows of a case, or why there are none. */
export interface Windows {
  readonly windows: readonly MlperfWindow[];
  /** '' where there are windows. */
  readonly reason: string;
}

type WindowPlan = NonNullable<PlannedCase['mlperf']>;

/** Before a window the network runs so often untimed, as in the runner's scripts. */
const WARM_UPS = 10;
/** A window is planned longer than it has to be by so much, and where it is too short all the same, made anew so often. */
const MARGIN = 1.02;
const ATTEMPTS = 3;
/** Of one window: an inference of 10 us. */
const MOST_INFERENCES = 1_100_000;

const none = (reason: string): Windows => ({ windows: [], reason });

/** Why windows on this device would say nothing, or null: instructions of an emulator are no time. */
export function whyNoWindows({ id, kind, simulated, latency }: DeviceSpec): string | null {
  if (kind === 'host') return `${id} is this computer, not a microcontroller`;
  if (simulated) return `${id} is emulated: what it counts is not time`;
  return latency.quality === 'hardware' && latency.unit !== 'instructions' ? null : `${id} counts ${latency.quality} ${latency.unit}, not time`;
}

interface Input { readonly sequence: PlannedSequence; readonly step: number; readonly codes: Uint8Array }

/** The first samples that differ, of different files where those are known; null where there are not so many. */
function differentInputs({ sequences }: PlannedCase, inputBytes: number, count: number): Input[] | null {
  const seen = new Set<string>();
  const inputs: Input[] = [];
  for (const sequence of sequences) {
    for (let step = 0; step < sequence.samples && inputs.length < count; step += 1) {
      const codes = sequence.codes.subarray(step * inputBytes, (step + 1) * inputBytes);
      const keys = [`bytes ${Buffer.from(codes).toString('base64')}`, ...(sequence.labels === undefined ? [] : [`file ${sequence.name}/${sequence.labels.fileOf[step]}`])];
      if (keys.some((key) => seen.has(key))) continue;
      for (const key of keys) seen.add(key);
      inputs.push({ sequence, step, codes });
    }
  }
  return inputs.length < count ? null : inputs;
}

const tooFew = (count: number): Windows => none(`it takes ${count} different inputs, and the case has fewer`);

function place({ sequence: { name, labels }, step }: Input): Pick<MlperfWindow, 'sequence' | 'step' | 'file' | 'label'> {
  const file = labels?.files[labels.fileOf[step] ?? -1];
  return { sequence: name, step, file: file?.name ?? null, label: file?.label ?? null };
}

/** Inferences that fill a window. @param meanUs of one */
const toFill = (seconds: number, meanUs: number): number => Math.min(MOST_INFERENCES, Math.max(WARM_UPS, Math.ceil((MARGIN * seconds * 1e6) / meanUs)));

export interface DutWindowsOptions {
  readonly plan: PlannedCase;
  readonly windows: WindowPlan;
  readonly dut: Pick<Dut, 'load' | 'infer'>;
  readonly reference: DutReference;
  readonly inputBytes: number;
  /** Mean of one inference, measured before, us. */
  readonly meanUs: number;
  readonly replyMs: number;
  readonly signal: AbortSignal;
  /** Before each window, from 1. */
  readonly onWindow: (number: number) => void;
}

/**
 * Windows as MLPerf Tiny's runner makes them (`infer N 10` of another input each), timed by the firmware's own stamps. What a window gives is not
 * looked at: the input is loaded once, and an interpreter may use its memory for other tensors.
 * @throws HilError what talking to the firmware throws; 'bench' dut.window where it cannot be made long enough
 */
export async function dutWindows({ plan, windows: { windows: count, seconds }, dut, reference, inputBytes, meanUs, replyMs, signal, onWindow }: DutWindowsOptions): Promise<Windows> {
  const inputs = differentInputs(plan, inputBytes, count);
  if (inputs === null) return tooFew(count);
  const windows: MlperfWindow[] = [];
  let mean = meanUs;
  for (const input of inputs) {
    signal.throwIfAborted();
    onWindow(windows.length + 1);
    await dut.load(reference.sample(input.codes).payload);
    for (let attempt = 1; ; attempt += 1) {
      const inferences = toFill(seconds, mean);
      const { numbers, elapsedUs } = await dut.infer(inferences, WARM_UPS, replyMs + (3 * inferences * mean) / 1000);
      if (elapsedUs === null) return none('the firmware prints no time stamps: it is built for energy mode');
      if (elapsedUs >= seconds * 1e6) {
        windows.push({ ...place(input), inferences, warmUps: WARM_UPS, elapsedUs, results: numbers.map(({ value }) => value) });
        break;
      }
      if (attempt === ATTEMPTS || elapsedUs <= 0 || inferences === MOST_INFERENCES) {
        throw new HilError('bench', 'dut.window', `a window of ${inferences} inferences took ${elapsedUs} us by the firmware's stamps, not the ${seconds} s that it was to take`, { hint: 'Are its stamps in microseconds?' });
      }
      mean = elapsedUs / inferences;
    }
  }
  return { windows, reason: '' };
}

export interface AgentWindowsOptions {
  readonly plan: PlannedCase;
  readonly windows: WindowPlan;
  readonly port: DevicePort;
  readonly manifest: NetworkManifest;
  readonly graph: Graph;
  readonly inputBytes: number;
  readonly signal: AbortSignal;
  readonly onWindow: (number: number) => void;
}

/**
 * The same with hil's agent in the image: the time of a window is the sum of its invocations on the device's clock, without what the agent does
 * between them. Every run of a window must give the same outputs.
 */
export async function agentWindows({ plan, windows: { windows: count, seconds }, port, manifest, graph, inputBytes, signal, onWindow }: AgentWindowsOptions): Promise<Windows> {
  const inputs = differentInputs(plan, inputBytes, count);
  if (inputs === null) return tooFew(count);
  const { tickHz } = port.link.hello;
  const copies = port.layout.batch;
  const windows: MlperfWindow[] = [];
  for (const input of inputs) {
    onWindow(windows.length + 1);
    const codes = new Uint8Array(copies * input.codes.length);
    for (let k = 0; k < copies; k += 1) codes.set(input.codes, k * input.codes.length);
    await port.load(codes);
    const run = (): ReturnType<DevicePort['run']> => {
      signal.throwIfAborted();
      return port.run({ mode: 'plain', reset: true, firstSample: 0, count: copies }, codes);
    };
    let warmUps = 0;
    for (; warmUps < WARM_UPS; warmUps += copies) await run();
    let [inferences, ticks] = [0, 0];
    const outputs = new Set<number>();
    while (ticks < seconds * tickHz) {
      const done = await run();
      if (done.totalTicks <= 0) return none('the device counts no time');
      if (inferences > MOST_INFERENCES) return none(`${inferences} inferences took less than ${seconds} s on the device's clock`);
      inferences += copies;
      ticks += done.totalTicks;
      outputs.add(done.outputCrc);
    }
    const [outputCrc] = outputs;
    if (outputs.size > 1) return none('equal inputs gave other outputs within a window');
    const bytes = await port.outputs(copies, outputCrc as number);
    windows.push({ ...place(input), inferences, warmUps, elapsedUs: Math.round((1e6 * ticks) / tickHz), results: firstOutput(bytes, manifest, graph) });
  }
  return { windows, reason: '' };
}

function firstOutput(bytes: Uint8Array, { outputs }: NetworkManifest, graph: Graph): number[] {
  const [output] = outputs as [NetworkManifest['outputs'][number]];
  return [...realValues(fromDevice(bytes.subarray(0, output.bytes), { ...output, conversion: { kind: 'identity' } }), graph.tensors[graph.outputs[0] ?? -1]?.quantisation ?? null)];
}
