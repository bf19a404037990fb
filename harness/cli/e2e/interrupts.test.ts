import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { acquireLease } from '../../device/index.ts';
import { parseTap } from '../../report/testing/tap-check.ts';
import { encodeNpy } from '../../suite/index.ts';
import { engineModel, hil, startHil } from './hil.ts';
import { listen, noProc, sandbox, until, type Sandbox } from './sandbox.ts';

/** Ctrl-C and SIGTERM in each phase: what hil says, what it writes, what it leaves. */

const LONG = 200_000;
const MODEL_SHA256 = 'd696a26a8237b43a2349d140062fe122b425e7f64a85121b249c794dd02f9a96';

/** A suite of a short case and one that goes on for a minute or more, built from models with different names. */
function twoCases(box: Sandbox): string {
  const dir = path.join(box.dir, 'suite');
  mkdirSync(dir);
  const model = (name: string): object => {
    copyFileSync(engineModel, path.join(dir, `${name}.tflite`));
    return { file: `${name}.tflite`, sha256: MODEL_SHA256 };
  };
  const input = (samples: number): string => {
    writeFileSync(path.join(dir, `${samples}.npy`), encodeNpy({ dtype: 'int8', shape: [samples, 1, 1, 4], data: Int8Array.from({ length: 4 * samples }, (_, k) => (k * 7) % 100) }));
    return `${samples}.npy`;
  };
  const one = (name: string, samples: number): object => ({ name, model: model(name), generator: 'builtin', sequences: [{ name: 'only', input: input(samples) }] });
  writeFileSync(path.join(dir, 'suite.json'), JSON.stringify({ schema: 'hil-suite/1', name: 'two', cases: [one('first', 20), one('second', LONG)] }));
  return dir;
}

/** Nothing of a hil that ended may be left but its report. */
function nothingLeft(t: Test, box: Sandbox): void {
  t.same(box.running(), [], 'no process is left');
  t.same(box.leftovers(), [], 'no lock, work folder or half-written file is left');
}

/** The report says that it is not whole, in every form, and no form calls it a pass. */
function interruptedReport(t: Test, box: Sandbox, reason: RegExp): void {
  const report = box.report();
  t.equal(report.verdict, 'interrupted');
  const unfinished = report.cases.at(-1);
  t.equal(unfinished?.verdict, 'interrupted');
  t.match(unfinished?.reasons[0], reason);
  t.equal(parseTap(readFileSync(path.join(box.out, 'report.tap'), 'utf8')).ok, false, 'the TAP is not ok');
  t.match(readFileSync(path.join(box.out, 'summary.md'), 'utf8'), /INTERRUPTED/);
  t.match(readFileSync(path.join(box.out, 'junit.xml'), 'utf8'), /<error /);
  t.ok(existsSync(path.join(box.out, 'report.html')));
}

t.setTimeout(240_000);

t.test('in each phase of the second case, by Ctrl-C and by SIGTERM', { skip: noProc }, async (t) => {
  for (const [phase, device] of [['build', 'host'], ['start', 'qemu-m55'], ['compare', 'qemu-m55'], ['compare', 'host']] as const) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      await t.test(`${phase} on ${device}, ${signal}`, async (t) => {
        const box = sandbox(t);
        // With one job the second is built after the first has run, and not beside it.
        const child = startHil(['run', twoCases(box), '--device', device, '--out', box.out, ...(phase === 'build' ? ['--jobs', '1'] : [])], { env: { ...box.env, ...(phase === 'build' ? { HIL_CACHE: box.cache } : {}) } });
        await listen(child).heard(new RegExp(`^second on ${device}: ${phase}$`, 'm'));
        child.kill(signal);
        const result = await child;
        t.equal(result.exitCode, 130, String(result.stderr));
        t.match(result.stdout, /^INTERRUPTED/m);
        t.notMatch(result.stderr, /^ +at /m, 'no stack trace');
        interruptedReport(t, box, new RegExp(`^interrupted by ${signal}$`));
        t.equal(box.report().cases.length, 2);
        t.match(box.report().cases[0], { name: 'first', verdict: 'pass', samples: 20 }, 'the finished case is in it');
        nothingLeft(t, box);
      });
    }
  }
});

