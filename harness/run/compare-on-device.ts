import { prepareReference } from '../reference/index.ts';
import type { NetworkPackage } from '../runtimes/index.ts';
import type { CaseContext, CaseFacts } from './case-context.ts';
import type { CaseSession } from './case-session.ts';
import { CaseTally } from './case-tally.ts';
import { diagnoseCase } from './diagnose-case.ts';
import { DevicePort } from './device-port.ts';
import type { Phase } from './events.ts';
import { asCompared, determinismPass } from './determinism-pass.ts';
import { mainGraph } from './main-graph.ts';
import { agentWindows, whyNoWindows, type Windows } from './mlperf-windows.ts';
import { numericPass, type BatchResult } from './numeric-pass.ts';
import { planPool } from './pool-layout.ts';
import { timingPass, untimedPass } from './timing-pass.ts';

/** Runs `work` as a named phase of a case: shown as progress, and timed. */
export type RunPhase = <T>(name: Phase, work: () => Promise<T>) => Promise<T>;

/** The case's samples on a running image: compared with the reference, then timed. What is found goes into `facts`. */
export async function compareOnDevice(context: CaseContext, facts: CaseFacts, pack: NetworkPackage, session: CaseSession, phase: RunPhase): Promise<void> {
  const { plan, device, signal } = context;
  const { spec } = device;
  const { manifest } = pack;
  const { network } = session;
  const layout = planPool({ poolBytes: session.link.hello.poolBytes, ...network, longestSequence: Math.max(0, ...plan.sequences.map((each) => each.samples)) }, spec.id);
  const port = new DevicePort(session.link, layout, {
    deviceId: spec.id, network: network.index, invocationLimitMs: spec.invocationLimitMs, silenceMs: spec.timeouts.silenceMs, taps: network.taps, outputBytes: network.outputBytes, preloaded: session.preloaded,
  });
  const total = plan.sequences.reduce((sum, each) => sum + each.samples, 0);
  const tally = facts.tally = new CaseTally(plan, manifest, prepareReference(plan.model, plan.profile));
  const firstBatches: BatchResult[] = [];
  const { oracleBytes } = await phase('compare', () => numericPass({
    plan, manifest, port, runner: prepareReference(plan.model, plan.profile), signal,
    onStart: ({ firstSample }) => { facts.running = firstSample; },
    onBatch: (batch) => {
      if (firstBatches.length === 0) firstBatches.push(batch);
      tally.add(batch);
    },
    onProgress: (done) => context.onEvent({ kind: 'progress', case: plan.name, device: spec.id, done, total }),
    onNondeterministic: ({ sequence, firstStep, layers }) => facts.nondeterministic.push(`nondeterministic: re-running sequence ${sequence} from step ${firstStep} on the same state gave other digests in layer ${layers.join(', ')}`),
  }));
  const culprits = [...tally.own.values()].some(({ mismatched }) => mismatched > 0);
  if (culprits) facts.diagnoses = await phase('diagnose', () => diagnoseCase(plan, tally, signal, (note) => facts.notes.push(note)));
  const confirmed = plan.sequences.filter((sequence) => sequence.oracle !== null).length;
  if (confirmed > 0) facts.notes.push(`the reference equals the independent oracle in all ${oracleBytes} bytes of ${confirmed} ${confirmed === 1 ? 'sequence' : 'sequences'}`);
  const [first] = plan.sequences;
  const [firstBatch] = firstBatches;
  if (first === undefined || firstBatch === undefined) return;
  const shared = facts.networksInImage > 1;
  const timing = facts.timing = await phase('time', () => (shared ? untimedPass(port, first, network.inputBytes) : timingPass(port, first, network.inputBytes, network.layers)));
  try {
    facts.determinism = await phase('repeat', () => determinismPass({ plan, manifest, port, network, shared, timing, firstBatch }));
    if (!asCompared({ timing, firstBatch }) && !facts.determinism.some(({ result }) => result === 'differs')) {
      facts.nondeterministic.push(`nondeterministic: the first ${timing.samples} samples of sequence ${first.name}, run again from a reset, gave other values than when they were compared`);
    }
  } catch (error) {
    facts.notes.push('it happened while samples that had run through before were run again, in another order and with other bytes in memory');
    throw error;
  }
  // Last: other samples are in the pool then.
  if (plan.mlperf !== undefined) facts.windows = await phase('time', () => mlperfWindows(context, plan.mlperf as NonNullable<typeof plan.mlperf>, port, pack, shared, network.inputBytes));
}

async function mlperfWindows({ plan, device: { spec }, signal, onEvent }: CaseContext, windows: NonNullable<CaseContext['plan']['mlperf']>, port: DevicePort, { manifest }: NetworkPackage, shared: boolean, inputBytes: number): Promise<Windows> {
  const reason = shared ? 'cases that share an image are not timed' : whyNoWindows(spec);
  if (reason !== null) return { windows: [], reason };
  return agentWindows({
    plan, windows, port, manifest, graph: mainGraph(plan.model), inputBytes, signal,
    onWindow: (k) => onEvent({ kind: 'phase', case: plan.name, device: spec.id, phase: 'time', note: `window ${k} of ${windows.windows}, ${windows.seconds} s` }),
  });
}
