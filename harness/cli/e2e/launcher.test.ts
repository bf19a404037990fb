import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import t from 'tap';
import { engineModel, hil, root, scratch, startHil } from './hil.ts';
import { listen, noProc, sandbox, until, type Sandbox } from './sandbox.ts';

/** What reaches hil through bin/hil.mjs from an older Node, which stays as hil's parent; and output that nobody reads. */

/** A Node on PATH that is too old to run hil itself, as many systems have it. */
const oldNode = (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'node')).find((file) => {
  if (!existsSync(file)) return false;
  const version = /^v(\d+)\./.exec(spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 60_000 }).stdout ?? '');
  return version !== null && Number(version[1]) >= 20 && Number(version[1]) < 24;
});
const skip = noProc || (oldNode === undefined ? 'no Node 20 to 23 on PATH' : false);

t.setTimeout(240_000);

/** As a shell starts it: a process group of its own. */
async function launchLongCheck(box: Sandbox): Promise<ChildProcess & { pid: number }> {
  const child = spawn(oldNode ?? '', [join(root, 'bin/hil.mjs'), 'check', engineModel, '--device', 'qemu-m55', '--samples', '200000', '--out', box.out],
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...box.env, NO_COLOR: '1' } });
  await listen(child).heard(/: compare$/m);
  return child as ChildProcess & { pid: number };
}

t.test('started by an older Node', { skip }, async (t) => {
  await t.test('Ctrl-C in a terminal reaches the whole process group, and counts once', async (t) => {
    const box = sandbox(t);
    const child = await launchLongCheck(box);
    process.kill(-child.pid, 'SIGINT');
    t.same(await once(child, 'exit'), [130, null]);
    t.equal(box.report().verdict, 'interrupted', 'it stayed to write the report');
    t.match(box.report().cases[0]?.reasons, [/^interrupted by SIGINT$/]);
    t.same([...box.running(), ...box.leftovers()], []);
  });

  await t.test('SIGTERM to the launcher alone', async (t) => {
    const box = sandbox(t);
    const child = await launchLongCheck(box);
    child.kill('SIGTERM');
    t.same(await once(child, 'exit'), [130, null]);
    t.match(box.report().cases[0]?.reasons, [/^interrupted by SIGTERM$/]);
    t.same([...box.running(), ...box.leftovers()], []);
  });

  await t.test('SIGKILL of the launcher', async (t) => {
    const box = sandbox(t);
    const child = await launchLongCheck(box);
    child.kill('SIGKILL');
    t.same(await once(child, 'exit'), [null, 'SIGKILL']);
    await until(`the end of ${box.running().join('; ')}`, () => box.running().length === 0, 20_000);
    t.equal(box.report().verdict, 'interrupted');
    t.match(box.report().cases[0]?.reasons, [/the program that started hil is gone/]);
    t.same(box.leftovers(), []);
  });

  await t.test('exit codes and output pass through', async (t) => {
    for (const [args, code, text] of [[['--version'], 0, /^\d+\.\d+\.\d+\n$/], [['inspect', 'no.tflite'], 2, /^$/]] as const) {
      const { status, stdout } = spawnSync(oldNode ?? '', [join(root, 'bin/hil.mjs'), ...args], { encoding: 'utf8', timeout: 60_000 });
      t.equal(status, code);
      t.match(stdout, text);
    }
  });
});

t.test('a reader that goes away is no crash', async (t) => {
  const { stdout, stderr, status } = spawnSync('sh', ['-c', '"$0" "$1" inspect "$2" | head -n 1', process.execPath, join(root, 'harness/cli/main.ts'), engineModel], { encoding: 'utf8', timeout: 60_000 });
  t.equal(status, 0);
  t.equal(stdout.split('\n').length, 2);
  t.equal(stderr, '');
});

t.test('a run whose output nobody reads still writes its report, and keeps its exit code', { skip: noProc }, async (t) => {
  const box = sandbox(t);
  for (const [args, code] of [[['check', engineModel, '--device', 'host', '--out', box.out], 0], [['inspect', 'no.tflite'], 2]] as const) {
    const child = startHil(args, { env: box.env });
    child.stdout.destroy();
    child.stderr.destroy();
    t.equal((await child).exitCode, code);
  }
  t.equal(box.report().verdict, 'pass');
  t.same(box.leftovers(), []);
});

t.test('output that cannot be written is never exit code 0', { skip: existsSync('/dev/full') ? false : 'no /dev/full' }, async (t) => {
  const child = spawnSync(process.execPath, [join(root, 'harness/cli/main.ts'), 'inspect', engineModel, '--json'], { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'], encoding: 'utf8', timeout: 60_000 });
  t.equal(child.status, 4);
  t.match(child.stderr, /^hil: cannot write to standard output: .*ENOSPC.*\n$/);
});

t.test('an output folder that cannot be made', async (t) => {
  const dir = scratch(t);
  for (const args of [['check', engineModel, '--device', 'host'], ['generate', engineModel], ['reference', engineModel, '--input', join(root, 'suites/engine-rom/sequences/steps.input.npy')]]) {
    const { code, stderr, stdout } = await hil([...args, '--out', '/dev/null/x'], { cwd: dir });
    t.equal(code, 4, stderr);
    t.match(stderr, /^hil: cannot write to the output folder \/dev\/null\/x.*\n  -> Name another folder with --out.*$/);
    t.equal(stdout, '');
  }
});
