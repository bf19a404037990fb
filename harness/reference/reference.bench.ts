/**
 * How fast the reference runs, every tensor kept: milliseconds of processor time an inference (which other load on the host hardly
 * changes), the best of a few rounds. Where HIL_ORACLE_PYTHON names an interpreter that has TFLM's wheel (suites/operators/
 * requirements.txt), its reference kernels run the same models in turn, and the ratio is printed: below 1 the reference is faster.
 * Run: HIL_ORACLE_PYTHON=python node harness/reference/reference.bench.ts [model.tflite ...]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { parseModel } from '../model/index.ts';
import { seededIntegers } from './fixtures/random.ts';
import { prepareReference } from './index.ts';
import type { Path } from './index.ts';

const ROUNDS = 4;
const SECONDS = 0.4;
const KEYWORD_INPUTS = 1000;

const shared = `${process.env.HIL_SHARED ?? new URL('../../../shared', import.meta.url).pathname}/models`;
const python = process.env.HIL_ORACLE_PYTHON ?? null;
const paths = process.argv.length > 2 ? process.argv.slice(2) : existsSync(shared) ? readdirSync(shared).map((file) => `${shared}/${file}`) : [];
if (paths.length === 0) throw new Error(`no models: name some, or set HIL_SHARED (${shared})`);

/** Milliseconds of processor time an inference. */
function reference(path: string, way: Path): number {
  const runner = prepareReference(parseModel(readFileSync(path)), 'tflm', way);
  const next = seededIntegers(1);
  for (const index of runner.graph.inputs) {
    const input = runner.tensors[index] as Int8Array;
    for (let i = 0; i < input.length; i++) input[i] = next(-128, 127);
  }
  const runFor = (seconds: number): number => {
    const begin = process.cpuUsage();
    let [count, chunk, used] = [0, 1, 0];
    while (used < seconds * 1e6) {
      for (let k = 0; k < chunk; k++) runner.invoke();
      count += chunk;
      if (used < seconds * 1e4) chunk = Math.min(2 * chunk, 1000);
      const { user, system } = process.cpuUsage(begin);
      used = user + system;
    }
    return used / count / 1000;
  };
  runFor(SECONDS / 2);
  return runFor(SECONDS);
}

const wheel = (path: string): number => Number(execFileSync(python ?? '', [new URL('./tflm-speed.py', import.meta.url).pathname, path, String(SECONDS)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
const best = (measure: () => number): number => Math.min(...Array.from({ length: ROUNDS }, measure));
const text = (value: number): string => value.toPrecision(3).padStart(10);

console.log(`${'model'.padEnd(26)}${'reference'.padStart(10)}${'plain'.padStart(10)}${python === null ? '' : `${'TFLM'.padStart(10)}${'ratio'.padStart(10)}`}   ms an inference`);
for (const path of paths) {
  const oracle: number[] = [];
  const fast = best(() => {
    if (python !== null) oracle.push(wheel(path));
    return reference(path, 'fast');
  });
  const plain = reference(path, 'plain');
  const other = python === null ? '' : `${text(Math.min(...oracle))}${text(fast / Math.min(...oracle))}`;
  console.log(`${JSON.stringify(basename(path)).slice(0, 25).padEnd(26)}${text(fast)}${text(plain)}${other}`);
}

const keyword = paths.find((path) => path.includes('kws'));
if (keyword !== undefined) {
  const runner = prepareReference(parseModel(readFileSync(keyword)));
  const next = seededIntegers(2);
  const input = runner.tensors[runner.graph.inputs[0] as number] as Int8Array;
  const memory: number[] = [];
  const begin = performance.now();
  for (let sample = 0; sample < KEYWORD_INPUTS; sample++) {
    for (let i = 0; i < input.length; i++) input[i] = next(-128, 127);
    runner.invoke();
    if (sample % (KEYWORD_INPUTS / 2) === KEYWORD_INPUTS / 2 - 1) memory.push(process.memoryUsage().rss / 1e6);
  }
  const seconds = (performance.now() - begin) / 1000;
  console.log(`${KEYWORD_INPUTS} keyword inputs, every tensor: ${seconds.toFixed(2)} s; resident memory half way and at the end: ${memory.map((megabytes) => megabytes.toFixed(1)).join(', ')} MB`);
}
