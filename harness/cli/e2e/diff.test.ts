import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { twoLayers, writeDump, type Spoil } from '../../compare/testing/dumps.ts';
import { writeModel } from '../../model/writer/index.ts';
import { caseReport, QEMU_M4, report } from '../../report/testing/sample-reports.ts';
import { toFileForm } from '../../report/index.ts';
import { hil, scratch } from './hil.ts';

/** hil diff: exit codes and what stands where; what is found is tested in harness/compare. */

t.setTimeout(240_000);

const off: Spoil = (operator, tensors) => { if (operator === 0) (tensors[3] as Int8Array)[2]! ^= 1; };

t.test('dumps: 0 equal, 1 different, 2 bad input', async (t) => {
  const dir = scratch(t);
  writeDump(`${dir}/a`, twoLayers(), 6);
  writeDump(`${dir}/same`, twoLayers(), 6);
  writeDump(`${dir}/b`, twoLayers(), 6, off);
  writeDump(`${dir}/fewer`, twoLayers(), 5);
  const equal = await hil(['diff', `${dir}/a`, `${dir}/same`]);
  t.equal(equal.code, 0, equal.stderr);
  t.match(equal.stdout, /^EQUAL {2}66 elements of 6 samples$/m);
  const different = await hil(['diff', `${dir}/a`, `${dir}/b`]);
  t.equal(different.code, 1, different.stderr);
  t.match(different.stdout, /0 {2}FULLY_CONNECTED .* own error$/m);
  t.match(different.stdout, /^DIFFERENT .* own error in layer 0$/m);
  t.notMatch(different.stdout, /\u001b|##\[error\]/, 'names are escaped');
  const quiet = await hil(['diff', `${dir}/a`, `${dir}/b`, '--quiet', '--no-color']);
  t.equal(quiet.code, 1);
  t.match(quiet.stdout, /^DIFFERENT [^\n]*$/, 'one line');
  const json = await hil(['diff', `${dir}/a/index.json`, `${dir}/b`, '--json', '--model', `${dir}/a/model.tflite`]);
  t.equal(json.code, 1);
  t.match(JSON.parse(json.stdout), { schema: 'hil-diff/1', kind: 'dumps', equal: false, layers: [{ index: 0, verdict: 'own error', own: { mismatched: 6 } }, { index: 1 }] });
  for (const [args, message] of [
    [['diff', `${dir}/a`, `${dir}/fewer`], /has 6 samples, .* has 5/], [['diff', `${dir}/a`, `${dir}/none`], /there is no/],
    [['diff', `${dir}/a`, dir], /neither a run .* nor a dump/], [['diff', `${dir}/a`, `${dir}/a/model.tflite`], /is a dump, .* is a model/],
    [['diff', `${dir}/a`, `${dir}/b`, '--profile', 'nonsense'], /"nonsense" is no rounding profile/], [['diff', `${dir}/a`], /missing required argument 'b'/],
    [['diff', `${dir}/a`, `${dir}/b`, '--model', `${dir}/a/index.json`], /index\.json/],
  ] as const) {
    const refused = await hil(args);
    t.equal(refused.code, 2, args.slice(1).map((arg) => path.basename(arg)).join(' '));
    t.match(refused.stderr, message);
    t.equal(refused.stdout, '');
  }
});

t.test('golden cases, with the oracle in the argument or as an option', async (t) => {
  const dir = scratch(t);
  const model = writeDump(`${dir}/models`, twoLayers(), 1);
  mkdirSync(`${dir}/cases`);
  const tensor = { opIndex: 0, op: 'FULLY_CONNECTED', role: 'output', name: 'h', dtype: 'int8' };
  writeFileSync(`${dir}/cases/one.json`, JSON.stringify({
    model: 'model', sha256: model.sha256, case: 'one', invocations: 1, invocationBytes: 16, oracles: { tflm: 'one.tflm.bin', other: 'one.other.bin' },
    tensors: [{ index: 0, opIndex: null, op: null, role: 'input', name: 'x', shape: [1, 4], dtype: 'int8', offset: 0, bytes: 4 }, { ...tensor, index: 3, shape: [1, 8], offset: 8, bytes: 8 }],
  }));
  writeFileSync(`${dir}/cases/one.tflm.bin`, Buffer.alloc(16));
  writeFileSync(`${dir}/cases/one.other.bin`, Buffer.alloc(16).fill(1, 15));
  const one = `${dir}/cases/one.json`;
  for (const args of [[`${one}#tflm`, `${one}#other`], [one, one, '--oracle-a', 'tflm', '--oracle-b', 'other'], [`${dir}/cases#tflm`, `${dir}/cases#other`]]) {
    const run = await hil(['diff', ...args]);
    t.equal(run.code, 1, run.stderr);
    t.match(run.stdout, /^DIFFERENT {2}1 of 8 elements of 1 sample differ/m);
  }
  const same = await hil(['diff', `${one}#tflm`, `${one}#tflm`]);
  t.equal(same.code, 0, same.stderr);
  t.match(same.stdout, /note: .*#tflm itself does not follow the rule 'tflm' in layers 0/, 'these zeros are not what the rule gives: not equal without a word');
  const without = await hil(['diff', one, `${one}#tflm`]);
  t.equal(without.code, 2);
  t.match(without.stderr, /by which oracle/);
  const unknown = await hil(['diff', `${one}#tflm`, `${one}#none`]);
  t.equal(unknown.code, 2);
  t.match(unknown.stderr, /has nothing by "none"[^]*It has: tflm, other/);
});

t.test('models and runs', async (t) => {
  const dir = scratch(t);
  writeFileSync(`${dir}/a.tflite`, writeModel(twoLayers()));
  writeFileSync(`${dir}/b.tflite`, writeModel({ ...twoLayers(), tensors: twoLayers().tensors.map((tensor) => (tensor.name === 'b1' ? { ...tensor, data: [300, -200, 101] } : tensor)) }));
  writeFileSync(`${dir}/cut.tflite`, writeModel(twoLayers()).subarray(0, 300));
  t.equal((await hil(['diff', `${dir}/a.tflite`, `${dir}/a.tflite`])).code, 0);
  const models = await hil(['diff', `${dir}/a.tflite`, `${dir}/b.tflite`]);
  t.equal(models.code, 1);
  t.match(models.stdout, /layer 1 FULLY_CONNECTED: 1 of 3 biases differ, max \|d\| 1/);
  t.equal((await hil(['diff', `${dir}/a.tflite`, `${dir}/cut.tflite`])).code, 2);
  const write = (name: string, changes: object): void => {
    mkdirSync(`${dir}/${name}`);
    writeFileSync(`${dir}/${name}/report.json`, JSON.stringify(toFileForm(report([caseReport(changes)], { devices: [QEMU_M4] }))));
  };
  write('before', {});
  write('after', { verdict: 'fail' });
  t.equal((await hil(['diff', `${dir}/before`, `${dir}/before/report.json`])).code, 0);
  const runs = await hil(['diff', `${dir}/before`, `${dir}/after`, '--json']);
  t.equal(runs.code, 1, runs.stderr);
  t.match(JSON.parse(runs.stdout), { kind: 'runs', equal: false, cases: [{ changes: [/^verdict pass -> fail/] }] });
  writeFileSync(`${dir}/after/report.json`, '{"schema": "hil-report/1"}');
  t.equal((await hil(['diff', `${dir}/before`, `${dir}/after`])).code, 2);
});

t.test('help shows how golden cases are written', async (t) => {
  const help = await hil(['diff', '--help']);
  t.equal(help.code, 0);
  for (const part of ['random-1.json#tflm', '--oracle-a', '--model', '--profile', 'Exit codes: 0 equal, 1 different']) t.ok(help.stdout.includes(part), part);
});
