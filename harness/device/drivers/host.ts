import { access, constants, open } from 'node:fs/promises';
import { HilError } from '../../errors.ts';
import type { Device, DeviceSession, Image, StartOptions, Usability } from '../device.ts';
import type { Keeper } from '../keeper.ts';
import { LinkStream } from '../../link/index.ts';
import { notAttachable, openSession, throwIfAborted } from '../session.ts';
import type { DeviceSpec } from '../spec.ts';
import { startTargetProcess } from '../target-process.ts';

/** The image as a process of this computer; its standard input and output are the link, standard error is text. */
export function createHostDevice(spec: DeviceSpec, options: { readonly keeper?: Keeper } = {}): Device {
  return {
    spec,
    async probe(): Promise<Usability> {
      return { usable: true, found: [`${process.platform} ${process.arch}`], missing: [] };
    },
    async start(image: Image | 'attached', start: StartOptions): Promise<DeviceSession> {
      throwIfAborted(start.signal, spec.id);
      if (image === 'attached') throw notAttachable(spec.id);
      const reason = await whyNotRunnable(image.elf);
      if (reason !== null) throw new HilError('bench', 'device.bad-image', `device ${spec.id}: cannot run ${image.elf}: ${reason}`, { hint: 'Build the image again.' });
      const target = await startTargetProcess({
        file: image.elf, args: [], cwd: start.workDir, linkOnStdio: true, onText: start.onText, ...options,
      });
      return openSession(spec.id, target, new LinkStream(target.stdout!, target.stdin!), start.signal);
    },
  };
}

/** e_machine of programs for this computer, by Node's name of its architecture. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, ia32: 3, arm64: 183, arm: 40, riscv64: 243, ppc64: 21, loong64: 258 };

/** Looked at beforehand because the C library hands a file that the kernel refuses to a shell, as if it were a script. */
async function whyNotRunnable(file: string): Promise<string | null> {
  try {
    await access(file, constants.X_OK);
    const handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, 0).finally(() => handle.close());
    if (process.platform !== 'linux' || buffer.toString('latin1', 0, 2) === '#!') return null;
    if (bytesRead < 20 || buffer.readUInt32BE(0) !== 0x7f454c46) return 'it is no program';
    const machine = MACHINES[process.arch];
    return machine === undefined || buffer.readUInt16LE(18) === machine ? null : 'it is for another kind of computer';
  } catch (error) {
    return (error as Error).message;
  }
}
