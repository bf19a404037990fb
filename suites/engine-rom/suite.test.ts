/** Model, model card, suite.json and oracle agree with each other and with the data. */

import t from 'tap';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { parseNpy } from '../../harness/suite/npy.ts';
import type { OracleFile, OracleTensor } from './data/oracle.ts';
import { codesOf, quantise, readOracle } from './data/oracle.ts';
import { plan } from './data/plan.ts';

const here = (path: string): URL => new URL(path, import.meta.url);
const json = (path: string) => JSON.parse(readFileSync(here(path), 'utf8'));
const card = json('model_card.json');
const suite = json('suite.json');
const [engine] = suite.cases;
const model = readFileSync(here(engine.model.file));
const sequences = engine.sequences as { name: string; input: string; truth: string; oracle: string }[];
const oracles = new Map<string, OracleFile>(sequences.map((s) => [s.name, readOracle(here(s.oracle))]));
const arrayOf = (file: string): { shape: readonly number[]; data: number[] } => {
  const { dtype, shape, data } = parseNpy(readFileSync(here(file)));
  if (dtype !== 'float32') throw new TypeError(`${file} holds ${dtype}`);
  return { shape, data: Array.from(data, Number) };
};
const tensorOf = (o: OracleFile, wanted: (t: OracleTensor) => boolean): OracleTensor => {
  const found = o.json.tensors.filter(wanted);
  if (found.length !== 1) throw new RangeError(`want one such tensor in ${o.json.case}, found ${found.length}`);
  return found[0] as OracleTensor;
};
const rmse = (a: readonly number[], b: readonly number[]): number => Math.sqrt(a.reduce((s, x, i) => s + (x - (b[i] ?? Number.NaN)) ** 2, 0) / a.length);
const outputNm = (o: OracleFile): number[] => {
  const out = tensorOf(o, (x) => o.json.outputs.includes(x.index));
  return Array.from({ length: o.json.invocations }, (_, k) => (codesOf(o, out, k)[0] ?? Number.NaN) - out.zeroPoint).map((q) => q * out.scale);
};

t.test('the SHA-256 of the model stands in card, suite and oracles', (t) => {
  const sha256 = createHash('sha256').update(model).digest('hex');
  t.equal(card.sha256, sha256);
  t.equal(engine.model.sha256, sha256);
  t.ok(readFileSync(here('MODEL_CARD.md'), 'utf8').includes(sha256));
  for (const [name, o] of oracles) t.equal(o.json.sha256, sha256, name);
  t.equal(card.bytes, model.length);
  t.ok(model.length <= 12 * 1024);
  t.end();
});

t.test('suite.json has the shape that hil loads, and files that are there', (t) => {
  t.strictSame(Object.keys(suite), ['schema', 'name', 'description', 'cases']);
  t.equal(suite.schema, 'hil-suite/1');
  t.strictSame(Object.keys(engine), ['name', 'model', 'generator', 'profile', 'sequences', 'metrics', 'sampleRateHz']);
  t.strictSame(sequences.map((s) => s.name), plan().test.map((s) => s.name));
  for (const s of sequences) for (const file of [s.input, s.truth, s.oracle]) t.ok(existsSync(here(file)), file);
  t.end();
});

t.test('the bound of the metric is 1.1 times the error in the card', (t) => {
  const [metric] = engine.metrics;
  t.ok(Math.abs(metric.max - 1.1 * card.rmseInt8Nm) < 2e-4, `${metric.max} Nm`);
  t.ok(card.rmseInt8Nm < 3 && card.rmseFloatNm < card.rmseInt8Nm + 0.5);
  t.end();
});

