import { execa } from 'execa';
import { withoutBuildFolder } from './roots.ts';
import { compilerEnv } from './toolchain.ts';

export interface SourcePlace {
  readonly function: string;
  /** As in the debug information: below `firmware/`, `network/<name>/`, ...; '' where unknown. */
  readonly file: string;
  /** 0 where unknown. */
  readonly line: number;
}

const RESOLVE_MS = 10_000;

/**
 * Which line of which function an address of the image belongs to, or null where the image does not tell.
 * Never fails: it serves reports about something that already went wrong.
 * @param image elf file and the addr2line of the toolchain that made it
 * @param address program counter; the Thumb bit is ignored on Arm
 */
export async function resolvePc(image: { readonly elf: string; readonly addr2line: string }, address: number, env: NodeJS.ProcessEnv = process.env): Promise<SourcePlace | null> {
  if (!Number.isSafeInteger(address) || address < 0) return null;
  const result = await execa(image.addr2line, ['-f', '-e', image.elf, `0x${address.toString(16)}`], {
    reject: false, timeout: RESOLVE_MS, killDescendants: true, maxBuffer: 10_000, stdin: 'ignore', env: compilerEnv(env), extendEnv: false,
  });
  if (result.failed) return null;
  const [name = '??', place = '??:0'] = result.stdout.split('\n');
  const match = /^(.*):(\d+|\?)(?: \(discriminator \d+\))?$/.exec(place);
  if (name === '??') return null;
  const file = match?.[1] === undefined || match[1] === '??' ? '' : withoutBuildFolder(match[1]).slice(0, 400);
  return { function: name.slice(0, 200), file, line: Number(match?.[2]) || 0 };
}
