import t from 'tap';
import { generateC } from '../codegen/index.ts';
import { digestOfViews } from '../link/index.ts';
import { parseModel } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { prepareReference } from '../reference/index.ts';
import { BatchReference, tapsOf } from './batch-reference.ts';
import { CaseTally } from './case-tally.ts';
import type { BatchResult } from './numeric-pass.ts';
import type { PlannedCase, PlannedSequence } from './planned-case.ts';

const COUNT = 4;
const digestOf = (bytes: Uint8Array): number => digestOfViews(bytes, bytes.length / COUNT);
const tensor = (name: string) => ({ name, dtype: 'int8' as const, shape: [1, 8], quantisation: { scale: 0.1, zeroPoint: 3 } });
/** x -> RELU -> a, a + x -> b, b + a -> y: what is wrong in a is inherited twice. */
const model = parseModel(writeModel({
  tensors: ['x', 'a', 'b', 'y'].map(tensor),
  operators: [{ op: 'RELU', inputs: ['x'], outputs: ['a'] }, { op: 'ADD', inputs: ['a', 'x'], outputs: ['b'] }, { op: 'ADD', inputs: ['b', 'a'], outputs: ['y'] }],
  inputs: ['x'], outputs: ['y'],
}));
const { manifest } = generateC(model, { name: 'n' });
const codes = Uint8Array.from({ length: 2 * COUNT * 8 }, (_each, i) => (i * 37 + 11) & 0xff);
const sequence: PlannedSequence = { name: 's', samples: 2 * COUNT, codes, truth: null, oracle: null, resetEach: false };
const plan = {
  name: 'c', model, modelFile: 'm', generator: { kind: 'builtin' }, profile: 'tflm', tolerances: [], judge: 'values', sequences: [sequence], metrics: [], budgets: {}, stepSeconds: 1, skipReason: null, devices: null,
} as unknown as PlannedCase;

/** A batch of a device that computes as the reference does, but for what `spoil` does to a layer's output; what follows uses it. */
async function batch(firstStep: number, spoil: (layer: number, sample: number, output: Int8Array) => void): Promise<BatchResult> {
  const reference = new BatchReference(prepareReference(model), manifest);
  reference.reset();
  const expected = await reference.advance(codes, firstStep, COUNT, null, new AbortController().signal);
  const taps = tapsOf(manifest);
  const device = prepareReference(model);
  const shown = taps.map((tap) => new Uint8Array(COUNT * tap.bytes));
  const outputs = new Uint8Array(COUNT * 8);
  for (let k = 0; k < COUNT; k++) {
    (device.tensors[0] as Int8Array).set(new Int8Array(codes.buffer, (firstStep + k) * 8, 8));
    model.subgraphs[0]!.operators.forEach((operator, layer) => {
      device.runOperator(layer);
      const output = device.tensors[operator.outputs[0]!] as Int8Array;
      spoil(layer, firstStep + k, output);
      shown[layer]!.set(new Uint8Array(output.buffer), k * 8);
    });
    outputs.set(new Uint8Array((device.tensors[3] as Int8Array).buffer), k * 8);
  }
  const tapStates = taps.map((_tap, t) => (digestOf(shown[t]!) === expected.digests[t] ? 'equal' as const : 'differs' as const));
  return { sequence, firstStep, firstSample: firstStep, count: COUNT, codes: codes.subarray(firstStep * 8, (firstStep + COUNT) * 8), expected, tapStates,
    digests: shown.map((bytes) => ({ value: digestOf(bytes), bytes: bytes.length })), values: new Map(shown.flatMap((bytes, t): [number, Uint8Array][] => (tapStates[t] === 'differs' ? [[t, bytes]] : []))), outputs, rerun: null };
}

const tallyOf = async (...spoils: Parameters<typeof batch>[1][]): Promise<CaseTally> => {
  const tally = new CaseTally(plan, manifest, prepareReference(model));
  for (const [b, spoil] of spoils.entries()) tally.add(await batch(b * COUNT, spoil));
  return tally;
};
const nothing = (): void => undefined;
const [right, wrong] = [await tallyOf(nothing, nothing), await tallyOf(nothing, (layer, sample, output) => { if (layer === 1 && sample > COUNT) output[2]! ^= 0x40; })];
const late = await tallyOf((layer, _sample, output) => { if (layer === 2) output[7] = 5; }, nothing);

