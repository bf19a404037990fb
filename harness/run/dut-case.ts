import { HilError } from '../errors.ts';
import { latencySummary } from '../measure/index.ts';
import type { PrintedNumber } from '../link/mlperf/index.ts';
import { forgivable } from '../diff/tolerance.ts';
import { prepareReference } from '../reference/index.ts';
import type { CaseReport } from '../report/index.ts';
import type { CaseContext } from './case-context.ts';
import { dutReport, outputTolerance, newDutFacts, type DutFacts } from './dut-report.ts';
import type { DutSample } from './dut-reference.ts';
import { dutWindows, whyNoWindows } from './mlperf-windows.ts';
import { agreeOnModel, openDutSession, type DutSession } from './dut-session.ts';
import { DutTally } from './dut-tally.ts';
import { checkUsable, phaseOf } from './case-phase.ts';
import type { PlannedSequence } from './planned-case.ts';
import { recoverDevice, worthRetrying } from './retry.ts';

const MAX_LOG_LINES = 200;
/** Results that are not the expected ones are asked for again so often, and believed once they have come twice alike. */
const CONFIRMATIONS = 3;
/** Timed windows, and how long one of them should take, us: 10 s as in MLPerf Tiny would say nothing more here. */
const WINDOWS = 3;
const WINDOW_US = 1_000_000;
const MOST_ITERATIONS = 500;

/**
 * Runs a case against a board that carries stock MLPerf Tiny firmware: nothing is generated, built or flashed; each sample goes
 * over its text protocol, and the results that it prints are compared with the reference's.
 * Never throws: what went wrong is in the report.
 */
export async function runDutCase(context: CaseContext): Promise<CaseReport> {
  const { plan, device } = context;
  const started = performance.now();
  const facts = plan.skipReason === null ? await perform(context) : newDutFacts();
  return dutReport(plan, device.spec, facts, performance.now() - started);
}

function explained(error: unknown, signal: AbortSignal): HilError {
  if (signal.aborted) return signal.reason instanceof HilError ? signal.reason : new HilError('cancelled', 'run.cancelled', 'interrupted', { cause: error });
  if (error instanceof HilError) return error;
  return new HilError('bench', 'hil.internal', `internal error, please report it: ${error instanceof Error ? error.stack ?? error.message : String(error)}`, { cause: error });
}

/** One attempt, and after a bench fault that a reset or the power switch may cure a second one. */
async function perform(context: CaseContext): Promise<DutFacts> {
  const { device, signal } = context;
  let facts = newDutFacts();
  try {
    await checkUsable(device);
    await context.bench.occupy(context, async (workDir) => {
      await attempt(context, facts, workDir);
      if (facts.ended === null || !worthRetrying(facts.ended, device)) return;
      const note = await recoverDevice(device, facts.ended, { signal, workDir });
      const log = facts.log;
      facts = newDutFacts();
      facts.log.push(...log);
      facts.notes.push(note);
      await attempt(context, facts, workDir);
    });
  } catch (error) {
    facts.ended = explained(error, signal);
  }
  return facts;
}

/** Ends with facts.ended unless it ran through. */
async function attempt(context: CaseContext, facts: DutFacts, workDir: string): Promise<void> {
  const { plan, device, signal, onEvent } = context;
  const onLog = (line: string): void => {
    if (facts.log.length < MAX_LOG_LINES) facts.log.push(line);
    onEvent({ kind: 'log', case: plan.name, device: device.spec.id, line });
  };
  try {
    const session = await phaseOf(context)('start', () => openDutSession(device, { signal, workDir, onLog }));
    try {
      await compareAndTime(context, facts, session);
    } finally {
      facts.link = { ...session.dut.stats, seconds: (performance.now() - facts.openedAt) / 1000 };
      await session.close();
    }
  } catch (error) {
    facts.ended = explained(error, signal);
  }
}

