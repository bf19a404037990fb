import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { encodeNpy } from '../../suite/index.ts';
import { engineModel, hil, root, suiteDir } from './hil.ts';
import { listen, noProc, sandbox, until, type Sandbox } from './sandbox.ts';

/** A job of a workflow that is cancelled: the step is the one of the action, and gets what GitHub's runner sends. */
t.setTimeout(240_000);
const LONG = 400_000;
const { runs } = parse(readFileSync(path.join(root, '.github/actions/device-run/action.yml'), 'utf8')) as { runs: { steps: { id?: string; name?: string; if?: string; run: string }[] } };
const step = runs.steps.find(({ id }) => id === 'run');
const after = runs.steps.find(({ run }) => run.includes('after-run.mjs'));

/** As the runner starts a step with shell: bash, in a checkout whose suite goes on for a minute or more. */
function startStep(box: Sandbox, job: string, script = step?.run ?? '') {
  const suite = path.join(box.dir, 'suite');
  mkdirSync(suite);
  for (const folder of ['bin', 'scripts']) symlinkSync(path.join(root, folder), path.join(box.dir, folder));
  copyFileSync(engineModel, path.join(suite, 'm.tflite'));
  writeFileSync(path.join(suite, 'i.npy'), encodeNpy({ dtype: 'int8', shape: [LONG, 1, 1, 4], data: Int8Array.from({ length: 4 * LONG }, (_, k) => (k * 7) % 100) }));
  const { cases: [one] } = JSON.parse(readFileSync(path.join(suiteDir, 'suite.json'), 'utf8')) as { cases: { model: { sha256: string } }[] };
  writeFileSync(path.join(suite, 'suite.json'), JSON.stringify({ schema: 'hil-suite/1', name: 'long', cases: [{ name: 'long', model: { file: 'm.tflite', sha256: one?.model.sha256 }, generator: 'builtin', sequences: [{ name: 'only', input: 'i.npy' }] }] }));
  writeFileSync(path.join(box.dir, 'step.sh'), script);
  return execa('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', path.join(box.dir, 'step.sh')], {
    cwd: box.dir, reject: false, stdin: 'ignore', env: { ...box.env, NO_COLOR: '1', HIL_JOB: job, DEVICE: 'qemu-m55', SUITE: suite, PRIORITY: 'nightly', RETRIES: '2' },
  });
}

const outcome = async (box: Sandbox): Promise<string> => (await execa('node', ['scripts/ci/outcome.mjs', 'reports/ci/qemu-m55'], { cwd: box.dir })).stdout;
const cleanUp = (box: Sandbox, job: string, patienceMs: number) => execa('bash', ['-c', after?.run ?? 'exit 9'], { cwd: box.dir, reject: false, env: { ...box.env, HIL_JOB: job, HIL_AFTER_RUN_MS: String(patienceMs) } });

function nothingLeft(t: Test, box: Sandbox): void {
  t.same(box.running(), [], 'no process is left');
  t.same(box.leftovers(), [], 'no lease, work folder or half-written file is left');
}

t.test('SIGINT is enough: it ends, and lets go of the device', { skip: noProc }, async (t) => {
  const box = sandbox(t);
  const job = startStep(box, 'cancelled-1');
  await listen(job).heard(/compare/);
  t.match(box.running().join('\n'), /qemu-system-arm/, 'QEMU runs');
  const asked = performance.now();
  job.kill('SIGINT');
  const { exitCode } = await job;
  t.comment(`it took ${Math.round(performance.now() - asked)} ms; after 7500 ms the runner would have sent SIGTERM`);
  t.equal(exitCode, 130);
  nothingLeft(t, box);
  t.match(await outcome(box), /^verdict=interrupted\nblame=bench\n/);
  t.equal(after?.if, 'always()');
  t.match(await cleanUp(box, 'cancelled-1', 0), { exitCode: 0, stdout: /nothing of this job is left/ });
});

t.test('killed at once: the keeper ends the target, and the device is free for the next job', { skip: noProc }, async (t) => {
  const box = sandbox(t);
  const job = startStep(box, 'cancelled-2');
  await listen(job).heard(/compare/);
  for (const pid of await treeOf(job.pid ?? 0)) process.kill(pid, 'SIGKILL');
  await job;
  t.match(await cleanUp(box, 'cancelled-2', 20_000), { exitCode: 0, stdout: /^nothing of this job is left running$/ });
  t.same(box.running(), [], 'no process is left');
  t.match(await outcome(box), /^verdict=none\nblame=bench\n/);
  const next = await hil(['check', engineModel, '--device', 'qemu-m55', '--samples', '4', '--out', box.out], { env: box.env });
  t.equal(next.code, 0, next.stderr);
  nothingLeft(t, box);
});

t.test('without exec the signals reach the shell alone; what then stays is ended', { skip: noProc }, async (t) => {
  const box = sandbox(t);
  const job = startStep(box, 'cancelled-3', `${(step?.run ?? '').replace(/^exec /, '')}\necho done\n`);
  await listen(job).heard(/compare/);
  job.kill('SIGTERM');
  // Its pipes stay open for as long as hil has them.
  await until('the end of the shell', () => !isThere(job.pid ?? 0));
  t.match(box.running().join('\n'), /qemu-system-arm/, 'hil goes on, and holds the device');
  const cleaned = await cleanUp(box, 'cancelled-3', 100);
  t.equal(cleaned.exitCode, 0, cleaned.stdout);
  t.match(cleaned.stdout, /::warning title=bench error::left running by this job, ended now: process/);
  await until('the end of all', () => box.running().length === 0, 10_000);
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A process and its children, as far as the keeper is none of them: GitHub's runner kills the tree. */
async function treeOf(pid: number): Promise<number[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid=,ppid=,args='], {});
  const all = stdout.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)).filter((one) => one !== null).map(([, own, parent, args]) => ({ pid: Number(own), parent: Number(parent), args }));
  const below = (root: number): number[] => all.filter(({ parent, args }) => parent === root && args?.includes('keeper.mjs') !== true && args?.includes('qemu-system') !== true).flatMap((one) => [one.pid, ...below(one.pid)]);
  return [pid, ...below(pid)];
}
