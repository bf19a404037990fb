import { appendFile, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import t from 'tap';
import type { HilError } from '../errors.ts';
import { acquireLease } from './lease.ts';
import { tempDir, until } from './testing/helpers.ts';
import type { Job } from './testing/turn-child.ts';
import { takeTurn, tryTurn, type TurnOptions } from './turns.ts';
import { useLately } from './turns-use.ts';

// Real processes; they hold nothing but files.
t.setTimeout(180_000);
const program = fileURLToPath(new URL('./testing/turn-child.ts', import.meta.url));
const signal = new AbortController().signal;
const BOARD = { device: 'board', slots: 1 } as const;

interface Place {
  readonly dir: string;
  start(job: Partial<Job>): ReturnType<typeof execa>;
  /** Names in the order in which they got in. */
  entries(device?: string): Promise<string[]>;
  tickets(): Promise<string[]>;
  options(more?: Partial<TurnOptions>): TurnOptions;
}

async function place(t: { teardown(fn: () => unknown): unknown }): Promise<Place> {
  const dir = await tempDir(t);
  const log = join(dir, 'log');
  await writeFile(log, '');
  const started: ReturnType<typeof execa>[] = [];
  t.teardown(() => Promise.all(started.map((child) => { child.kill('SIGKILL'); return child; })));
  return {
    dir,
    start: (job) => {
      const child = execa(process.execPath, [program, JSON.stringify({ dir, log, take: [BOARD], name: job.share ?? 'x', priority: 'nightly', share: 'x', holdMs: 20, ...job } satisfies Job)], { reject: false });
      started.push(child as never);
      return child as never;
    },
    entries: async (device = 'board') => (await readFile(log, 'utf8')).split('\n').filter((line) => line.startsWith(`in ${device} `)).map((line) => line.split(' ')[2] as string),
    tickets: async () => (await readdir(dir)).filter((name) => /\.(waiting|holding\.\d+)$/.test(name)),
    options: (more = {}) => ({ ...BOARD, waitMs: 20_000, signal, priority: 'interactive', share: 'test', turnsDir: dir, lockDir: dir, ...more }),
  };
}

/** Starts jobs behind a held slot, each with its tickets there before the next one comes. */
async function queued({ start, tickets }: Place, jobs: readonly Partial<Job>[]): Promise<ReturnType<typeof execa>[]> {
  const children = [];
  for (const job of jobs) {
    const before = (await tickets()).length;
    children.push(start(job));
    await until(`${job.name ?? job.share} waits`, 20_000, async () => (await tickets()).length === before + (job.tickets ?? 1));
  }
  return children;
}

t.test('the order is that of priority, not of arrival', async (t) => {
  const here = await place(t);
  const lease = await acquireLease({ ...BOARD, waitMs: 0, signal, lockDir: here.dir });
  const children = await queued(here, [{ name: 'n', priority: 'nightly' }, { name: 'p', priority: 'pull-request' }, { name: 'i', priority: 'interactive' }]);
  await lease.release();
  await Promise.all(children);
  t.same(await here.entries(), ['i', 'p', 'n']);
  t.same((await readdir(here.dir)).sort(), ['board@use', 'log'], 'nothing is left but who used what');
});

t.test('fair shares: two jobs of one do not wait for all ten of another', async (t) => {
  const here = await place(t);
  const lease = await acquireLease({ ...BOARD, waitMs: 0, signal, lockDir: here.dir });
  const children = await queued(here, [{ share: 'a', tickets: 10, holdMs: 60 }, { share: 'b', tickets: 2, holdMs: 60 }]);
  await lease.release();
  await Promise.all(children);
  const order = await here.entries();
  t.equal(order.length, 12);
  t.ok(order.lastIndexOf('b') < 4, `both of b are among the first four: ${order.join(' ')}`);
  const use = await useLately(join(here.dir, 'board@use'), Date.now());
  t.ok((use.get('a') ?? 0) > 3 * (use.get('b') ?? 0) && (use.get('b') ?? 0) > 0.1, [...use].join(' '));
  // And it is remembered: the next one of b goes before the next one of a, which came first.
  const held = await acquireLease({ ...BOARD, waitMs: 0, signal, lockDir: here.dir });
  const more = await queued(here, [{ share: 'a', name: 'a-again' }, { share: 'b', name: 'b-again' }]);
  await held.release();
  await Promise.all(more);
  t.same((await here.entries()).slice(-2), ['b-again', 'a-again']);
});

t.test('nobody starves: a nightly goes ahead once it has waited long enough, and not before', async (t) => {
  for (const ageMs of [300, 3_600_000]) {
    const here = await place(t);
    const over = join(here.dir, 'over');
    const lease = await acquireLease({ ...BOARD, waitMs: 0, signal, lockDir: here.dir });
    // Three tickets, each taken anew at once: there is always one of a higher priority.
    const [nightly, busy] = await queued(here, [{ name: 'n', ageMs }, { name: 'i', priority: 'interactive', share: 'y', tickets: 3, until: over, ageMs }]);
    await lease.release();
    if (ageMs === 300) await nightly;
    else await until('many have gone before it', 20_000, async () => (await here.entries()).length > 15);
    t.equal((await here.entries()).includes('n'), ageMs === 300, (await here.entries()).join(' '));
    await appendFile(over, '');
    await Promise.all([nightly, busy]);
    t.ok((await here.entries()).includes('n'), 'in the end all the same');
  }
});

t.test('kill -9 of holder and of the first waiter: the next one is in; what the dead one had counts', async (t) => {
  const here = await place(t);
  const holder = here.start({ name: 'holder', share: 'dead', holdMs: 60_000 });
  await until('it is in', 20_000, async () => (await here.entries()).length === 1);
  const [first] = await queued(here, [{ name: 'first', priority: 'interactive' }]);
  const told: [number, number][] = [];
  const waiting = takeTurn(here.options({ priority: 'nightly', onWait: (holders, ahead) => told.push([holders[0]?.pid ?? 0, ahead]) }));
  await until('it is told who has it, and who is ahead', 20_000, () => told.some(([pid, ahead]) => pid === holder.pid && ahead === 1));
  first?.kill('SIGKILL');
  await until('the dead one is not waited for', 20_000, () => told.some(([pid, ahead]) => pid === holder.pid && ahead === 0));
  holder.kill('SIGKILL');
  await (await waiting).release();
  await (await takeTurn(here.options())).release();
  t.same((await readdir(here.dir)).sort(), ['board@use', 'log']);
  t.ok(((await useLately(join(here.dir, 'board@use'), Date.now())).get('dead') ?? 0) > 0);
});

t.test('one that is stopped is passed over, and has its turn when it goes on', { skip: process.platform === 'win32' ? 'no SIGSTOP' : false }, async (t) => {
  const here = await place(t);
  const lease = await acquireLease({ ...BOARD, waitMs: 0, signal, lockDir: here.dir });
  const [stopped] = await queued(here, [{ name: 'stopped', priority: 'interactive' }]);
  stopped?.kill('SIGSTOP');
  const [ticket] = await here.tickets();
  const long = new Date(Date.now() - 11_000);
  // What it may still have been writing comes before this.
  await until('it is stopped', 10_000, async () => / T /.test(await readFile(`/proc/${stopped?.pid}/stat`, 'utf8').catch(() => ' T ')));
  await utimes(join(here.dir, ticket as string), long, long);
  await lease.release();
  await (await takeTurn(here.options({ priority: 'nightly' }))).release();
  stopped?.kill('SIGCONT');
  await stopped;
  t.same(await here.entries(), ['stopped']);
});

t.test('twenty processes, some dying as holders: never two on the board, never more than three cores', async (t) => {
  const here = await place(t);
  const log = join(here.dir, 'log');
  // One core is held here until another one is in: so there are two at once.
  const own = await takeTurn(here.options({ device: 'core', slots: 3 }));
  await appendFile(log, `in core test ${process.pid}\n`);
  const children = Array.from({ length: 20 }, (_, k) => here.start({ name: `p${k}`, share: `s${k % 3}`, priority: (['nightly', 'pull-request', 'interactive'] as const)[k % 3]!, holdMs: 2, die: k % 4 === 0,
    rounds: 2, take: k % 2 === 0 ? [{ device: 'core', slots: 3 }] : [BOARD, { device: 'core', slots: 3 }] }));
  await until('another one is in', 60_000, async () => (await here.entries('core')).length > 1);
  await appendFile(log, `out core test ${process.pid}\n`);
  await own.release();
  await Promise.all(children);
  const most = new Map<string, number>();
  const now = new Map<string, Set<string>>();
  for (const line of (await readFile(log, 'utf8')).trim().split('\n')) {
    const [what, device, , pid] = line.split(' ') as [string, string, string, string];
    const inside = now.get(device) ?? new Set();
    now.set(device, inside);
    if (what === 'in') inside.add(pid);
    else inside.delete(pid);
    most.set(device, Math.max(most.get(device) ?? 0, inside.size));
  }
  t.equal(most.get('board'), 1);
  t.ok((most.get('core') ?? 0) <= 3 && (most.get('core') ?? 0) > 1, `${most.get('core')} cores at once`);
  t.equal((await here.entries('core')).length, 1 + 2 * 15 + 5, 'every one got in');
});

t.test('busy, cancelled, and what is no ticket', async (t) => {
  const here = await place(t);
  const turn = await takeTurn(here.options());
  t.equal(await tryTurn(here.options()), null);
  const error = await takeTurn(here.options({ waitMs: 200 })).catch((e: unknown) => e) as HilError;
  t.match(error, { kind: 'bench', code: 'device.busy', message: new RegExp(`busy for 200 ms; held by .*process ${process.pid}`) });
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 50);
  await t.rejects(takeTurn(here.options({ signal: abort.signal })), { kind: 'cancelled', code: 'device.wait-cancelled' });
  for (const [token, text] of [['0'.repeat(16), ''], ['1'.repeat(16), '{"token":"1111111111111111"}'], ['2'.repeat(16), '[]'], ['3'.repeat(16), `{"a":"${'x'.repeat(9000)}"}`]]) await writeFile(join(here.dir, `board@${token}.waiting`), text as string);
  await writeFile(join(here.dir, 'board@use'), 'no JSON\n{"share":1}\n{"share":"x","until":0,"seconds":-1}\nnull\n');
  await turn.release();
  await turn.release();
  await (await takeTurn(here.options({ priority: 'nightly' }))).release();
  t.equal((await here.tickets()).length, 4, 'only what nobody writes is left, for now');
});

t.test('tryTurn does not go before those that wait', async (t) => {
  const here = await place(t);
  const lease = await acquireLease({ ...BOARD, waitMs: 0, signal, lockDir: here.dir });
  const [child] = await queued(here, [{ name: 'n' }]);
  child?.kill('SIGSTOP'); // awake by its ticket, and slow to take what is free
  await lease.release();
  t.equal(await tryTurn(here.options({ priority: 'nightly' })), null);
  const turn = await tryTurn(here.options({ priority: 'interactive' }));
  t.not(turn, null, 'but for a higher priority');
  await turn?.release();
  child?.kill('SIGCONT');
  await child;
});