async function compareAndTime(context: CaseContext, facts: DutFacts, session: DutSession): Promise<void> {
  const { plan, device: { spec }, onEvent, signal } = context;
  const { dut } = session;
  facts.firmware = `${dut.model} on ${dut.name}`;
  const runner = prepareReference(plan.model, plan.profile);
  const reference = agreeOnModel(spec.id, dut, runner, facts.notes);
  const inputBytes = runner.graph.inputs.reduce((sum, index) => sum + runner.tensors[index]!.byteLength, 0);
  const tally = facts.tally = new DutTally(plan, reference, forgivable(outputTolerance(plan), reference.output.dtype));
  facts.output = reference;
  const total = plan.sequences.reduce((sum, each) => sum + each.samples, 0);
  let last: readonly PrintedNumber[] = [];
  let lastSample: DutSample | null = null as DutSample | null;
  await phaseOf(context)('compare', async () => {
    for (const { sequence, step } of steps(plan.sequences)) {
      signal.throwIfAborted();
      const sample = reference.sample(sequence.codes.subarray(step * inputBytes, (step + 1) * inputBytes));
      const report = await dut.load(sample.payload);
      facts.resent += report.resent + report.attempts - 1;
      const { numbers, elapsedUs } = await dut.infer(1, 0, spec.invocationLimitMs + spec.timeouts.replyMs);
      last = await confirmed(session, spec.id, tally, sample, numbers, facts);
      lastSample = sample;
      tally.add(sequence, step, last, sample);
      if (elapsedUs !== null) facts.singleUs.push(elapsedUs);
      onEvent({ kind: 'progress', case: plan.name, device: spec.id, done: tally.samples, total });
    }
  });
  if (tally.samples > 0 && tally.mismatched === 0 && tally.zerosWouldDo) {
    throw new HilError('bench', 'dut.too-coarse', `device ${spec.id}: the firmware prints so few digits that zeros would do for every result`,
      { hint: 'Let the firmware print more decimals, or check the model with hil\'s own agent in the image.' });
  }
  if (lastSample === null || facts.singleUs.length === 0) return;
  await phaseOf(context)('time', async () => {
    await timeWindows(session, facts, spec.timeouts.replyMs);
    if (plan.mlperf === undefined) return;
    const { windows: count, seconds } = plan.mlperf;
    const reason = whyNoWindows(spec);
    facts.windows = reason !== null ? { windows: [], reason } : await dutWindows({
      plan, windows: plan.mlperf, dut, reference, inputBytes, meanUs: facts.windowsUs.at(-1) ?? facts.singleUs[0] ?? 1, replyMs: spec.timeouts.replyMs, signal,
      onWindow: (k) => onEvent({ kind: 'phase', case: plan.name, device: spec.id, phase: 'time', note: `window ${k} of ${count}, ${seconds} s` }),
    });
  });
  // The same input once more, after all that was computed in between.
  await dut.load(lastSample.payload);
  const { numbers } = await dut.infer(1, 0, spec.invocationLimitMs + spec.timeouts.replyMs);
  facts.unsteady = !same(numbers, last) && !same(await dut.results(), last);
}

function* steps(sequences: readonly PlannedSequence[]): Generator<{ sequence: PlannedSequence; step: number }> {
  for (const sequence of sequences) for (let step = 0; step < sequence.samples; step += 1) yield { sequence, step };
}

/**
 * Nothing guards the digits on their way here, and a digit that the line changed must not be held against the firmware: what is
 * not as expected is asked for again, until it has come twice alike.
 */
async function confirmed({ dut }: DutSession, deviceId: string, tally: DutTally, sample: DutSample, numbers: readonly PrintedNumber[], facts: DutFacts): Promise<readonly PrintedNumber[]> {
  let seen = numbers;
  for (let k = 0; k < CONFIRMATIONS; k += 1) {
    const complete = seen.length === sample.expected.length;
    if (complete && tally.allEqual(seen, sample)) return seen;
    const again = await dut.results();
    if (same(seen, again)) {
      if (complete) return seen;
      throw new HilError('bench', 'dut.results-count', `device ${deviceId}: the firmware prints ${seen.length} results, the case's model gives ${sample.expected.length}`,
        { hint: 'The firmware is made for another model.' });
    }
    facts.resent += 1;
    seen = again;
  }
  throw new HilError('bench', 'dut.damaged-results', `device ${deviceId}: the same results came otherwise each time they were asked for`, { hint: 'The line changes bytes: check cable and baud rate.' });
}

const same = (a: readonly PrintedNumber[], b: readonly PrintedNumber[]): boolean => a.length === b.length && a.every((number, i) => number.value === b[i]?.value);

/**
 * Latency as MLPerf Tiny counts it: the time between the stamps over the inferences between them. A single inference has the printing
 * of a stamp in it. What a window gives is not looked at: firmware loads the input once, and TFLM uses its memory for other tensors.
 */
async function timeWindows({ dut }: DutSession, facts: DutFacts, replyMs: number): Promise<void> {
  const { median } = latencySummary(facts.singleUs, { unit: 'us', quality: 'hardware', numerator: 1, denominator: 1 });
  const iterations = Math.min(MOST_ITERATIONS, Math.max(2, Math.ceil(WINDOW_US / Math.max(1, median))));
  const limitMs = replyMs + (10 * iterations * median) / 1000;
  for (let k = 0; k < WINDOWS; k += 1) {
    const { elapsedUs } = await dut.infer(iterations, 1, limitMs);
    if (elapsedUs !== null) facts.windowsUs.push(elapsedUs / iterations);
  }
  facts.iterations = iterations;
}
