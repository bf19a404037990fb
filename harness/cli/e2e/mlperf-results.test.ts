/** hil run --mlperf: what is written, what is not, and what the real checker of submissions says of it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import t from 'tap';
import { parseModel } from '../../model/index.ts';
import { writeModel } from '../../model/writer/index.ts';
import { smallModel } from '../../model/writer/samples.ts';
import { prepareReference } from '../../reference/index.ts';
import { DutReference } from '../../run/dut-reference.ts';
import { encodeNpy } from '../../suite/index.ts';
import { hil, scratch, type HilRun } from './hil.ts';
import { stockBoard } from './stock-board.ts';

t.setTimeout(200_000);
const FILES = 1000;
const KINDS = 40;
const WRONG = 57;
const bytes = writeModel(smallModel());
const model = parseModel(bytes);
const reference = new DutReference(prepareReference(model, 'tflm'), 'codes');
const kinds = Array.from({ length: KINDS }, (_each, k) => Int8Array.of(3 * k - 60, 90 - 5 * k, (k * 37) % 256 - 128, k));
const outputs = kinds.map((codes) => reference.sample(new Uint8Array(codes.buffer)).expected);
const best = outputs.map((values) => values.indexOf(Math.max(...values)));
const results = (): Record<string, string> => Object.fromEntries(kinds.map((codes, k) => [createHash('sha256').update(codes).digest('hex'), (outputs[k] as readonly number[]).map((value) => value.toFixed(3)).join(',')]));

/** A case of so many files, of which the model takes WRONG for another class. */
function suite(dir: string, files: number, extra: object = {}): string {
  const folder = path.join(dir, `suite-${files}-${Object.keys(extra).join('')}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'model.tflite'), bytes);
  const samples = Array.from({ length: files }, (_each, i) => i % KINDS);
  writeFileSync(path.join(folder, 'in.npy'), encodeNpy({ dtype: 'int8', shape: [files, ...(model.subgraphs[0]?.tensors[model.subgraphs[0].inputs[0] ?? 0]?.shape ?? [])], data: Int8Array.from(samples.flatMap((k) => [...kinds[k] as Int8Array])) }));
  writeFileSync(path.join(folder, 'labels.csv'), samples.map((k, i) => `tst_${i}.bin,3,${i < WRONG ? ((best[k] as number) + 1) % 3 : best[k]}\n`).join(''));
  const one = { name: 'mine', model: { file: 'model.tflite', sha256: createHash('sha256').update(bytes).digest('hex') }, generator: 'builtin', mlperf: 'kws',
    sequences: [{ name: 'files', input: 'in.npy', labels: 'labels.csv' }], metrics: [{ name: 'top-1', kind: 'top-1' }], determinism: { samples: 0 }, ...extra };
  writeFileSync(path.join(folder, 'suite.json'), JSON.stringify({ schema: 'hil-suite/1', name: 'mine', cases: [one] }));
  return folder;
}

const dir = scratch(t);
let behaviour: Record<string, unknown> = { model: 'mine', results: results(), inferUs: 2000 };
const devices = await stockBoard(t, dir, 'stock', () => behaviour);
const env = { HIL_DEVICES: devices, HIL_HISTORY: 'off', HIL_MLPERF_AS: '' };
const run = (args: readonly string[]): Promise<HilRun> => hil(['run', ...args], { env, cwd: dir });
const files = (folder: string): string[] => readdirSync(path.join(dir, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.relative(path.join(dir, folder), path.join(entry.parentPath, entry.name))).sort();
const textOf = (file: string): string => readFileSync(path.join(dir, file), 'utf8');
const [full, part] = [suite(dir, FILES), suite(dir, 60)];

/** Why the real checker cannot be run here, or false. */
const checkout = process.env['HIL_MLCOMMONS_TINY'] ?? '';
const python = process.env['HIL_PYTHON'] ?? 'python3';
const noChecker = checkout === '' ? 'HIL_MLCOMMONS_TINY names no checkout of mlcommons/tiny'
  : !existsSync(path.join(checkout, 'tools/submission/submission_checker.py')) ? `no tools/submission/submission_checker.py in ${checkout}`
  : (await execa(python, ['-c', 'import pandas'], { reject: false })).failed ? `${python} has no pandas` : false;
const check = async (folder: string, version: string): Promise<string> => {
  const { all } = await execa(python, [path.join(checkout, 'tools/submission/submission_checker.py'), '--input', path.join(dir, folder), '--version', version, '--csv', path.join(dir, 'summary.csv')], { all: true, reject: false });
  return String(all);
};

t.test('a board: performance by the rules, accuracy over the whole data set, and nothing else', async (t) => {
  const done = await run([full, '--device', 'stock', '--mlperf', 'results', '--mlperf-as', 'closed/acme']);
  t.equal(done.code, 0, done.stdout + done.stderr);
  t.match(done.stdout, /MLPerf: results\/closed\/acme\/results\/stock\/kws: performance \(median 500\.000 inf\.\/sec\.\), accuracy \(Top 1% = 94\.3, AUC = 0\.\d+\)/);
  const modes = ['accuracy', 'performance'].flatMap((mode) => ['log.txt', 'results.json', 'results.txt'].map((name) => `closed/acme/results/stock/kws/${mode}/${name}`));
  t.same(files('results'), ['closed/acme/code/README.md', ...modes, 'closed/acme/systems/stock.json', 'hil-mlperf.json']);
  const at = 'results/closed/acme/results/stock/kws';
  t.match(textOf(`${at}/performance/results.txt`), /^\d{4}\.\d{6} hil: Median throughput is {4}500\.000 inf\.\/sec\.$/m);
  t.match(textOf(`${at}/accuracy/results.txt`), /^\d{4}\.\d{6} hil: Top 1% = 94\.3$/m);
  const windows = JSON.parse(textOf(`${at}/performance/results.json`)) as { file: string; mode: string; infer: { iterations: number; elapsed_time: number; throughput: number; warmups: number } }[];
  t.equal(new Set(windows.map(({ file }) => file)).size, 5);
  for (const { mode, infer } of windows) {
    t.ok(mode === 'p' && infer.elapsed_time >= 10e6 && infer.warmups === 10);
    t.equal(infer.throughput, infer.iterations / (infer.elapsed_time / 1e6));
  }
  t.equal((JSON.parse(textOf(`${at}/accuracy/results.json`)) as unknown[]).length, FILES);
  t.match(textOf(`${at}/performance/log.txt`), /^Made by hil .*, not by the benchmark's own runner\.[^]*energy: not measured/);
  t.match(JSON.parse(textOf('results/closed/acme/systems/stock.json')), { Status: 'rdi', 'Board Name': 'a board with stock firmware <kws>', 'Processor(s) Frequencies': '120 MHz' });
});

t.test('the real submission_checker.py', { skip: noChecker }, async (t) => {
  for (const version of ['v1.3', 'v1.4']) {
    const said = await check('results', version);
    t.match(said, /Results closed\/acme\/results\/stock\/kws 500\.0/);
    t.match(said, /SUMMARY: submission looks OK/);
    t.notMatch(said, /ERROR/);
  }
  t.match(textOf('summary.csv'), /"acme","rdi","closed","a board with stock firmware <kws>","stock","kws","kws","500.0","inf.\/sec.","94.3"/);
});

t.test('what is written again: the systems file stays, a case that does not pass leaves what was there and says so', async (t) => {
  writeFileSync(path.join(dir, 'results/closed/acme/systems/stock.json'), '{"Status": "available", "Board Name": "ours"}');
  const before = textOf('results/closed/acme/results/stock/kws/accuracy/log.txt');
  const [key] = Object.keys(results()) as [string];
  behaviour = { ...behaviour, results: { ...results(), [key]: '0.900,0.050,0.050' } };
  const wrong = await run([part, '--device', 'stock', '--mlperf', 'results', '--mlperf-as', 'closed/acme']);
  t.equal(wrong.code, 1);
  t.match(wrong.stdout, /MLPerf: nothing written of mine on stock: the case did not pass \(fail\): the firmware printed .*; what closed\/acme\/results\/stock\/kws holds is of an earlier run/);
  t.equal(textOf('results/closed/acme/results/stock/kws/accuracy/log.txt'), before);
  behaviour = { ...behaviour, results: results(), energy: true };
  const energy = await run([full, '--device', 'stock', '--mlperf', 'results', '--mlperf-as', 'closed/acme', '--json']);
  t.equal(energy.code, 0, energy.stderr);
  t.equal((JSON.parse(energy.stdout) as { readonly schema: string }).schema, 'hil-report/1');
  t.match(energy.stderr, /accuracy \(Top 1% = 94\.3[^]*no performance: .*time stamps/);
  t.same(readdirSync(path.join(dir, 'results/closed/acme/results/stock/kws')), ['accuracy'], 'an older performance is not left beside a newer accuracy');
  t.match(textOf('results/closed/acme/systems/stock.json'), /ours/);
  behaviour = { ...behaviour, energy: false, deafFrom: 20 };
  const deaf = await run([part, '--device', 'stock', '--mlperf', 'bench']);
  t.equal(deaf.code, 4);
  t.match(deaf.stdout, /nothing written of mine on stock: the case did not pass \(bench-error\)/);
  t.same(files('bench'), ['hil-mlperf.json']);
  behaviour = { ...behaviour, deafFrom: -1 };
});

t.test('a part of the data set is no accuracy', async (t) => {
  const done = await run([part, '--device', 'stock', '--mlperf', 'partly']);
  t.equal(done.code, 0, done.stderr);
  t.match(done.stdout, /partly\/open\/unnamed\/results\/stock\/kws: performance \(median 500\.000[^]*mine on stock: no accuracy: 60 files, and the data set of kws has 1000/);
  t.notOk(existsSync(path.join(dir, 'partly/open/unnamed/results/stock/kws/accuracy')));
});

t.test('what no microcontroller measured is no submission', async (t) => {
  const done = await run([full, '--device', 'host', '--mlperf', 'emulated', '--mlperf-as', 'closed/acme']);
  t.equal(done.code, 0, done.stderr);
  t.match(done.stdout, /MLPerf: emulated\/not-a-submission\/acme\/results\/host\/kws: accuracy \(Top 1% = 94\.3[^]*no performance: host is this computer, not a microcontroller/);
  t.same(files('emulated').filter((name) => /performance|closed|open/.test(name)), []);
  t.match(JSON.parse(textOf('emulated/not-a-submission/acme/systems/host.json')), { Status: 'not-a-submission' });
  if (noChecker === false) t.notMatch(await check('emulated', 'v1.4'), /Results .*kws|looks OK/);
});

t.test('what cannot be begins with exit code 2, before anything runs', async (t) => {
  mkdirSync(path.join(dir, 'other'));
  writeFileSync(path.join(dir, 'other', 'thesis.txt'), 'mine');
  writeFileSync(path.join(dir, 'file'), '');
  const plain = suite(dir, 60, { mlperf: undefined });
  for (const [args, message] of [
    [[part, '--mlperf', 'other'], /it holds other things: thesis\.txt/], [[part, '--mlperf', 'file'], /it is a file/], [[part, '--mlperf', 'new', '--mlperf-as', 'acme'], /expected a division and an organisation/],
    [[part, '--mlperf', 'new', '--mlperf-as', 'closed/../..'], /expected a division/], [[part, '--mlperf-as', 'open/acme'], /no --mlperf where they go/], [[plain, '--mlperf', 'new'], /no case is a benchmark of MLPerf Tiny/],
  ] as const) {
    const done = await run([...args, '--device', 'stock']);
    t.equal(done.code, 2, done.stderr);
    t.match(done.stderr, message);
    t.notMatch(done.stderr, /on stock: (start|compare)/);
  }
  t.same(files('other'), ['thesis.txt']);
  t.notOk(existsSync(path.join(dir, 'new')));
});
