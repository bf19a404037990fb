import { zipSync } from 'fflate';
import type { OperatorCase } from './case.ts';
import { DEFAULT_SAMPLES } from './inputs.ts';
import { prepareCase, type PreparedCase } from './prepared.ts';

/** Graphs that share an image: enough to save builds, few enough for the RAM of every board. */
const PACK = 60;

/** Time stamp in the archives: the same cases give the same bytes. */
const MADE = '1980-01-01T00:00:00';

/** Every generated file of the suite: name below the suite's folder -> bytes. */
export function suiteFiles(families: Readonly<Record<string, readonly OperatorCase[]>>): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const cases: object[] = [];
  for (const [family, ones] of Object.entries(families)) {
    const file = `models/${family}.zip`;
    const models: Record<string, Uint8Array> = {};
    for (const prepared of ones.map(prepareCase)) {
      const { one, bytes, model } = prepared;
      const entry = `${one.name}.tflite`;
      if (entry in models) throw new Error(`two cases are called ${one.name}`);
      models[entry] = bytes;
      cases.push({ name: one.name, model: { file, entry, sha256: model.sha256 }, generator: 'builtin', sequences: [sequenceOf(prepared)] });
    }
    if (ones.length > 0) files.set(file, Buffer.from(zipSync(models, { level: 9, mtime: MADE })));
  }
  const suite = {
    schema: 'hil-suite/1', name: 'operators', pack: PACK,
    description: 'Small graphs of our own making, one or more an operator, with the shapes, scales and zero points that break kernels.',
  };
  const rows = cases.map((each) => `    ${JSON.stringify(each)}`).join(',\n');
  files.set('suite.json', Buffer.from(`${JSON.stringify(suite, null, 2).slice(0, -2)},\n  "cases": [\n${rows}\n  ]\n}\n`));
  return files;
}

/** Random samples where the case has no inputs of its own. */
function sequenceOf({ one, inputs }: PreparedCase): object {
  return one.inputs === undefined ? { name: 'random', random: { samples: one.samples ?? DEFAULT_SAMPLES, seed: one.name } } : { name: 'given', codes: Buffer.from(inputs).toString('base64') };
}
