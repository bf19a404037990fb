import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import PQueue from 'p-queue';
import type { Test } from 'tap';
import { hil } from './hil.ts';
import type { Sandbox } from './sandbox.ts';

export interface Refusal {
  readonly name: string;
  readonly args: readonly string[];
  /** All of them must match standard error. */
  readonly says: readonly RegExp[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Each command must end with exit code 2 and one error that says what is wrong, print nothing else, and leave nothing: no
 * file in its folder, no lock, no temporary folder.
 */
export async function allRefused(t: Test, box: Sandbox, refusals: readonly Refusal[]): Promise<void> {
  const queue = new PQueue({ concurrency: 2 });
  const results = await Promise.all(refusals.map(({ args, env }, index) => queue.add(async () => {
    const cwd = path.join(box.dir, 'cwd', String(index));
    mkdirSync(cwd, { recursive: true });
    return { ...await hil(args, { cwd, env: { ...box.env, ...env } }), left: readdirSync(cwd) };
  })));
  for (const [index, { name, says }] of refusals.entries()) {
    const { code, stdout, stderr, left } = results[index] as NonNullable<typeof results[number]>;
    await t.test(name, async (t) => {
      t.equal(code, 2, stderr);
      t.equal(stdout, '', 'nothing on standard output');
      for (const text of says) t.match(stderr, text);
      t.match(stderr, /^hil: /);
      t.equal(stderr.split('\n').filter((line) => line.startsWith('hil: ')).length, 1, 'one error');
      t.notMatch(stderr, /^\s+at |internal error|undefined|\[object/m, 'no stack trace, no half text');
      t.same(left, [], 'nothing is left');
    });
  }
  t.same(box.leftovers(), []);
}
