import t, { type Test } from 'tap';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineModel, root } from './hil.ts';
import { onlyCase, Scene, smallSuite, type SceneRun } from './scene.ts';

// A bench that fails: exit 4 with what is broken, how to mend it, and nothing left behind. QEMU is real where it is killed,
// elsewhere it is replaced by a stand-in (fixtures/qemu-stand-in.ts).
t.setTimeout(280_000);
const scene = new Scene(t);
const suite = smallSuite(scene.dir, ['steps']);
const fixture = fileURLToPath(new URL('./fixtures/qemu-stand-in.ts', import.meta.url));
const standIn = scene.program('qemu-stand-in', `#!/bin/sh\nexec "${process.execPath}" "${fixture}" "$@"\n`);
const timeouts = { startMs: 15_000, helloMs: 10_000, replyMs: 1000, silenceMs: 10_000 };

/** A run on the stand-in, with short deadlines where they are what is waited for. */
function withStandIn(mode: string, env: Readonly<Record<string, string>> = {}, device = 'qemu-m55'): Promise<SceneRun> {
  return scene.run(['run', suite, '--device', device], { env: { HIL_QEMU: standIn, REAL_QEMU: process.env['HIL_QEMU'] ?? '', STAND_IN: mode, ...env } });
}

/** Exit 4 and a bench error for this reason, nothing said about the code, nothing left. */
function checkBench(t: Test, run: SceneRun, reason: RegExp, hint: RegExp): void {
  t.equal(run.code, 4, run.stderr);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.equal(one.verdict, 'bench-error');
  t.match(one.reasons[0], reason);
  t.match(one.reasons.join('\n'), hint, 'how to mend it');
  t.equal(one.fault, null);
  t.match(run.stdout, /BENCH ERROR: /);
  t.match(run.stdout, hint);
  t.match(run.file('junit.xml'), /<error /);
  t.notMatch(run.file('junit.xml'), /<failure /);
  t.match(run.file('report.tap'), /^Bail out! the bench failed/m);
}

t.test('no compiler: what to install', async (t) => {
  const run = await scene.run(['run', suite, '--device', 'qemu-m55'], { env: { HIL_ARM_GCC: '/nonexistent/gcc' } });
  checkBench(t, run, /cannot build: HIL_ARM_GCC names \/nonexistent\/gcc, which is no program/, /apt-get install gcc-arm-none-eabi/);
});

t.test('no QEMU, or something else of that name: what to install', async (t) => {
  const none = await scene.run(['run', suite, '--device', 'qemu-m55'], { env: { HIL_QEMU: '/nonexistent/qemu' } });
  checkBench(t, none, /device qemu-m55 cannot be used: HIL_QEMU \(\/nonexistent\/qemu\) is no program/, /apt-get install qemu-system-arm/);
  checkBench(t, await withStandIn('no-qemu'), /does not answer to --version as QEMU does|qemu-system-arm/, /apt-get install qemu-system-arm/);
});

t.test('no place for temporary files: the device is given back', async (t) => {
  const file = path.join(scene.dir, 'no-folder');
  writeFileSync(file, '');
  const run = await scene.run(['run', suite, '--device', 'host'], { env: { TMPDIR: file } });
  checkBench(t, run, /cannot make the temporary folder/, /Set TMPDIR to a folder that can be written/);
});

t.test('QEMU is killed in the middle of a run', async (t) => {
  let killed = 0;
  const out = path.join(scene.dir, 'killed');
  const inRun = (): boolean => {
    const stages = path.join(out, '.hil-tmp');
    return existsSync(stages) && readdirSync(stages).some((stage) => {
      const file = path.join(stages, stage, 'transcript.ndjson');
      return existsSync(file) && readFileSync(file, 'utf8').includes('"type":"RUN"');
    });
  };
  const run = await scene.run(['check', engineModel, '--device', 'qemu-m55', '--samples', '60000'], {
    out,
    onProcess: ({ pid, command }) => {
      if (!/-M mps3-an547 .*-kernel /.test(command)) return;
      const timer = setInterval(() => {
        if (!inRun()) return;
        clearInterval(timer);
        killed = pid;
        process.kill(pid, 'SIGKILL');
      }, 20);
      t.teardown(() => clearInterval(timer));
    },
  });
  t.ok(killed > 0, 'a QEMU was found and killed');
  checkBench(t, run, /connection closed after \d+ bytes.*ended by SIGKILL/, /look at how the target ended/);
});

t.test('a QEMU that ends at once: its own words, made harmless', async (t) => {
  const run = await withStandIn('exit');
  checkBench(t, run, /QEMU ended at once with status 3: stand-in: could not set up the machine/, /hil devices doctor qemu-m55/);
  t.notMatch(run.stdout, /\u001b/, 'no escape sequence of the target reaches the terminal');
});