t.test('while it waits for a device that others use', { skip: noProc }, async (t) => {
  const box = sandbox(t);
  const lockDir = path.join(box.dir, 'home', 'locks');
  const held = await Promise.all(Array.from({ length: 8 }, () => acquireLease({ device: 'host', slots: 8, waitMs: 5000, signal: new AbortController().signal, lockDir, command: 'another run' })));
  const child = startHil(['check', engineModel, '--device', 'host', '--out', box.out], { env: box.env });
  await listen(child).heard(/wait for device \(.* pid \d+ since /);
  child.kill('SIGINT');
  t.equal((await child).exitCode, 130);
  interruptedReport(t, box, /^interrupted by SIGINT$/);
  t.equal(readdirSync(lockDir).length, 8, "the others' locks stay, and there is none of ours");
  for (const lease of held) await lease.release();
  nothingLeft(t, box);
});

t.test('while the report is written', { skip: noProc }, async (t) => {
  // Files are written one after the other, each synced: the first is there for a moment before the last. Where hil is
  // faster than we are, the run was over: then it says so, and we try again.
  let caught = 0;
  for (let attempt = 0; attempt < 12 && caught < 2; attempt += 1) {
    const box = sandbox(t);
    const child = startHil(['check', engineModel, '--device', 'host', '--out', box.out, '--samples', '4'], { env: box.env });
    let over = false;
    void child.then(() => { over = true; });
    const stages = path.join(box.out, '.hil-tmp');
    const begun = (): boolean => {
      try {
        return readdirSync(stages).some((stage) => readdirSync(path.join(stages, stage)).some((name) => name.includes('report.html')));
      } catch {
        return false; // moved meanwhile
      }
    };
    while (!begun() && !over) await soon();
    child.kill('SIGINT');
    const { exitCode, stdout } = await child;
    if (exitCode === 130 && existsSync(path.join(box.out, 'report.json'))) {
      caught += 1;
      t.equal(box.report().verdict, 'interrupted', 'exit code and report say the same');
      t.match(stdout, /^INTERRUPTED/m);
      t.match(readFileSync(path.join(box.out, 'summary.md'), 'utf8'), /INTERRUPTED/);
    } else {
      t.ok(exitCode === 0 || exitCode === undefined, `it was over: ${exitCode}`);
      t.equal(box.report().verdict, 'pass');
    }
    nothingLeft(t, box);
  }
  t.ok(caught > 0, `caught ${caught} times`);
});

t.test('a second Ctrl-C ends at once, and the keeper ends the rest', { skip: noProc }, async (t) => {
  const box = sandbox(t);
  const deaf = path.join(box.dir, 'deaf-qemu');
  writeFileSync(deaf, `#!/bin/sh
case "$1 $2" in
  --version*) echo 'QEMU emulator version 9.0.0';;
  '-M help') printf 'Supported machines are:\\nmps3-an547 a machine\\n';;
  *) trap '' TERM INT; echo up >&2; while :; do sleep 0.1; done;;
esac
`, { mode: 0o755 });
  const child = startHil(['check', engineModel, '--device', 'qemu-m55', '--out', box.out, '--verbose'], { env: { ...box.env, HIL_QEMU: deaf } });
  await listen(child).heard(/: up$/m);
  child.kill('SIGINT'); // hil now gives the target a second to obey
  child.kill('SIGTERM');
  const { exitCode } = await child;
  t.equal(exitCode, 130);
  t.notOk(existsSync(path.join(box.out, 'report.json')), 'it did not stay to write the report');
  await until('the end of the deaf target', () => box.running().length === 0, 10_000);
  const next = await hil(['check', engineModel, '--device', 'qemu-m55', '--out', box.out], { env: box.env });
  t.equal(next.code, 0, next.stderr);
  nothingLeft(t, box);
});

t.test('killed by SIGKILL: its target ends, the next run cleans up and passes', { skip: noProc }, async (t) => {
  for (const [phase, cache] of [['compare', false], ['build', true]] as const) {
    await t.test(phase, async (t) => {
      const box = sandbox(t);
      const env = { ...box.env, ...(cache ? { HIL_CACHE: box.cache } : {}) };
      const child = startHil(['check', engineModel, '--device', 'qemu-m55', '--samples', String(LONG), '--out', box.out, '--verbose'], { env });
      await listen(child).heard(cache ? /: compile /m : new RegExp(`: ${phase}$`, 'm'));
      if (!cache) t.match(box.running().join('\n'), /qemu-system-arm.* -M mps3-an547/, 'QEMU runs');
      child.kill('SIGKILL');
      await child;
      await until(`the end of ${box.running().join('; ')}`, () => box.running().length === 0, 10_000);
      t.not(box.leftovers().length, 0, 'it had no chance to clean up');
      t.notOk(existsSync(path.join(box.out, 'report.json')), 'no half report');
      const next = await hil(['check', engineModel, '--device', 'qemu-m55', '--out', box.out], { env });
      t.equal(next.code, 0, next.stderr);
      t.equal(box.report().verdict, 'pass');
      nothingLeft(t, box);
    });
  }
});

t.test('--timeout-ms ends a long check as a failure of the bench', { skip: noProc }, async (t) => {
  const box = sandbox(t);
  const { code, stdout } = await hil(['check', engineModel, '--device', 'qemu-m55', '--samples', String(LONG), '--timeout-ms', '1500', '--out', box.out], { env: box.env });
  t.equal(code, 4);
  t.match(stdout, /not finished after --timeout-ms 1500/);
  t.equal(box.report().verdict, 'bench-error');
  t.equal(parseTap(readFileSync(path.join(box.out, 'report.tap'), 'utf8')).ok, false);
  nothingLeft(t, box);
});
