import { existsSync, readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { compareWithGoldens, prepareReference, readGoldens } from './index.ts';
import type { GoldenCase } from './index.ts';

/**
 * Every product of the six public models on the oracle's own input tensors: each oracle is equal to its profile in every element,
 * and to another profile in as many elements less as have been recorded beside the goldens.
 */
const shared = process.env.HIL_SHARED ?? new URL('../../../shared', import.meta.url).pathname;
const skip = existsSync(`${shared}/goldens`) ? false : `no goldens at ${shared}; set HIL_SHARED`;
const MODELS = ['hello_world_int8', 'trained_lstm_int8', 'ad01_int8', 'kws_ref_model', 'pretrainedResnet_quant', 'vww_96_int8'];
const ORACLES = ['tflm', 'litert-ref', 'litert-builtin', 'litert-xnnpack'];
const OPERATORS = ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED'];
/** Elements of an operator in all cases. */
const ELEMENTS = { CONV_2D: 1_052_608, DEPTHWISE_CONV_2D: 490_112, FULLY_CONNECTED: 24_720 };

interface Tally {
  compared: number;
  mismatched: number;
}

/** Mismatches of each kind of operator between an oracle and a profile, over all models and cases. */
function compare(oracle: string, profile: string): Record<string, Tally> {
  const tallies: Record<string, Tally> = Object.fromEntries(OPERATORS.map((name) => [name, { compared: 0, mismatched: 0 }]));
  for (const name of MODELS) {
    const model = parseModel(readFileSync(`${shared}/models/${name}.tflite`));
    const graph = model.subgraphs[0]!;
    const operators = graph.operators.filter((operator) => OPERATORS.includes(operator.name));
    const runner = prepareReference({ ...model, subgraphs: [{ ...graph, operators }] }, profile);
    for (const file of readdirSync(`${shared}/goldens/${name}`).filter((entry) => entry.endsWith('.json'))) {
      const path = `${shared}/goldens/${name}/${file}`;
      const goldens = readGoldens(JSON.parse(readFileSync(path, 'utf8')), readFileSync(path.replace('.json', `.${oracle}.bin`)));
      for (let invocation = 0; invocation < goldens.invocations; invocation++) {
        operators.forEach((operator, i) => {
          const [input = -1] = operator.inputs;
          const [output = -1] = operator.outputs;
          runner.tensors[input]!.set(codes(goldens, invocation, input) as never);
          runner.runOperator(i);
          const expected = codes(goldens, invocation, output);
          const tally = tallies[operator.name]!;
          tally.compared += expected.length;
          tally.mismatched += expected.reduce((sum, code, k) => sum + (code === runner.tensors[output]![k] ? 0 : 1), 0);
        });
      }
    }
  }
  return tallies;
}

function codes(goldens: GoldenCase, invocation: number, index: number): Int8Array {
  const bytes = goldens.read(invocation, goldens.tensors.find((tensor) => tensor.index === index)!);
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

for (const oracle of ORACLES) {
  t.test(`${oracle} is the profile of its name`, { skip }, async (t) => {
    for (const [name, { compared, mismatched }] of Object.entries(compare(oracle, oracle))) {
      t.equal(mismatched, 0, `${name}: ${compared} elements`);
      t.equal(compared, ELEMENTS[name as keyof typeof ELEMENTS]);
    }
  });
}

/** [oracle, profile, mismatches of CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED] */
const WRONG: readonly (readonly [string, string, number, number, number])[] = [
  ['tflm', 'neon-double', 185, 0, 16],
  ['tflm', 'cmsis-single', 3391, 868, 144],
  ['tflm', 'litert-ref', 0, 0, 144],
  ['tflm', 'litert-xnnpack', 3392, 868, 144],
  ['litert-ref', 'tflm', 0, 0, 157],
  ['litert-builtin', 'tflm', 181, 0, 16],
  ['litert-builtin', 'cmsis-single', 3390, 868, 143],
  ['litert-xnnpack', 'tflm', 3309, 833, 157],
  ['litert-xnnpack', 'cmsis-single', 1, 0, 0],
];
for (const [oracle, profile, ...counts] of WRONG) {
  t.test(`${oracle} is told from ${profile}`, { skip }, async (t) => {
    const tallies = compare(oracle, profile);
    t.same(OPERATORS.map((name) => tallies[name]!.mismatched), counts);
  });
}

/** Rounding passed on from layer to layer, other operators in between; LiteRT's own LSTM with its states. */
for (const oracle of ORACLES) {
  t.test(`${oracle}: whole models`, { skip }, async (t) => {
    for (const name of MODELS) {
      const model = parseModel(readFileSync(`${shared}/models/${name}.tflite`));
      const runner = prepareReference(model, oracle);
      let compared = 0;
      for (const file of readdirSync(`${shared}/goldens/${name}`).filter((entry) => entry.endsWith('.json'))) {
        const path = `${shared}/goldens/${name}/${file}`;
        const tally = compareWithGoldens(runner, readGoldens(JSON.parse(readFileSync(path, 'utf8')), readFileSync(path.replace('.json', `.${oracle}.bin`))));
        compared += tally.compared;
        if (tally.mismatched > 0) t.fail(`${name} ${file}: ${tally.mismatched} of ${tally.compared} differ`);
      }
      t.ok(compared > 0, `${name}: ${compared} elements equal`);
    }
  });
}