t.test('silence, garbage and text instead of HELLO: told apart, within the deadline', async (t) => {
  const device = scene.device('qemu-m55-quick', 'qemu-m55', { timeouts: { ...timeouts, helloMs: 700 } });
  checkBench(t, await withStandIn('silent', {}, device), /no answer to HELLO within 700 ms; nothing at all was received/, /flashed and started/);
  checkBench(t, await withStandIn('garbage', {}, device), /no answer to HELLO within 700 ms; only \d+ bytes of garbage were received/, /baud rate/);
  const text = await withStandIn('text', {}, device);
  checkBench(t, text, /no answer to HELLO within 700 ms; only text was received: .*boot: the clock is not ready/, /read the text/);
  t.ok(onlyCase(text).log.some((line) => line.includes('boot: the clock is not ready')), 'the text is in the log too');
});

t.test('--timeout-ms ends what would wait longer', async (t) => {
  const device = scene.device('qemu-m55-patient', 'qemu-m55', { timeouts: { ...timeouts, helloMs: 100_000 } });
  const run = await scene.run(['run', suite, '--device', device, '--timeout-ms', '4000'], { env: { HIL_QEMU: standIn, REAL_QEMU: process.env['HIL_QEMU'] ?? '', STAND_IN: 'silent' } });
  checkBench(t, run, /not finished after --timeout-ms 4000/, /more time/);
});

t.test('another image answers: nothing of it is believed', async (t) => {
  const other = await scene.run(['check', engineModel, '--device', 'qemu-m55', '--samples', '3', '--profile', 'tflm-2026-08']);
  t.equal(other.code, 0, other.stdout);
  const [image] = readdirSync(path.join(other.out, 'images'));
  const run = await withStandIn('other-image', { OTHER_IMAGE: path.join(other.out, 'images', image ?? '') });
  checkBench(t, run, /another image runs: HELLO says build [0-9a-f]{32}, built was [0-9a-f]{32}$/, /flash/);
  t.strictSame(onlyCase(run).layers, []);
});

t.test('a device that falls silent in the middle of a RUN', async (t) => {
  const device = scene.device('qemu-m55-short', 'qemu-m55', { timeouts: { ...timeouts, silenceMs: 1200 } });
  checkBench(t, await withStandIn('mute-in-run', {}, device), /nothing was heard for \d+ ms of a RUN/, /silenceMs/);
});

t.test('an output folder that cannot be made: exit 4, and the file in its way stays', async (t) => {
  const file = path.join(scene.dir, 'in-the-way');
  writeFileSync(file, 'mine');
  const run = await scene.run(['run', suite, '--device', 'host'], { out: path.join(file, 'out') });
  t.equal(run.code, 4);
  t.strictSame(run.left, []);
  t.equal(run.report, null);
  t.match(run.stderr, /^hil: cannot write to the output folder .*in-the-way.*\n +-> Name another folder/m);
  t.equal(readFileSync(file, 'utf8'), 'mine');
});

/** Mounts only this process can see; not everyone may make them. */
const noMounts = ((): string | false => {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', scene.home], { stdio: 'ignore' });
    return false;
  } catch {
    return 'needs the right to mount a tmpfs';
  }
})();

/** hil with a disk of its own as output folder. @returns what it printed, its exit code, and the names that were left */
function onDisk(options: string, device: string): string {
  const out = path.join(scene.dir, 'mounted');
  const script = `exec 2>&1; mkdir -p "$1" && mount -t tmpfs -o ${options} tmpfs "$1" && shift && "$@"; echo "exit $?"; ls -A "${out}"`;
  return execFileSync('unshare', ['-m', 'sh', '-c', script, 'sh', out, process.execPath, path.join(root, 'harness/cli/main.ts'), 'run', suite, '--device', device, '--out', out],
    { cwd: root, encoding: 'utf8', env: { ...process.env, HIL_HOME: scene.home, NO_COLOR: '1' } });
}

t.test('a read-only disk', { skip: noMounts }, async (t) => {
  const printed = onDisk('ro', 'host');
  t.match(printed, /hil: cannot write to the output folder .*\n +-> Name another folder[\s\S]*\nexit 4\n$/);
  t.strictSame(readdirSync(path.join(scene.home, 'locks')), []);
});

t.test('a disk that is full at the start, at the image, at the transcript, at the report', { skip: noMounts }, async (t) => {
  for (const size of ['8k', '200k', '260k', '330k']) {
    const printed = onDisk(`size=${size}`, 'qemu-m55');
    t.match(printed, /\nexit 4\n/, size);
    t.match(printed, /ENOSPC: no space left on device[\s\S]*(->|what to do:) Check the space/, size);
    t.notMatch(printed, /internal error|node:internal|\.ts:\d+/, `${size}: no stack trace`);
    const left = printed.slice(printed.indexOf('\nexit 4\n') + 8).split('\n').filter((name) => name !== '');
    t.ok(left.length === 0 || ['junit.xml', 'report.html', 'report.json', 'report.tap', 'summary.md'].every((name) => left.includes(name)), `${size}: a whole report or none: ${left.join(' ')}`);
    t.notOk(left.includes('.hil-tmp'), size);
    t.strictSame(readdirSync(path.join(scene.home, 'locks')), [], size);
  }
});
