import { existsSync, readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { compareWithGoldens, prepareReference, readGoldens } from './index.ts';

/** The suite's own oracle: TFLM's tensors and states at every step of every sequence, recorded when the model was made. */
const suite = new URL('../../suites/engine-rom/', import.meta.url).pathname;
const here = existsSync(`${suite}model/engine_rom_int8.tflite`) && existsSync(`${suite}oracle`);

t.test('engine-rom: every tensor and state of every step equals TFLM', { skip: here ? false : 'the model or its oracle is not here' }, async (t) => {
  const runner = prepareReference(parseModel(readFileSync(`${suite}model/engine_rom_int8.tflite`)));
  const cases = readdirSync(`${suite}oracle`).filter((file) => file.endsWith('.json'));
  t.ok(cases.length > 0, 'there are sequences');
  let [elements, steps] = [0, 0];
  for (const file of cases) {
    const goldens = readGoldens(JSON.parse(readFileSync(`${suite}oracle/${file}`, 'utf8')), readFileSync(`${suite}oracle/${file.replace('.json', '.tflm.bin')}`));
    t.ok(goldens.tensors.some((tensor) => tensor.role === 'state'), `${goldens.name}: state is recorded`);
    const tally = compareWithGoldens(runner, goldens);
    t.ok(tally.compared > 0);
    t.same(tally.first, null, `${goldens.name}: ${tally.compared} elements of ${tally.invocations} steps equal`);
    elements += tally.compared;
    steps += tally.invocations;
  }
  t.comment(`${cases.length} sequences, ${steps} steps, ${elements} elements equal`);
});
