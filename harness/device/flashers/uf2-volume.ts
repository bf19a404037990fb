import { constants } from 'node:fs';
import { access, open, readdir, readFile, realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRegularFile } from '../../read-regular-file.ts';
import { throwIfAborted } from '../session.ts';
import type { Image, Usability } from '../device.ts';
import type { FlasherSpec } from '../spec.ts';
import type { Flasher, FlasherContext, FlashOptions, FlashResult } from './flasher.ts';
import { flashError } from './flash-errors.ts';
import { loadSegments } from './load-segments.ts';
import { deadlineIn, orFlashError } from './run-tool.ts';
import { writeUf2 } from './uf2.ts';

type Spec = FlasherSpec & { readonly tool: 'uf2' };

const TOOL = 'uf2';
/** Folders (separated as in PATH) whose folders are volumes; instead of the usual ones. */
const VARIABLE = 'HIL_UF2_VOLUMES';
const INFO = 'INFO_UF2.TXT';
/** Some three lines of text. */
const INFO_LIMIT_BYTES = 16 * 1024;
const LOOK_MS = 50;
const HINT = 'Hold BOOTSEL while plugging the board in (or press reset twice), and see that the volume gets mounted; HIL_UF2_VOLUMES names the folder of the mount points.';

/** Where systems mount what is plugged in: by the label. */
function mountRoots(env: NodeJS.ProcessEnv): string[] {
  const given = env[VARIABLE];
  if (given) return given.split(delimiter).filter((root) => root !== '');
  const user = userInfo().username;
  return [`/media/${user}`, `/run/media/${user}`, '/media', '/mnt', '/Volumes'];
}

/** A second volume of the same label gets a number behind it ("RPI-RP21", "RPI-RP2 1"). */
async function volumes(env: NodeJS.ProcessEnv, label: string): Promise<string[]> {
  const found = new Set<string>();
  for (const root of mountRoots(env)) {
    for (const name of await readdir(root).catch(() => [])) {
      if (!name.startsWith(label) || !/^ ?\d*$/.test(name.slice(label.length))) continue;
      const path = join(root, name);
      if (await access(join(path, INFO)).then(() => true, () => false)) found.add(await realpath(path));
    }
  }
  return [...found].sort();
}

/** Copies a UF2 file to the volume that a boot loader shows. The volume goes away when the board has taken it: that is the success. */
export function uf2Flasher(spec: Spec, context: FlasherContext): Flasher {
  const fail = (...args: Parameters<typeof flashError> extends [string, string, ...infer Rest] ? Rest : never): Error => flashError(context.deviceId, TOOL, ...args);

  async function theVolume(): Promise<string> {
    const found = await volumes(context.env, spec.volumeLabel);
    if (found.length === 0) throw fail('no-probe', `no volume ${spec.volumeLabel} with an ${INFO} is mounted`, { hint: HINT });
    if (found.length > 1) throw fail('several-probes', `${found.length} volumes ${spec.volumeLabel} are mounted: ${found.join(', ')}`, { hint: 'Unplug all but the one to be written.' });
    return found[0]!;
  }

  async function copy(bytes: Uint8Array, volume: string): Promise<void> {
    // A boot loader's volume has no links. One on a stick of the same name would lead to a file of the user's.
    const handle = await open(join(volume, 'HIL.UF2'), constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW);
    try {
      await handle.writeFile(bytes);
      // The board may have restarted with the last block: then there is nothing left to synchronise with.
      await handle.sync().catch(() => undefined);
    } finally {
      await handle.close().catch(() => undefined);
    }
  }

  return {
    tool: TOOL,
    usesBoardUsb: true,
    async probe(): Promise<Usability> {
      const found = await volumes(context.env, spec.volumeLabel);
      return { usable: true, found: found.map((path) => `volume ${path}`), missing: [] };
    },
    async flash(image: Image, options: FlashOptions): Promise<FlashResult> {
      throwIfAborted(options.signal, context.deviceId);
      const deadline = deadlineIn(options.timeoutMs);
      const uf2 = writeUf2(loadSegments(await orFlashError(context.deviceId, TOOL, 'cannot read the image', readFile(image.elf))), Number(spec.familyId));
      const volume = await theVolume();
      const info = await orFlashError(context.deviceId, TOOL, `cannot read ${INFO}`, readRegularFile(join(volume, INFO), INFO_LIMIT_BYTES)).then((text) => text.toString('utf8'));
      if (!/^UF2 Bootloader/m.test(info)) throw fail('wrong-target', `${join(volume, INFO)} is not that of a UF2 boot loader`);
      options.onStep?.(`copying to the volume ${basename(volume)}`);
      await copy(uf2, volume).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'EACCES' || cause.code === 'EROFS' || cause.code === 'EPERM') throw fail('permission', `cannot write to ${volume}: ${cause.message}`, { hint: 'Mount it so that this user may write to it.', cause });
        if (cause.code === 'ELOOP') throw fail('wrong-target', `${join(volume, 'HIL.UF2')} is a link: no boot loader's volume has any`, { cause });
        throw fail('failed', `copying to ${volume} broke off: ${cause.message}`, { cause });
      });
      options.onStep?.('waiting for the board to take it');
      while (await access(join(volume, INFO)).then(() => true, () => false)) {
        throwIfAborted(options.signal, context.deviceId);
        if (deadline.left() === 0) {
          throw fail('timeout', `the volume ${volume} is still there ${options.timeoutMs} ms later: the boot loader did not take the file`, {
            hint: `Is it for another chip? The device file says family ${spec.familyId}; ${INFO} says: ${(/^Board-ID:.*$/m.exec(info)?.[0] ?? 'no Board-ID').slice(0, 120)}.`,
          });
        }
        await sleep(LOOK_MS, undefined, { signal: options.signal }).catch(() => undefined);
      }
      return { notes: [`flashed by the UF2 volume ${spec.volumeLabel}`] };
    },
  };
}
