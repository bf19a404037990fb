import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { readData } from '../../history/dashboard/testing/built-site.ts';
import type { StartData } from '../../history/dashboard/site-data.ts';
import { openHistory } from '../../history/index.ts';
import { simulateRuns } from '../../history/testing/simulated-runs.ts';
import { hil, scratch, startHil } from './hil.ts';

/** hil dashboard --out, as a user starts it. */
t.setTimeout(120_000);
const dir = scratch(t);
const env = { HIL_HISTORY: path.join(dir, 'history.sqlite'), HIL_HOME: path.join(dir, 'home'), HIL_DEVICES: '' };
const history = await openHistory(env.HIL_HISTORY);
for (const report of simulateRuns({ runs: 160 }).runs()) await history.add({ report, dir: null });
await history.close();
const site = path.join(dir, 'site');
const put = await hil(['devices', 'quarantine', 'qemu-m4', '--reason', 'slow today', '--until', '2099-01-31'], { env });
const first = await hil(['dashboard', '--out', site, '--json', '--title', 'Mine', '--since', '2026-01-07', '--commit-url', 'https://git.example/commit/'], { env });

t.test('the site is written, and told as JSON', async (t) => {
  t.match(first, { code: 0, stderr: '' });
  const told = JSON.parse(first.stdout) as { index: string; runs: number; files: number; bytes: number };
  t.equal(told.index, path.join(site, 'index.html'));
  t.ok(told.runs > 0 && told.runs < 160, 'the filter counts');
  const start = readData(site, 'start') as StartData;
  t.match(start, { title: 'Mine', filters: ['--since 2026-01-07'], commitUrl: 'https://git.example/commit/', totals: { runs: told.runs } });
  t.equal(put.code, 0);
  t.match(start.quarantines.find(({ name }) => name === 'qemu-m4'), { kind: 'device', reason: 'slow today', until: '2099-01-31', from: 'hil devices quarantine' });
});

t.test('what is refused', async (t) => {
  const occupied = path.join(dir, 'occupied');
  await hil(['dashboard', '--out', occupied], { env });
  writeFileSync(path.join(dir, 'mine.txt'), '');
  for (const [args, code, text] of [
    [[], 2, /--out DIR or --serve is missing/],
    [['--out', dir], 2, /not empty and was not written by hil dashboard/], [['--out', path.join(dir, 'mine.txt')], 4, /cannot write the site/],
    [['--out', occupied, '--commit-url', 'javascript:alert(1)'], 2, /--commit-url: expected an address/], [['--out', occupied, '--report-url', 'https://me:secret@ci.example/'], 2, /holds no password/], [['--out', occupied, '--report-mb', 'x'], 2, /--report-mb: expected/],
    [['--out', path.join(dir, 'never'), '--suite', 'gone'], 2, /no run in .* fits --suite gone/],
  ] as const) {
    const run = await hil(['dashboard', ...args], { env });
    t.match(run, { code, stderr: text, stdout: '' }, args.join(' '));
  }
  t.notOk(existsSync(path.join(dir, 'never')));
  t.match(await hil(['dashboard', '--out', path.join(dir, 'never')], { env: { ...env, HIL_HISTORY: path.join(dir, 'empty.sqlite') } }), { code: 2, stderr: /has no runs to show[\s\S]*hil run/ });
});

t.test('killed while it writes: the old site is whole, and the next build takes over', async (t) => {
  const before = readFileSync(path.join(site, 'index.html'), 'utf8');
  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    const there = readdirSync(path.join(site, 'data'));
    const builds = (): string[] => readdirSync(path.join(site, 'data')).filter((name) => !there.includes(name));
    const killed = startHil(['dashboard', '--out', site], { env });
    // The new data are being written: that is when it hurts most.
    for (const end = Date.now() + 60_000; !builds().some((name) => existsSync(path.join(site, 'data', name)) && readdirSync(path.join(site, 'data', name)).length > 2);) {
      if (Date.now() > end) throw new Error('no build within 60 s');
      await sleep(2);
    }
    killed.kill(signal);
    const ended = await killed;
    t.match(ended, signal === 'SIGKILL' ? { signal } : { exitCode: 130 }, signal);
    t.equal(readFileSync(path.join(site, 'index.html'), 'utf8'), before);
    t.match(readData(site, 'start'), { title: 'Mine' });
    t.equal(existsSync(path.join(site, '.hil-dashboard.lock')), signal === 'SIGKILL');
    t.equal(builds().length, signal === 'SIGKILL' ? 1 : 0, 'who is asked to end takes away what it wrote');
  }
  t.match(await hil(['dashboard', '--out', site], { env }), { code: 0, stdout: /160 runs[\s\S]*Dashboard: / });
  t.equal(readdirSync(path.join(site, 'data')).length, 1);
  t.match(readData(site, 'start'), { totals: { runs: 160 } });
});
