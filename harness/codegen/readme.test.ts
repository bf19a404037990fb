/** The README that comes with generated C: its example is a program that compiles, as C and as C++, and computes what the reference does. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { smallModel } from '../model/writer/samples.ts';
import { writeModel } from '../model/writer/index.ts';
import { prepareReference } from '../reference/index.ts';
import { generateC } from './index.ts';
import { ENGINE_ROM, SHARED } from './testing/goldens.ts';
import { WARNINGS, writeFolder } from './testing/native.ts';

const FILES = [join(ENGINE_ROM, 'model/engine_rom_int8.tflite'), ...['kws_ref_model', 'pretrainedResnet_quant', 'vww_96_int8', 'ad01_int8'].map((name) => join(SHARED, 'models', `${name}.tflite`))];
const models = [writeModel(smallModel()), ...FILES.filter((file) => existsSync(file)).map((file) => readFileSync(file))].map((bytes) => parseModel(bytes));
const LANGUAGES = [['gcc', ['-std=c99']], ['g++', ['-x', 'c++', '-std=c++20', '-fno-exceptions']]] as const;

t.setTimeout(180_000);
for (const [k, model] of models.entries()) {
  for (const core of [undefined, 'cortex-m4']) {
    t.test(`model ${k}, ${core ?? 'portable'}`, async (t) => {
      const name = `net${k}`;
      const { files } = generateC(model, { name, ...(core === undefined ? {} : { core }) });
      const [, program = ''] = /```c\n([^]*?)```/.exec(files.get('README.md') ?? '') ?? [];
      t.ok(program.split('\n').length < 20, 'short');
      const folder = await writeFolder(files);
      t.teardown(() => folder.remove());
      await writeFile(join(folder.path, 'main.c'), program);
      const runner = prepareReference(model);
      const input = runner.tensors[runner.graph.inputs[0] ?? -1] as Int8Array;
      input.forEach((_, i) => { input[i] = i % 100; });
      runner.invoke();
      const expected = Array.from(runner.tensors[runner.graph.outputs[0] ?? -1] as Int8Array, Number);
      for (const [compiler, flags] of LANGUAGES) {
        const binary = join(folder.path, `main.${compiler}`);
        await execa(compiler, [...flags, '-O1', ...WARNINGS, '-I', folder.path, ...['main.c', `${name}.c`, `${name}_weights.c`].map((file) => join(folder.path, file)), '-o', binary]);
        const { stdout } = await execa(binary);
        t.same(stdout.trim().split('\n').map(Number), expected, compiler);
      }
    });
  }
}
