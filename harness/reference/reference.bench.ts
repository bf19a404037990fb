/**
 * How fast the reference runs: invocations a second of processor time, which other load on the host does not change.
 * Run: node harness/reference/reference.bench.ts [model.tflite ...]
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseModel } from '../model/index.ts';
import type { Model } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { lstmModel } from './fixtures/lstm-model.ts';
import { seededIntegers } from './fixtures/random.ts';
import { prepareReference } from './index.ts';

const WARM_UP_MS = 300;
const MEASURE_MS = 2000;

function invocationsPerCpuSecond(model: Model): number {
  const runner = prepareReference(model);
  const next = seededIntegers(1);
  const inputs = runner.graph.inputs.map((index) => runner.tensors[index] as Int8Array);
  const runFor = (milliseconds: number): number => {
    const start = performance.now();
    const used = process.cpuUsage();
    let count = 0;
    while (performance.now() - start < milliseconds) {
      for (let k = 0; k < 16; k++) {
        for (const input of inputs) for (let i = 0; i < input.length; i++) input[i] = next(-128, 127);
        runner.invoke();
      }
      count += 16;
    }
    const { user, system } = process.cpuUsage(used);
    return (count * 1e6) / (user + system);
  };
  runFor(WARM_UP_MS);
  return runFor(MEASURE_MS);
}

const generated = { units: 24, depth: 4, steps: 1, batches: 1, timeMajor: false, seed: 1 };
const models: [string, Model][] = process.argv.length > 2
  ? process.argv.slice(2).map((path) => [basename(path), parseModel(readFileSync(path))])
  : [['generated LSTM, 4 inputs, 24 units, 1 step', parseModel(writeModel(lstmModel(generated)))]];
for (const [name, model] of models) console.log(`${JSON.stringify(name)}: ${Math.round(invocationsPerCpuSecond(model))} invocations a CPU second`);
