import fc from 'fast-check';
import t from 'tap';
import { BYTES_PER_ELEMENT, parseModel } from '../index.ts';
import type { DType, Graph } from '../index.ts';
import { OPTIONS_TABLES } from '../schema/options.ts';
import type { OptionField } from '../schema/options.ts';
import { smallModel } from './samples.ts';
import { writeModel } from './index.ts';
import type { TensorDescription } from './index.ts';

const tensor: fc.Arbitrary<TensorDescription> = fc.record({
  name: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed()),
  dtype: fc.constantFrom<DType>('int8', 'uint8', 'int16', 'int32', 'float32', 'int64', 'bool'),
  shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
  isVariable: fc.boolean(),
});

t.test('any tensors and any names come back', async (t) => {
  let compared = 0;
  fc.assert(fc.property(fc.array(tensor, { minLength: 2, maxLength: 8 }), fc.boolean(), fc.string({ maxLength: 9 }), (described, dataOutside, description) => {
    // Every second tensor is a constant: bytes of the right number, state otherwise as it was drawn.
    const constants = described.map(({ dtype, shape }, i) => {
      const size = BYTES_PER_ELEMENT[dtype] * shape.reduce((product, dimension) => product * dimension, 1);
      return i % 2 === 0 ? null : Uint8Array.from({ length: size }, (_, k) => (k * 37 + i) & 0xff);
    });
    const tensors = described.map((entry, i) => {
      const data = constants[i] ?? null;
      return data === null ? entry : { ...entry, isVariable: false, data };
    });
    const model = parseModel(writeModel({ tensors, operators: [], inputs: [], outputs: [1], description, dataOutside }));
    const graph = model.subgraphs[0] as Graph;
    graph.tensors.forEach((got, i) => {
      const wanted = tensors[i]!;
      const data = constants[i] ?? new Uint8Array(0);
      compared++;
      if (got.name !== wanted.name || got.dtype !== wanted.dtype || got.shape.join() !== wanted.shape.join() || got.isVariable !== wanted.isVariable) throw new Error(`tensor ${i}`);
      if (data.join() !== (got.data ?? []).join()) throw new Error(`data of tensor ${i}`);
    });
    return model.description === description;
  }), { numRuns: 500, seed: 4 });
  t.ok(compared > 500, `${compared} tensors`);
});

const sample = ([, , type]: OptionField): number | boolean | string | number[] =>
  type === 'bool' ? true : type === 'string' ? 'a name'  : type === 'float32' ? 0.75 : type === 'int32[]' ? [3, -1] : type === 'padding' ? 1 : type === 'activation' ? 3 : 7;

t.test('every field of every options table comes back, and its default where it is absent', async (t) => {
  for (const { table, operators, fields } of OPTIONS_TABLES) {
    for (const op of operators) {
      const options = Object.fromEntries(fields.map((field) => [field[0], sample(field)]));
      const read = (values: object) => (parseModel(writeModel({ ...smallModel(), operators: [{ op, inputs: ['x'], outputs: ['p'], options: values as Record<string, number> }] })).subgraphs[0] as Graph).operators[0]!.options;
      t.same(read(options), options, `${op} ${table}`);
      t.same(read({}), Object.fromEntries(fields.map(([name, , , fallback]) => [name, fallback])), `${op} defaults`);
    }
  }
});

t.test('graphs that operators call come back, each with its own constants', async (t) => {
  const add = (data: number[]) => ({
    tensors: [{ name: 'a', dtype: 'int8' as const, shape: [2] }, { name: 'b', dtype: 'int8' as const, shape: [2], data }, { name: 'c', dtype: 'int8' as const, shape: [2] }],
    operators: [{ op: 'ADD', inputs: ['a', 'b'], outputs: ['c'] }], inputs: ['a'], outputs: ['c'],
  });
  for (const dataOutside of [false, true]) {
    const model = parseModel(writeModel({ ...add([1, 2]), dataOutside, subgraphs: [add([3, 4]), { ...add([5, 6]), name: 'body', operators: [{ op: 'SUB', inputs: ['a', 'b'], outputs: ['c'] }] }] }));
    t.same(model.subgraphs.map((graph) => [...(graph.tensors[1]!.data ?? [])]), [[1, 2], [3, 4], [5, 6]]);
    t.same(model.subgraphs.map((graph) => graph.operators[0]!.name), ['ADD', 'ADD', 'SUB']);
    t.same(model.subgraphs.map((graph) => graph.name), ['main', 'graph1', 'body']);
  }
});

t.test('mistakes of a test are not written silently', async (t) => {
  const [first] = smallModel().operators;
  t.throws(() => writeModel({ ...smallModel(), operators: [{ ...first!, options: { fused_activation: 1 } }] }), /has no field fused_activation/);
  t.throws(() => writeModel({ ...smallModel(), operators: [{ ...first!, op: 'FULLY_CONECTED' }] }), /no operator is named/);
  t.throws(() => writeModel({ ...smallModel(), inputs: ['z'] }), /no tensor is named "z"/);
});
