import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceSession, Image, StartOptions } from '../device.ts';
import { processKeeper, type Keeper } from '../keeper.ts';
import type { DeviceSpec } from '../spec.ts';

/** See the file: stands in for QEMU, chosen by the environment variable STAND_IN. */
export const standIn = fileURLToPath(new URL('./fixtures/stand-in.mjs', import.meta.url));

export const qemuSpec: DeviceSpec = {
  schema: 'hil-device/1', id: 'test-qemu', description: 'for tests', kind: 'qemu', core: 'cortex-m3', board: 'none', simulated: true,
  clockHz: 25_000_000, slots: 1, labels: {}, latency: { unit: 'instructions', quality: 'modelled', numerator: 5, denominator: 8 },
  timeouts: { startMs: 5000, helloMs: 1000, replyMs: 1000, silenceMs: 1000 }, invocationLimitMs: 1000,
  qemu: { machine: 'mps2-an385', icountShift: 6 }, energy: { none: 'for tests' },
};

/** A file that stand-ins take without a look at it. */
export const noImage: Image = { elf: standIn, sha256: '0'.repeat(64), buildId: '0'.repeat(32), files: {} };

/** A folder that goes when the test ends. */
export async function tempDir(t: { teardown(fn: () => unknown): unknown }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'hil-test-'));
  t.teardown(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

export async function startOptions(t: { teardown(fn: () => unknown): unknown }, more: Partial<StartOptions> = {}): Promise<StartOptions> {
  return { signal: new AbortController().signal, workDir: await tempDir(t), ...more };
}

/** Waits for a condition. @throws Error naming it when it does not come within ms */
export async function until(what: string, ms: number, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The keeper of this process, which also writes down the groups that it is told of. */
export function keeperInto(groups: number[]): Keeper {
  return {
    expect() {
      const { environment, watch } = processKeeper.expect();
      return { environment, watch: (group) => (groups.push(group), watch(group)) };
    },
  };
}

/** Resolves when the stream is closed; bytes left in it are thrown away. */
export function closed(session: DeviceSession): Promise<void> {
  session.stream.resume();
  return new Promise((resolve) => (session.stream.closed ? resolve() : void session.stream.once('close', () => resolve())));
}
