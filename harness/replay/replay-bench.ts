import { HilError } from '../errors.ts';
import type { Bench, CaseContext } from '../run/index.ts';
import { outcomeOf, type DeviceRecord, type ReplayHooks } from './replay-device.ts';

/**
 * Generator and compiler as the record has them.
 * @param images paths of the kept images by their SHA-256
 */
export function replayBench(records: ReadonlyMap<string, DeviceRecord>, images: ReadonlyMap<string, string>, root: string, hooksOf: (device: string) => ReplayHooks): Bench {
  const of = ({ device }: CaseContext): DeviceRecord => records.get(device.spec.id) as DeviceRecord;
  const guarded = async <T>(context: CaseContext, work: (hooks: ReplayHooks) => T): Promise<T> => {
    const hooks = hooksOf(context.device.spec.id);
    try {
      return work(hooks);
    } catch (error) {
      if (error instanceof HilError && error.code === 'replay.diverged') hooks.onDiverged(error);
      throw error;
    }
  };
  return {
    generate: (context) => guarded(context, (hooks) => ({ manifest: outcomeOf(of(context).next('generate', context.plan.name).outcome, hooks), root })),
    build: ([context]) => guarded(context as CaseContext, (hooks) => {
      const { device, plan } = context as CaseContext;
      const built = outcomeOf(of(context as CaseContext).next('build', plan.name).outcome, hooks);
      const elf = images.get(built.sha256);
      if (elf === undefined) throw new HilError('config', 'replay.no-image', `the image of ${plan.name} on ${device.spec.id} is not in the run's folder images/, or was changed`, { hint: 'Replay the whole folder of the run.' });
      return { ...built, elf, files: {}, addr2line: '' };
    }),
    async occupy(context, work) {
      await guarded(context, (hooks) => outcomeOf(of(context).next('occupy', context.plan.name).outcome, hooks));
      return work('');
    },
    pause: (context) => guarded(context, (hooks) => { outcomeOf(of(context).next('pause', context.plan.name).outcome, hooks); }),
    resolvePc: (context, _image, address) => guarded(context, () => {
      const { address: recorded, place } = of(context).next('resolve', context.plan.name);
      if (recorded !== address) throw new HilError('bench', 'replay.diverged', `the replay leaves the record: it looks up address ${address}, the recorded run ${recorded}`);
      return place;
    }),
  };
}
