import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { hil } from './hil.ts';
import { onlyCase, Scene, smallSuite } from './scene.ts';

// A QEMU that ends at once the first time, and is the real one from then on: what a bench does that recovers by itself.
t.setTimeout(240_000);
const scene = new Scene(t);
const suite = smallSuite(scene.dir, ['steps']);
const broken = path.join(scene.dir, 'was-broken');
const qemu = scene.program('qemu-now-and-then', `#!/bin/sh
case "$*" in
  *-kernel*|*-device*loader*) if [ ! -e "${broken}" ]; then : > "${broken}"; echo 'could not set up the machine' >&2; exit 3; fi;;
esac
exec "\${REAL_QEMU:-qemu-system-arm}" "$@"
`);
const env = { HIL_QEMU: qemu, REAL_QEMU: process.env['HIL_QEMU'] ?? '' };

t.test('repeated, passed, and told; the replay is identical', async (t) => {
  const run = await scene.run(['run', suite, '--device', 'qemu-m55', '--bench-retries', '2', '--retry-wait-ms', '1'], { env });
  t.equal(run.code, 0, run.stdout);
  t.ok(existsSync(broken), 'it was broken');
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.match(one, { verdict: 'pass', attempts: [{ verdict: 'bench-error', code: 'device.qemu-exited', reason: /QEMU ended at once with status 3: could not set up the machine/ }] });
  t.equal(one.attempts?.length, 1);
  t.match(one.reasons.join('\n'), /this is attempt 2, as bench errors ended those before it: attempt 1: .*\(device.qemu-exited\)/);
  t.match(run.stdout, /attempt 1: /, 'on the terminal');
  t.match(run.stderr, /: wait to repeat \(1 case ended in bench errors, repetition 1 of 2: /);
  for (const file of ['junit.xml', 'summary.md', 'report.tap', 'report.html']) t.match(run.file(file), /device\.qemu-exited/, file);
  t.match(JSON.parse(readFileSync(path.join(run.out, 'record/plan.json'), 'utf8')), { benchRetries: 2 });
  const replayed = await hil(['replay', run.out], { env: { HIL_HOME: scene.home } });
  t.equal(replayed.code, 0, replayed.stdout);
  t.match(replayed.stdout, /^identical/m);
});

t.test('a record of a hil that knew no repetitions replays as ever', async (t) => {
  const run = await scene.run(['run', suite, '--device', 'host']);
  const file = path.join(run.out, 'record/plan.json');
  const { benchRetries, ...old } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  t.equal(benchRetries, 0);
  // The transcript is sealed with the plan's hash, so that it is the reader that must take it: a plan without the field is valid.
  const { checkRecord } = await import('../../replay/check-record.ts');
  t.doesNotThrow(() => checkRecord(old));
  t.throws(() => checkRecord({ ...old, benchRetries: -1 }), { code: 'record.damaged' });
});

t.test('without the option it is the bench error that it is', async (t) => {
  rmSync(broken, { force: true });
  const run = await scene.run(['run', suite, '--device', 'qemu-m55'], { env });
  t.equal(run.code, 4, run.stdout);
  t.equal(onlyCase(run).attempts, undefined);
  writeFileSync(broken, '');
});
