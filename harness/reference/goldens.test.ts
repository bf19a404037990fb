import { existsSync, readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { compareWithGoldens, prepareReference, readGoldens } from './index.ts';
import type { GoldenTally } from './index.ts';

/** Recorded tensors of public models by TFLM's reference kernels; not part of this repository. */
const shared = process.env.HIL_SHARED ?? new URL('../../../shared', import.meta.url).pathname;
const MODELS = ['hello_world_int8', 'trained_lstm_int8', 'ad01_int8', 'kws_ref_model', 'pretrainedResnet_quant', 'vww_96_int8'];

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
