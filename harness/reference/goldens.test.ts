import { existsSync, readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { compareWithGoldens, prepareReference, readGoldens, unsupportedIn } from './index.ts';
import type { GoldenTally } from './index.ts';

/** Recorded tensors of public models by TFLM's reference kernels; not part of this repository. */
const shared = process.env.HIL_SHARED ?? new URL('../../../shared', import.meta.url).pathname;
const MODELS = ['hello_world_int8', 'trained_lstm_int8', 'ad01_int8'];

const here = existsSync(`${shared}/goldens`);
for (const name of MODELS) {
  t.test(name, { skip: here ? false : `no goldens at ${shared}; set HIL_SHARED` }, async (t) => {
    const model = parseModel(readFileSync(`${shared}/models/${name}.tflite`));
    const runner = prepareReference(model);
    const folder = `${shared}/goldens/${name}`;
    const cases = readdirSync(folder).filter((file) => file.endsWith('.json'));
    t.ok(cases.length > 0, 'there are cases');
    let elements = 0;
    for (const file of cases) {
      const goldens = readGoldens(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')), readFileSync(`${folder}/${file.replace('.json', '.tflm.bin')}`));
      const tally: GoldenTally = compareWithGoldens(runner, goldens);
      elements += tally.compared;
      t.ok(tally.compared > 0, `${goldens.name}: something is compared`);
      t.same(tally.first, null, `${goldens.name}: ${tally.compared} elements of ${tally.invocations} invocations equal`);
    }
    t.comment(`${name}: ${cases.length} cases, ${elements} elements equal`);
  });
}

t.test('the older rounding of scales is told apart', { skip: here ? false : 'no goldens' }, async (t) => {
  const runner = prepareReference(parseModel(readFileSync(`${shared}/models/trained_lstm_int8.tflite`)), 'tflm-2026-08');
  const folder = `${shared}/goldens/trained_lstm_int8`;
  const tally = compareWithGoldens(runner, readGoldens(JSON.parse(readFileSync(`${folder}/sequence.json`, 'utf8')), readFileSync(`${folder}/sequence.tflm.bin`)));
  t.equal(tally.mismatched, 73, 'as recorded for sources before October 2026');
  t.equal(tally.first?.invocation, 18);
});

t.test('another oracle is told apart', { skip: here ? false : 'no goldens' }, async (t) => {
  const folder = `${shared}/goldens/hello_world_int8`;
  const runner = prepareReference(parseModel(readFileSync(`${shared}/models/hello_world_int8.tflite`)));
  const json = JSON.parse(readFileSync(`${folder}/sweep.json`, 'utf8')) as unknown;
  const tally = compareWithGoldens(runner, readGoldens(json, readFileSync(`${folder}/sweep.litert-ref.bin`)));
  t.ok(tally.mismatched > 0, `${tally.mismatched} of ${tally.compared} differ`);
});

/** Models of which only some operators have a reference yet: those are run alone, on the oracle's own inputs. */
for (const name of ['kws_ref_model', 'pretrainedResnet_quant', 'vww_96_int8']) {
  t.test(`${name}, operator by operator`, { skip: here ? false : 'no goldens' }, async (t) => {
    const model = parseModel(readFileSync(`${shared}/models/${name}.tflite`));
    const graph = model.subgraphs[0]!;
    const missing = new Set(unsupportedIn(model).map(({ index }) => index));
    const operators = graph.operators.filter(({ index }) => !missing.has(index));
    t.ok(operators.length > 0, `${operators.map((operator) => operator.name).join(', ')}`);
    const runner = prepareReference({ ...model, subgraphs: [{ ...graph, operators }] });
    const folder = `${shared}/goldens/${name}`;
    let elements = 0;
    for (const file of readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
      const goldens = readGoldens(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')), readFileSync(`${folder}/${file.replace('.json', '.tflm.bin')}`));
      const recorded = new Map(goldens.tensors.map((tensor) => [tensor.index, tensor]));
      const codes = (invocation: number, index: number): Int8Array => Int8Array.from(new Int8Array(Uint8Array.from(goldens.read(invocation, recorded.get(index)!)).buffer));
      for (let invocation = 0; invocation < goldens.invocations; invocation++) {
        operators.forEach((operator, i) => {
          for (const index of operator.inputs) if (recorded.has(index)) runner.tensors[index]!.set(codes(invocation, index) as never);
          runner.runOperator(i);
          const got = runner.tensors[operator.outputs[0]!] as Int8Array;
          elements += got.length;
          if (got.join() !== codes(invocation, operator.outputs[0]!).join()) t.fail(`${file} invocation ${invocation} operator ${operator.index} ${operator.name}`);
        });
      }
    }
    t.comment(`${name}: ${elements} elements`);
    t.ok(elements > 0);
  });
}
