import { rm } from 'node:fs/promises';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Test } from 'tap';
import { findTool } from '../../../device/find-tool.ts';
import { startTargetProcess } from '../../../device/target-process.ts';
import type { TargetProcess } from '../../../device/target-process.ts';
import { until } from '../../../device/testing/helpers.ts';

const socat = await findTool('HIL_SOCAT', ['socat']);

/** For tap's `skip`: false, or what is missing. */
export const noSocat: false | string = socat === null ? 'socat is not installed' : false;

export interface Pty {
  /** A link to the port; stays the same when the number below /dev/pts changes. */
  readonly path: string;
  /** What is written to the port comes out here, and the other way round. */
  readonly fromPort: Readable;
  readonly toPort: Writable;
  readonly socat: TargetProcess;
}

/** A real pseudo-terminal, made by socat; killing socat is unplugging. @param onlySends never reads what is written to the port */
export async function makePty(t: Test, folder?: string, onlySends = false): Promise<Pty> {
  const dir = folder ?? (await mkdtemp(join(tmpdir(), 'hil-pty-')));
  const path = join(dir, 'tty');
  const process = await startTargetProcess({ file: socat!.path, args: onlySends ? ['-u', 'STDIO', `PTY,rawer,link=${path}`] : [`PTY,rawer,link=${path}`, 'STDIO'], cwd: dir, linkOnStdio: true });
  t.teardown(async () => {
    await process.stop();
    await rm(dir, { recursive: true, force: true });
  });
  await until('a pty by socat', 10_000, () => realpath(path).then(() => true, () => false));
  return { path, fromPort: process.stdout!, toPort: process.stdin!, socat: process };
}