t.test('nothing differs: everything was judged and is right', async (t) => {
  for (const own of right.own.values()) t.match(own, { compared: 64, mismatched: 0, samples: 8, first: null });
  t.same(right.evidence.of(model, 'tflm', null), []);
});

t.test('one layer is wrong by itself, the next inherits it', async (t) => {
  t.match(wrong.own.get(0), { compared: 64, mismatched: 0, samples: 8 });
  t.match(wrong.own.get(1), { compared: 64, mismatched: 3, maxAbsDiff: 64, samples: 8, first: { sequence: 's', sample: 5, step: 5, index: [0, 2] } });
  t.match(wrong.own.get(2), { compared: 64, mismatched: 0, samples: 8 });
  t.ok(wrong.taps[2]!.mismatched > 0, 'though its values differ');
});

t.test('evidence: inputs and outputs of the device, what was before, what else was there', async (t) => {
  const [one, ...more] = wrong.evidence.of(model, 'tflm', 0xa5);
  t.same(more, []);
  t.match(one, { layer: { index: 1, covers: [1] }, tensors: [{ tensor: 2, role: 'output' }], poison: 0xa5 });
  t.same([one!.samples.length, one!.clean.length], [3, 1]);
  const [first] = one!.samples;
  t.same([...first!.inputs.keys()].sort(), [0, 1]);
  t.same([...first!.inputs.get(0)!], [...new Int8Array(codes.buffer, 5 * 8, 8)], 'what the device was fed in sample 5');
  t.equal((first!.got.get(2) as Int8Array)[2]! ^ (first!.expected.get(2) as Int8Array)[2]!, 0x40);
  t.equal(first!.earlier.length, 3);
  t.same([...first!.earlier[0]!.get(2)!], [...one!.clean[0]!.got.get(2)!], 'sample 4, of the same batch');
  const runner = prepareReference(model);
  (runner.tensors[0] as Int8Array).set(new Int8Array(codes.buffer, 3 * 8, 8));
  runner.invoke();
  t.same([...first!.earlier[1]!.get(2)!], [...runner.tensors[2]!], 'sample 3, of the batch before');
  t.same([...first!.others.keys()].sort(), [0, 1, 3]);
  t.ok(one!.samples.slice(0, 3).every(({ others }) => others.size > 0), 'the first samples carry the other tensors');
});

t.test('the run that fetched the values was another than the first: judged by the first, explained by the other', async (t) => {
  const tally = new CaseTally(plan, manifest, prepareReference(model));
  const first = await batch(0, (layer, sample, output) => { if (layer === 1 && sample > 0) output[2]! ^= 0x40; });
  const again = await batch(0, (layer, _sample, output) => { if (layer === 1) output[2]! ^= 0x40; });
  tally.add({ ...first, values: new Map(), rerun: { tapStates: again.tapStates, values: again.values } });
  t.match(tally.taps[1], { mismatched: 1, lowerBound: true }, 'the first run is known by its digests only');
  t.match([...tally.own.values()].map(({ mismatched }) => mismatched), [0, COUNT, 0]);
  const [one] = tally.evidence.of(model, 'tflm', null);
  t.same([...one!.samples[0]!.earlier[0]!.get(2)!], [...one!.samples.at(-1)!.got.get(2)!], 'before its first sample the device ran the last one of the same batch');
});

t.test('a layer that shows other data than the next one reads: the next one is not to blame', async (t) => {
  const shown = await batch(0, (layer, _sample, output) => { if (layer === 0) output[2]! ^= 0x40; });
  const computed = await batch(0, nothing);
  const tally = new CaseTally(plan, manifest, prepareReference(model));
  tally.add({ ...computed, tapStates: ['differs', 'equal', 'equal'], values: new Map([[0, shown.values.get(0)!]]) });
  t.match([...tally.own.values()].map(({ mismatched }) => mismatched), [COUNT, 0, 0]);
  t.match([...tally.doubts], [/^what layer 0 RELU shows is not what layer 1 ADD read/, /layer 2 ADD read/]);
});

t.test('what is wrong in the last layer only', async (t) => {
  t.match([...late.own.values()].map(({ mismatched }) => mismatched > 0), [false, false, true]);
  t.equal(late.outputs[0]!.mismatched, late.own.get(2)!.mismatched);
});
