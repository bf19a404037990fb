import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PlantedCase } from './case.ts';

/** Networks in one image; the agent takes 64. */
const PACK = 40;

/** Writes cases as a suite that `hil run` reads: suite.json, models/ and a folder of C for each case. */
export async function writeSuite(folder: string, cases: readonly PlantedCase[]): Promise<void> {
  await mkdir(path.join(folder, 'models'), { recursive: true });
  for (const { name, bytes } of new Set(cases.map(({ model }) => model))) await writeFile(path.join(folder, 'models', `${name}.tflite`), bytes);
  for (const { network, files } of cases) {
    const dir = path.join(folder, 'networks', network);
    await mkdir(dir, { recursive: true });
    await Promise.all([...files].map(([name, text]) => writeFile(path.join(dir, name), text)));
  }
  const suite = {
    schema: 'hil-suite/1', name: 'planted', description: 'Generated C with planted defects, to measure diagnosis.', pack: PACK,
    cases: cases.map(({ network, model, profile }) => ({
      name: network, model: { file: `models/${model.name}.tflite`, sha256: model.model.sha256 }, generator: { kind: 'c', dir: `networks/${network}` }, ...(profile === undefined ? {} : { profile }),
      sequences: model.sequences.map((name) => ({ name, random: { samples: model.samples, seed: `${model.name} ${name}` } })),
    })),
  };
  await writeFile(path.join(folder, 'suite.json'), JSON.stringify(suite));
}
