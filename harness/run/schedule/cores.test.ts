import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { tempDir } from '../../device/testing/helpers.ts';
import { Cores, type CoreWait } from './cores.ts';
import { TimeLeft } from './time-left.ts';

t.setTimeout(60_000);
const home = await tempDir(t);
process.env['HIL_HOME'] = home;
const signal = new AbortController().signal;
const claim = { priority: 'interactive', share: 'me' } as const;
const wait = (urgency: number, more: Partial<CoreWait> = {}): CoreWait => ({ urgency: () => urgency, signal, waitMs: 10_000, onWait: () => undefined, ...more });

/** Starts works at once, which end when so many have been at it at a time. @returns the most that were, and the order in which they began */
async function together(cores: readonly Cores[], urgencies: readonly number[], atOnce: number): Promise<{ most: number; order: number[] }> {
  let now = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(urgencies.map((urgency, k) => (cores[k % cores.length] as Cores).run(wait(urgency), async () => {
    order.push(urgency);
    most = Math.max(most, now += 1);
    for (let ms = 0; ms < 20 || (most < atOnce && ms < 5000); ms += 20) await sleep(20);
    now -= 1;
  })));
  return { most, order };
}

t.test('so many at a time, the most urgent first', async (t) => {
  t.equal((await together([new Cores({ ...claim, jobs: 2, hostJobs: 8 })], [5, 5, 1, 2, 9, -1e15, 7], 2)).most, 2);
  const { most, order } = await together([new Cores({ ...claim, jobs: 1, hostJobs: 8 })], [5, 1, 2, 9, -1e15, 7], 1);
  t.equal(most, 1);
  t.same(order.toString(), '5,9,7,2,1,-1000000000000000');
});

t.test('of all processes on the computer too; urgency is looked at when a core comes free', async (t) => {
  const two = [new Cores({ ...claim, jobs: 4, hostJobs: 3 }), new Cores({ ...claim, priority: 'nightly', jobs: 4, hostJobs: 3 })];
  t.equal((await together(two, Array.from({ length: 12 }, () => 1), 3)).most, 3);
  const one = new Cores({ ...claim, jobs: 1, hostJobs: 1 });
  const order: string[] = [];
  let late = 0;
  await Promise.all([
    one.run(wait(1), async () => { await sleep(30); late = 10; }),
    one.run(wait(5), async () => void order.push('was first')),
    one.run(wait(0, { urgency: () => late }), async () => void order.push('became urgent')),
  ]);
  t.same(order, ['became urgent', 'was first']);
  t.same((await readdir(path.join(home, 'turns'))).filter((name) => !name.endsWith('@use')), [], 'nothing is left');
});

t.test('what fails or is stopped gives its core back; a core that never comes free is a bench error', async (t) => {
  const one = new Cores({ ...claim, jobs: 2, hostJobs: 1 });
  await t.rejects(one.run(wait(0), async () => { throw new Error('its own'); }), { message: 'its own' });
  t.equal(await one.run(wait(0), async () => 7), 7);
  let told = '';
  await one.run(wait(0), async () => {
    await t.rejects(one.run(wait(0, { waitMs: 100, onWait: (holders, ahead) => { told = `${holders[0]?.pid} ${ahead}`; } }), async () => 1), { kind: 'bench', code: 'host.busy', hint: /HIL_HOST_JOBS/ });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    await t.rejects(one.run(wait(0, { signal: abort.signal }), async () => 1), { kind: 'cancelled', code: 'device.wait-cancelled' });
  });
  t.equal(told, `${process.pid} 0`);
});

t.test('the time that a device has left: guessed, then put right', async (t) => {
  const board = new TimeLeft([100, 100, 300], true);
  board.begin(0);
  t.equal(board.urgency(0), 500);
  t.equal(board.urgency(1), 500, 'the next image of a board is as urgent as its run');
  board.end(0, 200);
  board.begin(1);
  t.equal(board.urgency(1), 800, 'it is twice as slow as guessed');
  const emulated = new TimeLeft([100, 100], false);
  emulated.begin(0);
  t.ok(emulated.urgency(1) < 0, 'made when nothing else is to be done');
  emulated.begin(1);
  t.equal(emulated.urgency(1), 100, 'until it is its turn');
});
