import t from 'tap';
import { HilError } from '../errors.ts';
import { parseModel } from './index.ts';
import type { Graph } from './index.ts';
import { smallModel } from './writer/samples.ts';
import { writeModel } from './writer/index.ts';
import type { ModelDescription, TensorDescription } from './writer/index.ts';

const main = (description: ModelDescription): Graph => parseModel(writeModel(description)).subgraphs[0] as Graph;

t.test('a small model comes back as it was described', async (t) => {
  const model = parseModel(writeModel(smallModel()));
  t.equal(model.version, 3);
  t.equal(model.description, 'small');
  t.match(model.sha256, /^[0-9a-f]{64}$/);
  const graph = model.subgraphs[0] as Graph;
  t.same(graph.tensors.map((tensor) => tensor.name), ['x', 'w', 'b', 'y', 'shape', 'flat', 'p']);
  t.same(graph.tensors[1]?.quantisation, { scale: [0.01, 0.02, 0.03].map(Math.fround), zeroPoint: [0, 0, 0], axis: 0 });
  t.same([...new Int8Array(graph.tensors[1]?.data as Uint8Array)], smallModel().tensors[1]?.data);
  t.equal(graph.tensors[0]?.data, null);
  t.same(graph.operators.map((op) => [op.name, op.inputs, op.outputs, op.version]), [['FULLY_CONNECTED', [0, 1, 2], [3], 4], ['RESHAPE', [3, 4], [5], 1], ['SOFTMAX', [5], [6], 1]]);
  t.equal(graph.operators[0]?.options.fused_activation_function, 1);
  t.equal(graph.operators[0]?.options.keep_num_dims, false, 'defaults are filled in');
  t.same(graph.operators[1]?.options.new_shape, [3]);
  t.equal(graph.operators[2]?.options.beta, 1);
});

t.test('constants outside the flatbuffer read the same as inside', async (t) => {
  const inside = main(smallModel());
  const outside = main({ ...smallModel(), dataOutside: true });
  for (const [i, tensor] of inside.tensors.entries()) t.same(outside.tensors[i]?.data, tensor.data, tensor.name);
});

t.test('a file cut off inside its constants is refused where they are stated', async (t) => {
  const bytes = writeModel({ ...smallModel(), dataOutside: true });
  t.throws(() => parseModel(bytes.subarray(0, bytes.length - 1)), { code: 'model.damaged', message: /buffers\[3\]\.offset: 4 bytes at \d+ leave the file/ });
});

t.test('codes: custom, wide, unknown', async (t) => {
  const op = (name: string | number | { custom: string }) => main({ ...smallModel(), operators: [{ op: name, inputs: ['x'], outputs: ['p'] }] }).operators[0];
  t.match(op({ custom: '</script>' }), { code: 32, name: 'CUSTOM', customName: '</script>' });
  t.match(op('CUMSUM'), { code: 128, name: 'CUMSUM', customName: '' });
  t.match(op(9999), { code: 9999, name: 'BUILTIN_9999' });
});

const tensor = (name: string, change: Partial<TensorDescription>): ModelDescription => ({
  ...smallModel(), tensors: smallModel().tensors.map((entry) => (entry.name === name ? { ...entry, ...change } : entry)),
});
const base = smallModel();
const refused: Record<string, [ModelDescription, string, RegExp]> = {
  'scale 0': [tensor('x', { quantisation: { scale: 0 } }), 'model.invalid', /tensors\[0\]\.quantization\.scale\[0\]: a scale must be finite/],
  'scale NaN': [tensor('w', { quantisation: { scale: [1, Number.NaN, 1] } }), 'model.invalid', /scale\[1\]/],
  'zero point beyond int8': [tensor('x', { quantisation: { scale: 1, zeroPoint: 128 } }), 'model.invalid', /zero_point\[0\]: 128 is outside int8/],
  'scales without channels': [tensor('x', { quantisation: { scale: [1, 1, 1], axis: 0 } }), 'model.invalid', /3 scales for axis 0/],
  'axis beyond the rank': [tensor('x', { quantisation: { scale: 1, axis: 2 } }), 'model.invalid', /quantized_dimension: 2 is no axis/],
  'negative dimension': [tensor('x', { shape: [1, -4] }), 'model.invalid', /shape\[1\]: dimension -4/],
  'too many elements': [tensor('x', { shape: [65536, 65536] }), 'model.too-large', /4294967296 elements/],
  'activations beyond 64 MB': [tensor('x', { shape: [1, 70_000_000] }), 'model.too-large', /tensors\[0\]\.shape: \[1, 70000000\] brings activations/],
  'data shorter than the shape': [tensor('b', { shape: [4] }), 'model.invalid', /buffer: buffer 2 has 12 bytes, int32 \[4\] needs 16/],
  'variable with data': [tensor('b', { isVariable: true }), 'model.invalid', /is_variable/],
  'schema version 4': [{ ...base, version: 4 }, 'model.unsupported', /version: schema version 4/],
  'no output': [{ ...base, outputs: [] }, 'model.invalid', /subgraphs\[0\]\.outputs: a model needs/],
  'output nobody writes': [{ ...base, operators: base.operators.slice(0, 2) }, 'model.invalid', /outputs\[0\]: nothing writes tensor 6/],
  'input index beyond the tensors': [{ ...base, inputs: [7] }, 'model.invalid', /inputs\[0\]: tensor 7 of 7/],
  'constant as input': [{ ...base, inputs: ['x', 'w'] }, 'model.invalid', /inputs\[1\]: tensor 1 is a constant/],
  'operators out of order': [{ ...base, operators: [...base.operators].reverse() }, 'model.invalid', /operators\[0\]\.inputs\[0\]: tensor 5 is read before/],
  'tensor written twice': [{ ...base, operators: [...base.operators, { op: 'SOFTMAX', inputs: ['flat'], outputs: ['p'] }] }, 'model.invalid', /operators\[3\]\.outputs\[0\]: tensor 6 was written/],
  'unknown activation': [{ ...base, operators: [{ ...base.operators[0]!, options: { fused_activation_function: 9 } }] }, 'model.invalid', /fused_activation_function: 9 is no activation/],
  'beta that is not finite': [{ ...base, operators: [...base.operators.slice(0, 2), { ...base.operators[2]!, options: { beta: Infinity } }] }, 'model.invalid', /beta: Infinity/],
};

for (const [what, [description, code, message]] of Object.entries(refused)) {
  t.test(`refused: ${what}`, async (t) => {
    try {
      parseModel(writeModel(description));
      t.fail('was accepted');
    } catch (error) {
      t.ok(error instanceof HilError, String(error));
      t.match(error, { kind: 'config', code, message, facts: { offset: Number, field: String } });
    }
  });
}

t.test('what is no .tflite is called so', async (t) => {
  t.throws(() => parseModel(new Uint8Array(0)), { code: 'model.damaged', message: /leaves the file \(0 bytes\)/ });
  t.throws(() => parseModel(new TextEncoder().encode('<!doctype html>')), { code: 'model.damaged', message: /this is no .tflite/ });
});

t.test('state tensors need no producer, names may repeat', async (t) => {
  const graph = main({ ...smallModel(), tensors: smallModel().tensors.map((entry) => ({ ...entry, name: '../../x"', isVariable: entry.name === 'x' })), inputs: [],
    operators: [{ op: 'FULLY_CONNECTED', inputs: [0, 1, -1], outputs: [3] }], outputs: [3] });
  t.equal(graph.tensors[0]?.isVariable, true);
  t.same(graph.operators[0]?.inputs, [0, 1, -1]);
  t.equal(graph.tensors[6]?.name, '../../x"');
});
