import t from 'tap';
import type { DType, Graph, Operator, Tensor } from '../model/graph.ts';
import { energyOf, modelEnergy } from './energy.ts';
import { costOfOperators, sumCosts } from './operator-cost.ts';

interface Given { readonly shape: number[]; readonly dtype?: DType; readonly constant?: boolean; readonly state?: boolean }

/** A graph of one operator. null is an omitted input. */
function graphOf(name: string, inputs: (Given | null)[], outputs: Given[], options: Operator['options'] = {}): Graph {
  const tensors: Tensor[] = [];
  const add = (given: Given | null): number => {
    if (given === null) return -1;
    const { shape, dtype = 'int8' } = given;
    const elements = shape.reduce((a, b) => a * b, 1);
    const data = given.constant ? new Uint8Array(elements * (dtype === 'int32' ? 4 : 1)) : null;
    return tensors.push({ index: tensors.length, name: '', dtype, shape, elements, quantisation: null, data, isVariable: given.state ?? false }) - 1;
  };
  const operator: Operator = { index: 0, code: 0, name, customName: '', version: 1, inputs: inputs.map(add), outputs: outputs.map(add), intermediates: [], options };
  return { name: '', tensors, operators: [operator], inputs: [], outputs: [] };
}

const constant = (...shape: number[]): Given => ({ shape, constant: true });
const bias = (length: number): Given => ({ shape: [length], dtype: 'int32', constant: true });
const plain = (...shape: number[]): Given => ({ shape });

const cases: [string, Graph, object][] = [
  // 8 x 8 x 16 outputs, each 3 * 3 * 3 MACs.
  ['CONV_2D', graphOf('CONV_2D', [plain(1, 16, 16, 3), constant(16, 3, 3, 3), bias(16)], [plain(1, 8, 8, 16)]),
    { macs: 27_648, otherOps: 1024, weightBytes: 432 + 64, readBytes: 768, writtenBytes: 1024 }],
  // 4 x 4 x 8 outputs, each 3 * 3 MACs.
  ['DEPTHWISE_CONV_2D', graphOf('DEPTHWISE_CONV_2D', [plain(1, 4, 4, 8), constant(1, 3, 3, 8), bias(8)], [plain(1, 4, 4, 8)]),
    { macs: 1152, otherOps: 128, weightBytes: 72 + 32, readBytes: 128, writtenBytes: 128 }],
  ['FULLY_CONNECTED with 2 rows', graphOf('FULLY_CONNECTED', [plain(2, 10), constant(5, 10), bias(5)], [plain(2, 5)]),
    { macs: 100, otherOps: 10, weightBytes: 70, readBytes: 20, writtenBytes: 10 }],
  // 2 x 2 x 3 inputs, each into 2 * 2 * 4 sums.
  ['TRANSPOSE_CONV', graphOf('TRANSPOSE_CONV', [{ shape: [4], dtype: 'int32', constant: true }, constant(4, 2, 2, 3), plain(1, 2, 2, 3)], [plain(1, 4, 4, 4)]), { macs: 192, otherOps: 64 }],
  ['BATCH_MATMUL', graphOf('BATCH_MATMUL', [plain(2, 3, 4), plain(2, 4, 5)], [plain(2, 3, 5)]), { macs: 120, readBytes: 64 }],
  ['BATCH_MATMUL, transposed', graphOf('BATCH_MATMUL', [plain(2, 4, 3), plain(2, 4, 5)], [plain(2, 3, 5)], { adj_x: true }), { macs: 120 }],
  ['SVDF', graphOf('SVDF', [plain(1, 6), constant(4, 6), constant(4, 10), bias(2), { shape: [1, 40], state: true }], [plain(1, 2)]),
    { macs: 64, weightBytes: 24 + 40 + 8, readBytes: 6 + 40, writtenBytes: 2 + 40 }],
  ['AVERAGE_POOL_2D', graphOf('AVERAGE_POOL_2D', [plain(1, 4, 4, 2)], [plain(1, 2, 2, 2)], { filter_height: 2, filter_width: 2 }), { macs: 0, otherOps: 40 }],
  ['ADD', graphOf('ADD', [plain(1, 8), plain(1, 8)], [plain(1, 8)]), { macs: 0, otherOps: 24, readBytes: 16, writtenBytes: 8 }],
  ['MEAN', graphOf('MEAN', [plain(1, 4, 4, 2), { shape: [2], dtype: 'int32', constant: true }], [plain(1, 2)]), { otherOps: 34 }],
  ['SOFTMAX', graphOf('SOFTMAX', [plain(1, 10)], [plain(1, 10)]), { macs: 0, otherOps: 40, exact: true }],
  ['RESHAPE', graphOf('RESHAPE', [plain(2, 4), { shape: [1], dtype: 'int32', constant: true }], [plain(8)]), { macs: 0, otherOps: 0, weightBytes: 0, readBytes: 0, writtenBytes: 0, exact: true }],
  ['CONCATENATION', graphOf('CONCATENATION', [plain(1, 3), plain(1, 5)], [plain(1, 8)]), { otherOps: 0, readBytes: 8, writtenBytes: 8 }],
  ['wider elements', graphOf('QUANTIZE', [{ shape: [10], dtype: 'float32' }], [{ shape: [10], dtype: 'int16' }]), { readBytes: 40, writtenBytes: 20 }],
  ['an operator without a formula', graphOf('CUSTOM', [plain(3)], [plain(7)]), { macs: 0, otherOps: 7, exact: false }],
];
for (const [name, graph, wanted] of cases) {
  t.test(name, async (t) => { t.match(costOfOperators(graph)[0], wanted); });
}

t.test('an LSTM uses each weight once a step', async (t) => {
  // 3 inputs, 4 cells, batch 1, 5 steps: 4 gates of 4 * 3 + 4 * 4 weights.
  const gates = [...Array.from({ length: 4 }, () => constant(4, 3)), ...Array.from({ length: 4 }, () => constant(4, 4))];
  const rest = [null, null, null, ...Array.from({ length: 4 }, () => bias(4)), null, null, { shape: [1, 4], state: true }, { shape: [1, 4], dtype: 'int16' as const, state: true }];
  const [cost] = costOfOperators(graphOf('UNIDIRECTIONAL_SEQUENCE_LSTM', [plain(1, 5, 3), ...gates, ...rest], [plain(1, 5, 4)], { time_major: false }));
  t.match(cost, { macs: 5 * 112, otherOps: 5 * 4 * 19, weightBytes: 5 * (112 + 64), readBytes: 15 + 5 * 12, writtenBytes: 20 + 5 * 12 });
});

t.test('energy is a sum over the table, in microjoule, and says that it is modelled', async (t) => {
  const table = { source: 'S', picojoulePerMac: 2, picojoulePerOtherOp: 1, picojoulePerRamByte: 3, picojoulePerFlashByte: 5 };
  const costs = costOfOperators(graphOf('FULLY_CONNECTED', [plain(2, 10), constant(5, 10), bias(5)], [plain(2, 5)]));
  // 100 * 2 + 10 * 1 + 30 * 3 + 70 * 5 = 650 pJ.
  t.equal(energyOf(sumCosts(costs), table), 650e-6);
  t.same(modelEnergy(costs, table), { energy: { value: 650e-6, unit: 'uJ', quality: 'modelled', source: 'S' }, reason: '' });
  t.same(modelEnergy(costs, { none: 'no table' }), { energy: null, reason: 'no table' });
  t.match(modelEnergy(costOfOperators(graphOf('CUSTOM', [plain(3)], [plain(7)])), table), { energy: null, reason: 'no cost formula for CUSTOM' });
});
