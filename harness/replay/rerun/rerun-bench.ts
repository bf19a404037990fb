import { findToolchain, loadBoard, resolvePc } from '../../build/index.ts';
import { HilError } from '../../errors.ts';
import { liveBench, type Bench } from '../../run/index.ts';
import type { RecordedBuilds } from './recorded-builds.ts';

/**
 * Generator and compiler as the record has them; the device is a real one, leased as ever.
 * @param root where an image's copy goes; it must be of this computer's own making, as a host image is started as a program
 */
export function rerunBench(builds: RecordedBuilds, root: string, copyImage: (elf: string) => Promise<string>): Bench {
  return {
    generate: async ({ plan }) => ({ manifest: builds.manifestOf(plan.name), root }),
    build: async (contexts) => {
      const image = builds.imageOf(contexts.map(({ plan }) => plan.name));
      return { ...image, elf: await copyImage(image.elf) };
    },
    occupy: (context, work) => liveBench.occupy(context, work),
    pause: (context, ms) => liveBench.pause(context, ms),
    async resolvePc({ plan, device }, image, address) {
      const recorded = builds.placeOf(plan.name, address);
      if (recorded !== undefined) return recorded;
      try {
        const { addr2line } = await findToolchain((await loadBoard(device.spec.board)).toolchain, process.env, false);
        return await resolvePc({ elf: image.elf, addr2line }, address);
      } catch (error) {
        // Without a compiler the address alone is told.
        if (error instanceof HilError) return null;
        throw error;
      }
    },
  };
}