t.test('the int8 error in the card is that of the oracle against the plant', (t) => {
  const [every, truth]: [number[], number[]] = [[], []];
  for (const s of sequences) {
    const o = oracles.get(s.name) as OracleFile;
    const predicted = outputNm(o);
    const { data: torque, shape } = arrayOf(s.truth);
    t.strictSame(shape, [300, ...tensorOf(o, (x) => o.json.outputs.includes(x.index)).shape]);
    const stated = card.sequences.find((c: { name: string }) => c.name === s.name).rmseInt8Nm;
    t.ok(Math.abs(rmse(predicted, torque) - stated) < 1e-3, `${s.name}: ${stated} Nm`);
    every.push(...predicted);
    truth.push(...torque);
  }
  t.ok(Math.abs(rmse(every, truth) - card.rmseInt8Nm) < 1e-3, `all: ${card.rmseInt8Nm} Nm`);
  t.end();
});

t.test('the hidden state has a zero point other than 0, from which each sequence starts', (t) => {
  t.not(card.hiddenZeroPoint, 0);
  for (const o of oracles.values()) t.equal(tensorOf(o, (x) => x.role === 'state' && x.dtype === 'int8').zeroPoint, card.hiddenZeroPoint);
  // All sequences dwell at idle first: from the same reset the same input must give the same state.
  const first = [...oracles.values()].map((o) => codesOf(o, tensorOf(o, (x) => x.role === 'state' && x.dtype === 'int8'), 0));
  for (const codes of first) t.strictSame(codes, first[0]);
  t.end();
});

for (const [name, o] of oracles) {
  t.test(`oracle ${name}: 300 whole invocations`, (t) => {
    t.equal(o.json.invocations, 300);
    t.equal(o.json.case, name);
    t.equal(o.bin.length, 300 * o.json.invocationBytes);
    t.equal(statSync(here(`oracle/${name}.tflm.bin`)).size, o.bin.length);
    t.strictSame(o.json.checks.tflm, { poisonRun: 'ok', inputsIntact: true, sameOutputsAsPlainRun: true });
    let end = 0;
    for (const x of o.json.tensors) {
      t.equal(x.offset, end, `tensor ${x.index} follows the one before, aligned`);
      t.equal(x.bytes, x.shape.reduce((a, b) => a * b, 1) * (x.dtype === 'int8' ? 1 : 2));
      end = Math.ceil((x.offset + x.bytes) / 8) * 8;
    }
    t.equal(end, o.json.invocationBytes);
    t.end();
  });

  t.test(`oracle ${name}: fed with the codes of the sequence`, (t) => {
    const input = tensorOf(o, (x) => x.role === 'input');
    const { data, shape } = arrayOf(`sequences/${name}.input.npy`);
    t.strictSame(shape, [300, ...input.shape]);
    const codes = data.map((x) => quantise(x, input.scale, input.zeroPoint));
    const fed = Array.from({ length: 300 }, (_, k) => codesOf(o, input, k)).flat();
    t.strictSame(fed, codes);
    // Neither an implementation that divides in float32 nor a tie could tell otherwise about these data.
    t.strictSame(data.map((x) => quantise(Math.fround(x / Math.fround(input.scale)), 1, input.zeroPoint)), codes);
    t.end();
  });

  t.test(`oracle ${name}: state is that after the invocation, and carries over`, (t) => {
    const hidden = tensorOf(o, (x) => x.role === 'state' && x.dtype === 'int8');
    const out = tensorOf(o, (x) => x.role === 'output' && x.op === 'UNIDIRECTIONAL_SEQUENCE_LSTM');
    const input = tensorOf(o, (x) => x.role === 'input');
    const steps = Array.from({ length: 300 }, (_, k) => ({ in: codesOf(o, input, k), hidden: codesOf(o, hidden, k), out: codesOf(o, out, k) }));
    t.ok(steps.every((s) => String(s.hidden) === String(s.out)), 'with one step an invocation, output and hidden state are the same');
    t.ok(steps.some((s, k) => k > 0 && String(s.in) === String(steps[k - 1]?.in) && String(s.out) !== String(steps[k - 1]?.out)), 'the same input gives another output');
    t.end();
  });
}
