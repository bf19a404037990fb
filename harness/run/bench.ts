import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildImage, loadBoard, resolvePc, type BuiltImage, type SourcePlace } from '../build/index.ts';
import { createWorkDir, takeTurn, tryTurn, type LeaseHolder, type Turn } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { prepareNetwork, type NetworkPackage } from '../runtimes/index.ts';
import type { CaseContext } from './case-context.ts';
import { phaseOf } from './case-phase.ts';
import { Cores, type CoreOptions, type CoreWait } from './schedule/cores.ts';
import { scheduleOptions } from './schedule/schedule-options.ts';
import { gatherSources } from './unity.ts';

/** What a case needs of the world beside its device: generator, compiler, and that nobody else uses the device or too many its computer. A replay has a recorded one. */
export interface Bench {
  /** The C of a case. @throws HilError 'config' | 'bench' */
  generate(context: CaseContext): Promise<NetworkPackage>;
  /** One image of the networks of all contexts. @throws HilError 'build' | 'bench' | 'config' | 'cancelled' */
  build(contexts: readonly CaseContext[], packages: readonly NetworkPackage[]): Promise<BuiltImage>;
  /**
   * Has the device to itself, and a folder for the session's files, for as long as the work takes.
   * @throws HilError 'bench' device.busy; 'cancelled'; what the work throws
   */
  occupy<T>(context: CaseContext, work: (workDir: string) => Promise<T>): Promise<T>;
  /** Lets time pass before a bench error is repeated, of each case that is. @throws HilError 'cancelled' */
  pause(context: CaseContext, ms: number): Promise<void>;
  /** Which line of which function an address of the image belongs to; null where the image does not tell. */
  resolvePc(context: CaseContext, image: BuiltImage, address: number): Promise<SourcePlace | null>;
}

/** The real world, with so much of this computer at a time. */
export function makeLiveBench(options: CoreOptions): Bench {
  const cores = new Cores(options);
  return {
    generate: ({ plan, device, networkName, generatedDir }) => prepareNetwork(plan.generator, { model: plan.model, modelFile: plan.modelFile, profile: plan.profile, core: device.spec.core,
      outDir: generatedDir, ...(networkName === null ? {} : { name: networkName }) }),

    async build(contexts, single) {
      const context = contexts[0] as CaseContext;
      const { device: { spec }, cacheDir, optimise, flags, signal, plan, onEvent, generatedDir } = context;
      const packages = contexts.length === 1 ? single : await gatherSources(single, path.dirname(generatedDir), `pack_${contexts.length}_${path.basename(generatedDir).replace(/[^A-Za-z0-9]+/g, '_')}`);
      const board = await loadBoard(spec.board);
      return cores.run(coreWait(context), () => phaseOf(context)('build', () => buildImage({ package: packages, board, cacheDir, signal,
        options: { ...(optimise === null ? {} : { optimise }), flags },
        onStep: (step) => onEvent({ kind: 'log', case: plan.name, device: spec.id, line: `${step.name} ${step.detail}` }) })));
    },

    occupy: (context, work) => (context.device.spec.simulated ? occupyEmulated(context, options, cores, work) : occupy(context, options, work)),

    async pause({ signal, device }, ms) {
      await sleep(ms, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw new HilError('cancelled', 'run.retry-cancelled', `cancelled before a bench error on ${device.spec.id} was repeated`);
    },

    resolvePc: (_context, image, address) => resolvePc(image, address),
  };
}

let ofEnvironment: Bench | null = null;
const byEnvironment = (): Bench => ofEnvironment ??= makeLiveBench(scheduleOptions(process.env));

/** The real world, with as much of this computer as the environment says. */
export const liveBench: Bench = {
  generate: (context) => byEnvironment().generate(context),
  build: (contexts, packages) => byEnvironment().build(contexts, packages),
  occupy: (context, work) => byEnvironment().occupy(context, work),
  pause: (context, ms) => byEnvironment().pause(context, ms),
  resolvePc: (context, image, address) => byEnvironment().resolvePc(context, image, address),
};

type Claim = Pick<CoreOptions, 'priority' | 'share'>;
type Work<T> = (workDir: string) => Promise<T>;

/** In a queue that moves all the time it is told this often at the most. */
const TELL_MS = 5000;

/** Who has it, and how many go first, is told while one waits: at once, and when it has changed. */
function waiting({ plan, device, onEvent }: CaseContext, what: 'wait for device' | 'wait for core'): (holders: readonly LeaseHolder[], ahead: number) => void {
  let told = { note: '', at: -Infinity };
  return (holders, ahead) => {
    const note = [...holders.map((h) => `${h.user} pid ${h.pid} since ${h.since}`), ...(ahead === 0 ? [] : [`${ahead} ahead`])].join(', ');
    if (note === told.note || performance.now() - told.at < TELL_MS) return;
    told = { note, at: performance.now() };
    onEvent({ kind: 'phase', case: plan.name, device: device.spec.id, phase: what, note });
  };
}

const coreWait = (context: CaseContext): CoreWait => ({ urgency: context.urgency ?? (() => 0), signal: context.signal, waitMs: context.leaseWaitMs, onWait: waiting(context, 'wait for core') });

function turnOptions(context: CaseContext, { priority, share }: Claim): Parameters<typeof takeTurn>[0] {
  const { device: { spec }, leaseWaitMs: waitMs, signal } = context;
  return { device: spec.lock ?? spec.id, slots: spec.slots, waitMs, signal, priority, share, onWait: waiting(context, 'wait for device') };
}

async function occupy<T>(context: CaseContext, claim: Claim, work: Work<T>): Promise<T> {
  return withDevice(await phaseOf(context)('wait for device', () => takeTurn(turnOptions(context, claim))), work);
}

/**
 * An emulated device and a core for it. Nobody who has a core waits for a device: where the device is not free at once the core is given
 * back, the device waited for, and then a core. So the order is device before core, of those that wait for one having the other,
 * and there is no circle; and a run has no more devices than it can use.
 */
async function occupyEmulated<T>(context: CaseContext, claim: Claim, cores: Cores, work: Work<T>): Promise<T> {
  const options = turnOptions(context, claim);
  const inPhase = phaseOf(context);
  const first = await cores.run(coreWait(context), async () => {
    const turn = await inPhase('wait for device', () => tryTurn(options));
    return turn === null ? null : { result: await withDevice(turn, work) };
  });
  if (first !== null) return first.result;
  const turn = await inPhase('wait for device', () => takeTurn(options));
  try {
    return await cores.run({ ...coreWait(context), urgency: () => Infinity }, () => withDevice(turn, work));
  } finally {
    await turn.release();
  }
}

async function withDevice<T>(turn: Turn, work: Work<T>): Promise<T> {
  try {
    const folder = await createWorkDir();
    try {
      return await work(folder.path);
    } finally {
      await folder.remove();
    }
  } finally {
    await turn.release();
  }
}
