import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { takeTurn } from '../../device/index.ts';
import { hil, root, startHil } from './hil.ts';
import { noProc, sandbox, until } from './sandbox.ts';
import { smallSuite } from './scene.ts';

// Two hil at once on one device with one slot: a nightly run, and a pull request that comes in the middle of it.
t.setTimeout(240_000);

t.test('between two groups of cases a nightly gives way to a pull request, and both say whom they wait for', { skip: noProc }, async (t) => {
  const box = sandbox(t);
  const devices = path.join(box.dir, 'devices');
  mkdirSync(devices);
  const host = JSON.parse(readFileSync(path.join(root, 'devices/host.json'), 'utf8')) as object;
  writeFileSync(path.join(devices, 'only.json'), JSON.stringify({ ...host, id: 'only', slots: 1 }));
  const suite = smallSuite(path.join(box.dir, 's'), ['steps']);
  const file = path.join(suite, 'suite.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as { cases: object[] };
  writeFileSync(file, JSON.stringify({ ...json, cases: Array.from({ length: 12 }, (_, k) => ({ ...json.cases[0], name: `case${k}` })) }));
  const env = { ...box.env, HIL_DEVICES: devices };
  const said: string[] = [];
  const begin = (name: string, args: readonly string[], more: Readonly<Record<string, string>>): ReturnType<typeof startHil> => {
    const child = startHil(['run', suite, '--device', 'only', '--out', path.join(box.dir, name), ...args], { env: { ...env, ...more } });
    if (child.stderr !== null) createInterface(child.stderr).on('line', (line) => said.push(`${name}: ${line}`));
    return child;
  };
  const nightly = begin('nightly', [], { GITHUB_EVENT_NAME: 'schedule', HIL_SHARE: 'all' });
  await until('the nightly runs', () => said.some((line) => /^nightly: case1 on only: compare/.test(line)));
  // A third one has the device for as long as it takes until both wait.
  const home = box.env['HIL_HOME'] as string;
  const third = await takeTurn({ device: 'only', slots: 1, waitMs: 60_000, signal: new AbortController().signal, priority: 'interactive', share: 'third', lockDir: path.join(home, 'locks'), turnsDir: path.join(home, 'turns') });
  const pull = begin('pull', ['--case', 'case0'], { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REPOSITORY: 'me/it' });
  const waits = (name: string): boolean => said.some((line) => line.startsWith(`${name}: `) && line.includes(`: wait for device (`) && line.includes(` pid ${process.pid} since `));
  await until('both wait, and say for whom', () => waits('nightly') && waits('pull'));
  const before = said.length;
  await third.release();
  const [a, b] = await Promise.all([nightly, pull]);
  t.same([a.exitCode, b.exitCode], [0, 0], `${String(a.stdout)}${String(b.stdout)}`);
  const starts = said.slice(before).filter((line) => /: start$/.test(line));
  t.equal(starts[0], 'pull: case0 on only: start', starts.join('\n'));
  t.ok(starts.length > 5, 'and the nightly goes on after it');
  t.same(box.leftovers().filter((name) => name.startsWith('home')), []);
});

t.test('what cannot be is said before anything runs', async (t) => {
  const box = sandbox(t);
  for (const [args, env, what] of [
    [['--jobs', '0'], {}, /--jobs: expected a whole number from 1/], [['--bench-retries', 'x'], {}, /--bench-retries: expected/], [['--retry-wait-ms', '-1'], {}, /--retry-wait-ms: expected/],
    [['--priority', 'soon'], {}, /--priority.*interactive, pull-request, nightly/], [[], { HIL_PRIORITY: 'soon' }, /HIL_PRIORITY: expected one of interactive, pull-request, nightly/], [[], { HIL_JOBS: '1.5' }, /HIL_JOBS: expected/], [[], { HIL_HOST_JOBS: '-1' }, /HIL_HOST_JOBS: expected/],
  ] as const) {
    const { code, stderr } = await hil(['run', path.join(root, 'suites/engine-rom'), '--device', 'host', '--out', box.out, ...args], { env: { ...box.env, ...env } });
    t.equal(code, 2, stderr);
    t.match(stderr, what);
  }
});
