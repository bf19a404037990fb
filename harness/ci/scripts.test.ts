import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import t from 'tap';
import { renderJson } from '../report/index.ts';
import { sampleReports } from '../report/testing/sample-reports.ts';

/** The small scripts that steps of the workflows run. */
const scripts = fileURLToPath(new URL('../../scripts/ci/', import.meta.url));
const dir = mkdtempSync(path.join(tmpdir(), 'hil-ci-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const run = (name: string, args: readonly string[], env: Record<string, string> = {}) => execa(process.execPath, [path.join(scripts, name), ...args], { env, reject: false, timeout: 60_000 });

t.test('bench-matrix: boards only where the bench is allowed', async (t) => {
  const file = path.join(dir, 'bench.json');
  const of = async (content: unknown, env: Record<string, string> = {}) => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return run('bench-matrix.mjs', [file], { HIL_BENCH_DEVICES: '', HIL_BENCH_ALLOWED: '', ...env });
  };
  const some = { hosted: ['host', 'qemu-m4'], bench: ['my-board'] };
  t.equal((await of(some, { HIL_BENCH_ALLOWED: 'true', HIL_BENCH_DEVICES: 'other, my-board' })).stdout, 'hosted=["host","qemu-m4"]\nbench=["my-board","other"]\nexpected=host,qemu-m4,my-board,other');
  for (const allowed of ['', 'false', 'TRUE', '1']) t.match((await of(some, { HIL_BENCH_ALLOWED: allowed, HIL_BENCH_DEVICES: 'other' })).stdout, /^bench=\[\]\nexpected=host,qemu-m4$/m, allowed);
  for (const bad of ['{', { hosted: 'host', bench: [] }, { hosted: ['a b'], bench: [] }, { hosted: ['x"]\nbench=["y'], bench: [] }, { hosted: [], bench: [] }, { hosted: [], bench: ['board'] }, { bench: [] }, null]) {
    const { exitCode, stdout, stderr } = await of(bad);
    t.match({ exitCode, stdout, stderr }, { exitCode: /1|2/, stdout: /^$/ }, JSON.stringify(bad));
  }
  t.match(await of(some, { HIL_BENCH_ALLOWED: 'true', HIL_BENCH_DEVICES: '$(reboot)' }), { exitCode: 2, stderr: /^::error file=\.github\/bench\.json,/ });
});

t.test('outcome: who is to blame; without a report nobody is right', async (t) => {
  const of = async (name: string) => (await run('outcome.mjs', [path.join(dir, name)])).stdout;
  for (const [name, sample] of Object.entries(sampleReports())) {
    mkdirSync(path.join(dir, name));
    writeFileSync(path.join(dir, name, 'report.json'), renderJson(sample));
  }
  t.equal(await of('pass'), 'verdict=pass\nblame=nobody\nred=false');
  t.equal(await of('fail'), 'verdict=fail\nblame=code\nred=true');
  t.equal(await of('build'), 'verdict=build-error\nblame=code\nred=true');
  t.equal(await of('bench'), 'verdict=bench-error\nblame=bench\nred=true');
  t.equal(await of('interrupted'), 'verdict=interrupted\nblame=bench\nred=true');
  t.equal(await of('skipped'), 'verdict=skipped\nblame=quarantine\nred=false');
  t.equal(await of('nowhere'), 'verdict=none\nblame=bench\nred=false');
  writeFileSync(path.join(dir, 'pass', 'report.json'), '{"schema": "hil-report/1", "verdict": "pass\\nblame=nobody"}');
  t.match(await of('pass'), /^verdict=none\n/);
});

t.test('after-run: ends what the job left, spares others', { skip: process.platform === 'linux' ? false : 'no /proc' }, async (t) => {
  const sleeper = (job: string, deaf: boolean) => execa('sh', ['-c', `${deaf ? "trap '' TERM; " : ''}echo up; while :; do sleep 0.1; done`], { env: { HIL_JOB: job }, reject: false });
  const job = `test-${process.pid}`;
  const all = [sleeper(job, false), sleeper(job, true), sleeper(`${job}-other`, false)] as const;
  for (const one of all) await new Promise((resolve) => { one.stdout?.once('data', resolve); });
  t.teardown(() => { for (const one of all) one.kill('SIGKILL'); });
  const { exitCode, stdout } = await run('after-run.mjs', [], { HIL_JOB: job, HIL_AFTER_RUN_MS: '100' });
  t.equal(exitCode, 0, stdout);
  t.equal(stdout.match(/^::warning title=bench error::left running by this job, ended now: process \d+ sh -c /gm)?.length, 2);
  t.match([(await all[0]).signal, (await all[1]).signal], ['SIGTERM', 'SIGKILL']);
  t.doesNotThrow(() => process.kill(all[2].pid ?? 0, 0), 'another job goes on');
  t.match((await run('after-run.mjs', [], { HIL_JOB: job, HIL_AFTER_RUN_MS: '100' })).stdout, /nothing of this job is left/);
});
