import path from 'node:path';
import { buildImage, loadBoard, resolvePc, type BuiltImage, type SourcePlace } from '../build/index.ts';
import { acquireLease, createWorkDir } from '../device/index.ts';
import { prepareNetwork, type NetworkPackage } from '../runtimes/index.ts';
import type { CaseContext } from './case-context.ts';
import { phaseOf } from './case-phase.ts';
import { gatherSources } from './unity.ts';

/** What a case needs of the world beside its device: generator, compiler, and that nobody else uses the device. A replay has a recorded one. */
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
  /** Which line of which function an address of the image belongs to; null where the image does not tell. */
  resolvePc(context: CaseContext, image: BuiltImage, address: number): Promise<SourcePlace | null>;
}

export const liveBench: Bench = {
  generate: ({ plan, device, networkName, generatedDir }) => prepareNetwork(plan.generator, { model: plan.model, modelFile: plan.modelFile, profile: plan.profile, core: device.spec.core,
    outDir: generatedDir, ...(networkName === null ? {} : { name: networkName }) }),

  async build(contexts, single) {
    const { device: { spec }, cacheDir, optimise, flags, signal, plan, onEvent, generatedDir } = contexts[0] as CaseContext;
    const packages = contexts.length === 1 ? single : await gatherSources(single, path.dirname(generatedDir), `pack_${contexts.length}_${path.basename(generatedDir).replace(/[^A-Za-z0-9]+/g, '_')}`);
    return buildImage({ package: packages, board: await loadBoard(spec.board), cacheDir, signal,
      options: { ...(optimise === null ? {} : { optimise }), flags },
      onStep: (step) => onEvent({ kind: 'log', case: plan.name, device: spec.id, line: `${step.name} ${step.detail}` }) });
  },

  async occupy(context, work) {
    const { device: { spec }, leaseWaitMs, signal, onEvent, plan } = context;
    // Who has it is told while one waits.
    const lease = await phaseOf(context)('wait for device', () => acquireLease({ device: spec.lock ?? spec.id, slots: spec.slots, waitMs: leaseWaitMs, signal,
      onWait: (holders) => onEvent({ kind: 'phase', case: plan.name, device: spec.id, phase: 'wait for device', note: holders.map((h) => `${h.user} pid ${h.pid} since ${h.since}`).join(', ') }) }));
    try {
      const folder = await createWorkDir();
      try {
        return await work(folder.path);
      } finally {
        await folder.remove();
      }
    } finally {
      await lease.release();
    }
  },

  resolvePc: (_context, image, address) => resolvePc(image, address),
};
