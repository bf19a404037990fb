import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../../report/index.ts';
import { scratch } from './hil.ts';

/** A world of its own for one hil: locks, temporary folder, reports; so whatever is left behind is seen. */
export interface Sandbox {
  readonly dir: string;
  readonly out: string;
  /** Cache of images that starts empty; for those who want to see a build. */
  readonly cache: string;
  readonly env: Readonly<Record<string, string>>;
  /** What no hil may leave: locks, work folders, half-written reports, images and builds. Paths below the sandbox. */
  leftovers(): string[];
  /** Command lines of everything that was started in this sandbox, hil itself too, and still runs. */
  running(): string[];
  report(): Report;
}

/** What `running()` needs. */
export const noProc: string | false = existsSync('/proc/self/environ') ? false : 'no /proc here to look for processes';

export function sandbox(t: { teardown: (work: () => void) => void }): Sandbox {
  const dir = scratch(t);
  const [home, temp, cache, out] = ['home', 't', 'cache', 'out'].map((name) => path.join(dir, name)) as [string, string, string, string];
  mkdirSync(temp);
  // A test that failed may have left a long check running.
  t.teardown(() => { if (noProc === false) for (const { pid } of processesWith(`HIL_HOME=${home}`)) process.kill(pid, 'SIGKILL'); });
  return {
    dir, out, cache,
    // Node's compile cache is no business of hil's; where it is shared the tests are faster.
    env: { HIL_HOME: home, HIL_HISTORY: '', TMPDIR: temp, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? path.join(tmpdir(), 'node-compile-cache') },
    leftovers: () => [...contents(home).filter((file) => !STAYS.test(path.relative(home, file))), ...contents(temp), ...contents(path.join(cache, 'tmp')), ...contents(out).filter((file) => /\.hil-tmp|[.-]tmp/.test(file))]
      .map((file) => path.relative(dir, file)),
    running: () => processesWith(`HIL_HOME=${home}`).map(({ command }) => command),
    report: () => JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8')) as Report,
  };
}

/** Meant to stay: what is known of runs, and who used what lately; the log beside it stays where hil was killed, and the next hil takes it in. */
const STAYS = /^(history\.sqlite(-wal|-shm)?|turns\/[^/]+@use)$/;

/** All files below a folder, and folders that hold none, but for the base folders that stay for the next run. */
function contents(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(dir, entry.name);
    if (!entry.isDirectory()) return [file];
    const below = contents(file);
    return below.length > 0 || /^(hil-\d+|locks|running|turns)$/.test(entry.name) ? below : [file];
  });
}

function processesWith(variable: string): { pid: number; command: string }[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      if (/\) [ZX] /.test(readFileSync(`/proc/${name}/stat`, 'latin1'))) return [];
      if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(variable)) return [];
      return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }];
    } catch {
      return []; // gone meanwhile, or another user's
    }
  });
}

/** Waits until `look` gives something that is not false, null or undefined. @throws after `ms` */
export async function until<T>(what: string, look: () => T | null | undefined | false, ms = 60_000): Promise<T> {
  for (const deadline = performance.now() + ms; ;) {
    const found = look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms for ${what}`);
    await sleep(10);
  }
}

/** Collects what a child says on standard error, so that a test can wait for a line of its progress. */
export function listen(child: { readonly stderr: NodeJS.ReadableStream | null }): { heard(line: RegExp): Promise<void>; text(): string } {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => { text += chunk.toString('utf8'); });
  return { heard: (line) => until(`${line} in: ${text}`, () => line.test(text)).then(() => undefined), text: () => text };
}
