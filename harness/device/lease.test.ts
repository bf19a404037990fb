import t from 'tap';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { HilError } from '../errors.ts';
import { acquireLease, leaseHolders } from './lease.ts';
import type { LeaseHolder, LeaseOptions } from './lease.ts';
import { ownIdentity } from './process-identity.ts';
import { tempDir, until } from './testing/helpers.ts';

t.setTimeout(120_000);
const child = fileURLToPath(new URL('./testing/lease-child.ts', import.meta.url));
const options = (lockDir: string, more: Partial<LeaseOptions> = {}): LeaseOptions => ({
  device: 'board', slots: 1, waitMs: 300, signal: new AbortController().signal, lockDir, command: 'hil run x', ...more,
});
const holder = (more: Partial<LeaseHolder> = {}): string => JSON.stringify({
  ...ownIdentity(), user: 'someone', since: '2020-01-01T00:00:00.000Z', command: 'old', token: '0123456789abcdef', ...more,
});

t.test('one holder a slot; busy names the holder; release frees; release twice is fine', async (t) => {
  const dir = await tempDir(t);
  const lease = await acquireLease(options(dir));
  t.match(await leaseHolders('board', 1, dir), [{ pid: process.pid, command: 'hil run x' }]);
  const told: number[] = [];
  const error = await acquireLease(options(dir, { onWait: (holders) => told.push(holders.length) })).catch((e: unknown) => e) as HilError;
  t.match(error, { kind: 'bench', code: 'device.busy' });
  t.match(error.message, new RegExp(`process ${process.pid}, since 20.*hil run x`));
  t.same(told, [1]);
  await lease.release();
  await (await acquireLease(options(dir))).release();
  const next = await acquireLease(options(dir));
  await lease.release(); // no longer its own
  t.equal((await leaseHolders('board', 1, dir)).length, 1);
  await next.release();
  t.same(await readdir(dir), []);
});

t.test('slots', async (t) => {
  const dir = await tempDir(t);
  const [a, b] = [await acquireLease(options(dir, { slots: 2 })), await acquireLease(options(dir, { slots: 2 }))];
  t.same([a.slot, b.slot], [0, 1]);
  await t.rejects(acquireLease(options(dir, { slots: 2 })), { code: 'device.busy' });
});

t.test('abort while waiting', async (t) => {
  const dir = await tempDir(t);
  await acquireLease(options(dir));
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  await t.rejects(acquireLease(options(dir, { waitMs: 60_000, signal: abort.signal })), { kind: 'cancelled', code: 'device.wait-cancelled' });
});

t.test('which holders are stale', async (t) => {
  const dir = await tempDir(t);
  const file = join(dir, 'board.0.json');
  const old = (ms: number): Promise<void> => utimes(file, new Date(Date.now() - ms), new Date(Date.now() - ms));
  const elsewhere = { host: `not-${hostname()}` };
  const cases: [string, string, number, boolean][] = [
    ['a process that is gone', holder({ pid: 2 ** 22 - 7 }), 0, true],
    ['another process with the same id', holder({ startTime: '1' }), 0, true],
    ['before the last boot', holder({ bootId: 'another' }), 0, true],
    ['a living process', holder(), 0, false],
    ['a living process, lock untouched for long (stopped, perhaps)', holder(), 1e9, false],
    ['another machine, heard of lately', holder(elsewhere), 1000, false],
    ['another machine, silent', holder(elsewhere), 120_000, true],
    ['empty file, new', '', 0, false],
    ['empty file, old', '', 10_000, true],
    ['damaged file, old', '{"pid":1', 10_000, true],
    ['JSON of something else, old', '[]', 10_000, true],
    ['a path in the token, old', holder({ token: '../../../etc/x' }), 10_000, true],
  ];
  for (const [what, text, ageMs, stale] of cases) {
    await writeFile(file, text);
    await old(ageMs);
    const lease = await acquireLease(options(dir, { waitMs: 0 })).catch((error: HilError) => error);
    t.equal(!(lease instanceof HilError), stale, what);
    if (!(lease instanceof HilError)) await lease.release();
  }
  t.same(await readdir(dir), [], 'nothing is left lying about');
});

t.test('left by a taker that died while taking over', async (t) => {
  const dir = await tempDir(t);
  const dead = { pid: 2 ** 22 - 7 };
  await writeFile(join(dir, 'board.0.json'), holder(dead));
  await writeFile(join(dir, 'board.0.json.0123456789abcdef'), holder({ ...dead, token: 'fedcba9876543210' }));
  const lease = await acquireLease(options(dir));
  await lease.release();
  t.same(await readdir(dir), []);
});

/** Never two inside at once; holders that die do so inside. */
async function checkLog(log: string): Promise<number> {
  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  let inside = '';
  for (const line of lines) {
    const [what, pid] = line.split(' ') as [string, string];
    if (what === 'in' ? inside !== '' : inside !== pid) throw new Error(`two holders at once: ${line} while ${inside || 'nobody'} was inside`);
    inside = what === 'in' ? pid : '';
  }
  return lines.length / 2;
}

t.test('many processes at once, half of them dying as holders: never two inside, every one gets in', async (t) => {
  const dir = await tempDir(t);
  const log = join(dir, 'log.txt');
  const lockDir = join(dir, 'locks');
  await Promise.all(Array.from({ length: 12 }, (_, i) => execa(process.execPath, [child, lockDir, log, i % 2 ? 'release' : 'die', i % 2 ? '5' : '1'], { reject: false })));
  t.equal(await checkLog(log), 6 * 5 + 6);
});

t.test('after SIGKILL of the holder the waiter is in soon', async (t) => {
  const dir = await tempDir(t);
  const log = join(dir, 'log.txt');
  const victim = execa(process.execPath, [child, join(dir, 'locks'), log, 'hold'], { reject: false });
  await until('holder is in', 20_000, async () => (await readFile(log, 'utf8').catch(() => '')).startsWith('in'));
  const waiting = acquireLease(options(join(dir, 'locks'), { waitMs: 20_000 }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  victim.kill('SIGKILL');
  const begin = performance.now();
  const lease = await waiting;
  const tookMs = performance.now() - begin;
  t.comment(`taken over ${tookMs.toFixed(0)} ms after the kill`);
  t.ok(tookMs < 5000);
  await lease.release();
});

t.test('a folder for leases that cannot be made is the bench\'s error, with a way out', async (t) => {
  const file = join(t.testdir({ file: '' }), 'file');
  await t.rejects(acquireLease({ device: 'd', slots: 1, waitMs: 0, signal: new AbortController().signal, lockDir: join(file, 'locks') }),
    { kind: 'bench', code: 'device.no-lock-folder', hint: /HIL_HOME/ });
});
