import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readGoldens } from '../../reference/index.ts';
import { suiteDir } from './hil.ts';

/** Where a tensor first differs, found without hil. */
export interface Place { readonly step: number; readonly element: number; readonly expected: number; readonly got: number }

const MAIN = `#include <stdio.h>
#include "engine_rom_int8.h"
#include "engine_rom_int8_layers.h"
int main(void)
{
  engine_rom_int8_init();
  while (fread(engine_rom_int8_input_0(), 1, 4, stdin) == 4) {
    engine_rom_int8_layer_0();
    fwrite(ENGINE_ROM_INT8_T22, 1, 32, stdout);
    fwrite(engine_rom_int8_t15, 1, 32, stdout);
    fwrite(engine_rom_int8_t16, 1, 64, stdout);
    engine_rom_int8_layer_1();
    fwrite(ENGINE_ROM_INT8_T23, 1, 1, stdout);
  }
  return 0;
}
`;
const TENSORS = [{ index: 22, bytes: 32 }, { index: 15, bytes: 32 }, { index: 16, bytes: 64 }, { index: 23, bytes: 1 }];

/**
 * Runs a folder of the engine's C over one sequence with a main() of its own, and compares every tensor with the values that
 * TensorFlow Lite Micro computed (the suite's oracle): no part of hil is in between. Per tensor, the first element that differs.
 */
export function traceEngine(folder: string, sequence: string, work: string): Map<number, Place | null> {
  const main = path.join(work, 'trace-main.c');
  const program = path.join(work, 'trace');
  writeFileSync(main, MAIN);
  execFileSync('gcc', ['-std=c99', '-O1', '-I', folder, main, path.join(folder, 'engine_rom_int8.c'), path.join(folder, 'engine_rom_int8_weights.c'), '-o', program]);
  const oracle = (name: string): Buffer => readFileSync(path.join(suiteDir, 'oracle', name));
  const goldens = readGoldens(JSON.parse(oracle(`${sequence}.json`).toString()), oracle(`${sequence}.tflm.bin`));
  const steps = Array.from({ length: goldens.invocations }, (_each, step) => step);
  const tensor = (index: number) => {
    const found = goldens.tensors.find((each) => each.index === index);
    if (found === undefined) throw new Error(`the oracle has no tensor ${index}`);
    return found;
  };
  const got = execFileSync(program, { input: Buffer.concat(steps.map((step) => goldens.read(step, tensor(0)))) });
  const stride = TENSORS.reduce((sum, { bytes }) => sum + bytes, 0);
  if (got.length !== stride * steps.length) throw new Error(`the trace has ${got.length} bytes`);
  const places = new Map<number, Place | null>();
  let offset = 0;
  for (const { index, bytes } of TENSORS) {
    const values = (data: Uint8Array): Int8Array | Int16Array => (tensor(index).dtype === 'int16' ? new Int16Array(new Uint8Array(data).buffer) : new Int8Array(data));
    const first = steps.map((step): Place | null => {
      const mine = values(got.subarray(step * stride + offset, step * stride + offset + bytes));
      const theirs = values(goldens.read(step, tensor(index)));
      const element = mine.findIndex((value, i) => value !== theirs[i]);
      return element < 0 ? null : { step, element, expected: theirs[element] ?? NaN, got: mine[element] ?? NaN };
    }).find((place) => place !== null);
    places.set(index, first ?? null);
    offset += bytes;
  }
  return places;
}
