/** Data sets as suites: made-up folders of each form; and the real kws01, where HIL_KWS01 names its folder. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { hil, reportOf, scratch } from '../../harness/cli/e2e/hil.ts';
import { parseLabels, parseNpy } from '../../harness/suite/index.ts';
import { makeSuite } from './dataset.ts';

t.setTimeout(180_000);
const dir = scratch(t);

function folder(name: string, files: Readonly<Record<string, Uint8Array>>, labels: string): string {
  const at = path.join(dir, name);
  mkdirSync(at, { recursive: true });
  for (const [file, data] of Object.entries(files)) writeFileSync(path.join(at, file), data);
  writeFileSync(path.join(at, 'y_labels.csv'), labels);
  return at;
}

t.test('codes as they are, a slice evenly spread', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 10 }, (_each, i) => [`f${i}.bin`, new Uint8Array(490).fill(250 + i % 5)]));
  const made = makeSuite(folder('kws01', files, Object.keys(files).map((file, i) => `${file},12,${i}`).join('\r\n')), 'kws01', 5, path.join(dir, 'out'));
  t.match(made, { files: 10, chosen: 5, samples: 5, missing: [1, 3, 5, 7, 9, 10, 11] });
  const input = parseNpy(readFileSync(path.join(dir, 'out/kws01.npy')));
  t.same([input.dtype, input.shape, input.data[0], input.data[490]], ['int8', [5, 1, 49, 10, 1], -6, -4]);
  const suite = JSON.parse(readFileSync(path.join(dir, 'out/suite.json'), 'utf8')) as { cases: { metrics: { kind: string }[]; model: { sha256: string } }[] };
  t.same(suite.cases[0]?.metrics.map(({ kind }) => kind), ['top-1'], 'no AUC where a class has no file');
  t.match(suite.cases[0]?.model.sha256, /^aeea4368/);
});

t.test('unsigned bytes, and windows of float32', async (t) => {
  makeSuite(folder('ic01', { 'a.bin': new Uint8Array(3072).fill(200) }, 'a.bin,10,3\n'), 'ic01', null, path.join(dir, 'ic'));
  t.equal(parseNpy(readFileSync(path.join(dir, 'ic/ic01.npy'))).data[0], 72, '200 - 128');
  const floats = new Uint8Array(Float32Array.from({ length: 640 + 2 * 128 }, (_each, i) => i).buffer);
  const made = makeSuite(folder('ad01', { 'n.bin': floats, 'x.bin': floats }, 'n.bin,2,0,2560,512\nx.bin,2,1,2560,512\n'), 'ad01', null, path.join(dir, 'ad'));
  t.match(made, { samples: 6, missing: [] });
  const input = parseNpy(readFileSync(path.join(dir, 'ad/ad01.npy')));
  t.same([input.dtype, input.shape, input.data[640], input.data[5 * 640]], ['float32', [6, 1, 640], 128, 256]);
  t.same(parseLabels({ name: 'ad01.csv', bytes: readFileSync(path.join(dir, 'ad/ad01.csv')) }, 6).fileOf, new Int32Array([0, 0, 0, 1, 1, 1]));
});

t.test('what is no data set', async (t) => {
  const refused = (name: string, files: Readonly<Record<string, Uint8Array>>, labels: string, message: RegExp): void => {
    t.throws(() => makeSuite(folder(name, files, labels), 'kws01', null, path.join(dir, 'none')), { kind: 'config', code: 'dataset.refused', message }, name);
  };
  refused('short', { 'a.bin': new Uint8Array(489) }, 'a.bin,12,0', /489 bytes, not 490/);
  refused('absent', {}, 'a.bin,12,0', /cannot read .*a\.bin/);
  refused('empty', {}, '\n', /empty/);
  refused('outside', {}, '../a.bin,12,0', /line 1/);
  refused('beyond', {}, 'a.bin,12,12', /line 1/);
  refused('words', {}, 'a.bin,12,stop', /line 1/);
  t.throws(() => makeSuite(path.join(dir, 'nowhere'), 'kws01', null, dir), { message: /y_labels\.csv/ });
  t.notOk(existsSync(path.join(dir, 'none')));
});

const real = process.env['HIL_KWS01'] ?? '';
t.test('the real kws01: 901 of 1000', { skip: real === '' ? 'HIL_KWS01 names no folder with the data set kws01 of eembc/energyrunner' : false }, async (t) => {
  const { dir: suite } = makeSuite(real, 'kws01', null, path.join(dir, 'real'));
  const run = await hil(['run', suite, '--device', 'host', '--json', '--mlperf', path.join(dir, 'results'), '--out', path.join(dir, 'report')], { env: { HIL_HISTORY: 'off' }, timeoutMs: 170_000 });
  t.equal(run.code, 0, run.stderr);
  t.match(reportOf(run).cases[0], { verdict: 'pass', samples: 1000, outputs: [{ mismatched: 0, metrics: [{ name: 'top-1', value: 0.901 }, { name: 'AUC' }] }], mlperf: { correct: 901 } });
  t.match(readFileSync(path.join(dir, 'results/not-a-submission/unnamed/results/host/kws/accuracy/results.txt'), 'utf8'), / hil: Top 1% = 90\.1\n/);
});
