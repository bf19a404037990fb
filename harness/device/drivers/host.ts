import { access, constants } from 'node:fs/promises';
import { HilError } from '../../errors.ts';
import type { Device, DeviceSession, Image, StartOptions, Usability } from '../device.ts';
import type { Keeper } from '../keeper.ts';
import { LinkStream } from '../link-stream.ts';
import { openSession, throwIfAborted } from '../session.ts';
import type { DeviceSpec } from '../spec.ts';
import { startTargetProcess } from '../target-process.ts';

/** The image as a process of this computer; its standard input and output are the link, standard error is text. */
export function createHostDevice(spec: DeviceSpec, options: { readonly keeper?: Keeper } = {}): Device {
  return {
    spec,
    async probe(): Promise<Usability> {
      return { usable: true, found: [`${process.platform} ${process.arch}`], missing: [] };
    },
    async start(image: Image, start: StartOptions): Promise<DeviceSession> {
      throwIfAborted(start.signal, spec.id);
      await access(image.elf, constants.X_OK).catch((cause: unknown) => {
        throw new HilError('bench', 'device.bad-image', `device ${spec.id}: cannot run ${image.elf}`, { cause });
      });
      const target = await startTargetProcess({
        file: image.elf, args: [], cwd: start.workDir, linkOnStdio: true, onText: start.onText, ...options,
      });
      return openSession(spec.id, target, new LinkStream(target.stdout!, target.stdin!), start.signal);
    },
  };
}
