/** What the generated text promises beside its values: hostile names, taps, refusals, two networks in one program. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import t, { type Test } from 'tap';
import { parseModel } from '../model/index.ts';
import type { Model } from '../model/index.ts';
import { smallModel } from '../model/writer/samples.ts';
import { writeModel, type ModelDescription, type TensorDescription } from '../model/writer/index.ts';
import { SUPPORTED_OPERATORS, generateC } from './index.ts';
import { WARNINGS, buildDriver, compileObjects, runDriver, writeFolder } from './testing/native.ts';

const parse = (description: ModelDescription): Model => parseModel(writeModel(description));
const small = (): Model => parse(smallModel());
const C99 = ['-std=c99', '-O2'];
const SAMPLES = Uint8Array.from([1, 2, 3, 4, 250, 0, 127, 128, 9, 8, 7, 6]);

t.test('the same model gives the same bytes', async (t) => {
  t.same([...generateC(small(), { name: 'a' }).files], [...generateC(small(), { name: 'a' }).files]);
});

t.test('names from the model reach no C, whatever they hold', async (t) => {
  const evil = '*/ #error "x" \n#define int evil\\\n??/ "); system("rm"); /* \u202e\u0000 // \\';
  const description = smallModel();
  const named = { ...description, tensors: description.tensors.map((tensor, i) => ({ ...tensor, name: `EVIL${i} ${evil}${'y'.repeat(5000)}` })) };
  const rename = (ref: number | string): number => (typeof ref === 'number' ? ref : description.tensors.findIndex((tensor) => tensor.name === ref));
  const hostile = parse({
    ...named,
    name: evil,
    description: evil,
    operators: description.operators.map((operator) => ({ ...operator, inputs: operator.inputs.map(rename), outputs: operator.outputs.map(rename) })),
    inputs: description.inputs.map(rename),
    outputs: description.outputs.map(rename),
  });
  const { manifest, files } = generateC(hostile, { name: 'hostile' });
  let shownIn = 0;
  for (const [path, text] of files) {
    if (path === 'network.json') continue;
    t.notMatch(text, /#error "x"|system\("|evil\\|\?\?|\u202e|\u0000|[^\x20-\x7e\n]/, path);
    t.notMatch(text, /y{61}/, `${path}: names are cut`);
    // Outside of comments, nothing of a name is left.
    t.notMatch(text.replace(/\/\*[^]*?\*\//g, ''), /EVIL|evil|system/, path);
    if (text.includes('EVIL')) shownIn += 1;
  }
  t.ok(shownIn > 0, 'sanitised names are shown in comments');
  t.equal(manifest.layers[0]?.name.includes('*/'), true, 'the manifest keeps the name as it is');
  const folder = await writeFolder(files);
  t.teardown(() => folder.remove());
  const program = await buildDriver(folder.path, manifest, C99, 'x');
  t.equal((await runDriver(program, 'tapped', SAMPLES, manifest)).length, 3);
});

t.test('taps come in order, and one that says stop is obeyed', async (t) => {
  const { manifest, files } = generateC(small(), { name: 'small' });
  const folder = await writeFolder(files);
  t.teardown(() => folder.remove());
  const program = await buildDriver(folder.path, manifest, C99, 'x');
  const [whole] = await runDriver(program, 'tapped', SAMPLES.subarray(0, 4), manifest);
  t.same(whole?.calls.map((call) => call.layer), [0, 1, 2]);
  t.equal(whole?.status, 0);
  t.same(whole?.calls[0]?.views, whole?.calls[1]?.views, 'the view of RESHAPE shows the bytes of its input');
  t.notSame(whole?.outputs[0], Uint8Array.of(0xa5, 0xa5, 0xa5));
  for (const stop of [0, 1]) {
    const [stopped] = await runDriver(program, `stop:${stop}`, SAMPLES.subarray(0, 4), manifest);
    t.equal(stopped?.status, 1, 'HIL_STOPPED');
    t.equal(stopped?.calls.length, stop + 1);
    t.notSame(stopped?.outputs[0], whole?.outputs[0], 'the output was not computed');
  }
});

t.test('two networks in one program, each with its own kernels, and a header that C++ can use', async (t) => {
  const folders = await Promise.all(['first', 'second'].map(async (name) => {
    const network = generateC(small(), { name });
    return { ...network, folder: await writeFolder(network.files) };
  }));
  t.teardown(() => Promise.all(folders.map(({ folder }) => folder.remove())));
  const objects = await Promise.all(folders.map(({ folder, manifest }) => compileObjects('gcc', folder.path, manifest, C99, 'x')));
  const [first, second] = folders.map(({ folder }) => folder.path) as [string, string];
  const main = join(first, 'main.cpp');
  await writeFile(main, `#include "first.h"
#include "second.h"
int main() {
  first_init(); second_init();
  for (int i = 0; i < FIRST_INPUT_0_ELEMENTS; i++) { first_input_0()[i] = (int8_t)(i * 20); second_input_0()[i] = (int8_t)(i * 20); }
  first_invoke(); second_invoke();
  for (int i = 0; i < SECOND_OUTPUT_0_ELEMENTS; i++) if (first_output_0()[i] != second_output_0()[i]) return 1;
  return first_output_0() == second_output_0() ? 2 : SECOND_INPUT_0_SCALE == FIRST_INPUT_0_SCALE ? 0 : 3;
}
`);
  const program = join(first, 'main');
  await execa('g++', [...WARNINGS, '-std=c++11', '-I', first, '-I', second, main, ...objects.flat().filter((object) => !object.includes('_hil.c')), '-o', program]);
  t.equal((await execa(program)).exitCode, 0);
});

t.test('float32 anywhere, in a called graph too, asks for flags that keep its roundings, and says so', async (t) => {
  const flag = { name: 'p', dtype: 'bool' as const, shape: [1] };
  const at = (name: string, dtype: 'int8' | 'float32'): TensorDescription => ({ name, dtype, shape: [1, 3], ...(dtype === 'int8' ? { quantisation: { scale: 0.1 } } : {}) });
  const inside = { tensors: [at('a', 'int8'), at('f', 'float32'), at('y', 'int8')], operators: [{ op: 'DEQUANTIZE', inputs: ['a'], outputs: ['f'] }, { op: 'QUANTIZE', inputs: ['f'], outputs: ['y'] }], inputs: ['a'], outputs: ['y'] };
  const model = parse({
    tensors: [flag, at('x', 'int8'), at('y', 'int8')], operators: [{ op: 'IF', inputs: ['p', 'x'], outputs: ['y'], options: { then_subgraph_index: 1, else_subgraph_index: 1 } }],
    inputs: ['p', 'x'], outputs: ['y'], subgraphs: [inside],
  });
  const { manifest, files } = generateC(model, { name: 'x' });
  t.same(manifest.build.flags, ['-ffp-contract=off']);
  t.match(files.get('README.md'), /Compile them with `-ffp-contract=off`, and never/);
  t.notMatch(generateC(small(), { name: 'x' }).files.get('README.md'), /Compile them with/);
});

const refuses = (t: Test, description: ModelDescription, reason: RegExp, code = 'codegen.unsupported'): void => {
  t.throws(() => generateC(parse(description), { name: 'x' }), { kind: 'config', code, message: reason });
};

t.test('what can not be exact is refused with operator and reason', async (t) => {
  const base = smallModel();
  const withTensor = (index: number, more: object): ModelDescription => ({ ...base, tensors: base.tensors.map((tensor, i) => (i === index ? { ...tensor, ...more } : tensor)) });
  const withOperator = (index: number, more: object): ModelDescription => ({ ...base, operators: base.operators.map((operator, i) => (i === index ? { ...operator, ...more } : operator)) });
  refuses(t, withOperator(2, { op: 'TOPK_V2', options: {} }), /Operator 2 \(TOPK_V2\).*no generator/);
  refuses(t, withOperator(0, { options: { fused_activation_function: 4 } }), /Operator 0 \(FULLY_CONNECTED\).*activation 4/);
  refuses(t, withTensor(2, { data: [2 ** 31 - 1, 0, 0] }), /accumulator of output 0 can leave int32/);
  refuses(t, withTensor(6, { quantisation: { scale: 1 / 128, zeroPoint: -128 } }), /Operator 2 \(SOFTMAX\).*1\/256/);
  refuses(t, withTensor(1, { quantisation: { scale: [0.01, 0.02, 0.03], zeroPoint: [1, 0, 0], axis: 0 } }), /weights have a zero point, which the kernels ignore/);
  t.throws(() => generateC(small(), { name: 'x', profile: 'tvm' }), { kind: 'config', code: 'numerics.profile' });
  t.throws(() => generateC(small(), { name: 'X' }), { kind: 'config', code: 'codegen.name' });
  try {
    generateC(parse(withOperator(2, { op: 'TOPK_V2', options: {} })), { name: 'x' });
    t.fail('not refused');
  } catch (error) {
    t.match(error, { facts: { operator: 2, op: 'TOPK_V2', supported: SUPPORTED_OPERATORS }, hint: /FULLY_CONNECTED/ });
  }
});
