import type { CaseReport, DeterminismReport, DiagnosisReport, LayerReport, OwnReport, ToleranceReport, WhereElementReport, WhereReport } from '../report.ts';
import { caseReport, layer, output, tensor } from './sample-reports.ts';

/** Reports with all that diagnosis can say. Deterministic; values, map, histogram and counts agree with each other. */
const SAMPLES = 40;
const SEQUENCE = 'photos';

interface Made { readonly where: WhereReport; readonly own: OwnReport }

/**
 * A tensor of [1, rows, columns, channels] in int8 in which the last `bad` channels are too large in the right border column.
 * @param carry whether the values are carried along
 */
export function wrongBorder(index: number, [rows, columns, channels]: readonly [number, number, number], bad: number, carry = true): Made {
  const expected = new Int8Array(rows * columns * channels).map((_, i) => ((i * 37) % 90) - 60);
  const got = expected.slice();
  const histogram: Record<string, number> = {};
  const plane = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const perChannel = new Array<number>(channels).fill(0);
  const wrong: WhereElementReport[] = [];
  for (let r = 0; r < rows; r++) {
    for (let k = channels - bad; k < channels; k++) {
      const at = (r * columns + columns - 1) * channels + k;
      const by = 1 + ((r + k) % 3) * (r === rows - 1 ? 4 : 1);
      got[at] = (expected[at] ?? 0) + by;
      histogram[by] = (histogram[by] ?? 0) + 1;
      (plane[r] as number[])[columns - 1] = bad;
      perChannel[k] = (perChannel[k] ?? 0) + 1;
      wrong.push({ sequence: SEQUENCE, sample: 3, step: 3, index: [0, r, columns - 1, k], expected: expected[at] ?? 0, got: got[at] ?? 0, accumulator: 1000 * r - 77 * k });
    }
  }
  const [first] = wrong;
  if (first === undefined) throw new Error('nothing is wrong');
  const worst = wrong.reduce((most, one) => (one.got - one.expected > most.got - most.expected ? one : most), first);
  const { accumulator: _, ...place } = first;
  const base64 = (data: Int8Array): string => Buffer.from(data.buffer).toString('base64');
  return {
    own: { compared: SAMPLES * expected.length, mismatched: SAMPLES * wrong.length, maxAbsDiff: worst.got - worst.expected, samples: SAMPLES, first: place },
    where: {
      tensor: index, shape: [1, rows, columns, channels], samples: 1, wrong: wrong.length,
      pattern: [bad === 1 ? 'only the last channel' : `only the last ${bad} channels`, 'only the right border'], histogram, first, worst,
      map: { rows, columns, channels, binned: [1, 1, 1], plane, perChannel }, atTies: 2,
      values: carry ? { sequence: SEQUENCE, sample: 3, step: 3, dtype: 'int8', expected: base64(expected), got: base64(got) } : null,
    },
  };
}

const cause = (wrong: number, changes: Partial<DiagnosisReport> = {}): DiagnosisReport =>
  ({ cause: 'padding.zero', text: 'padded with 0 instead of the zero point', wrong, explained: wrong, contradicted: 0, samples: 8, rank: 1, ...changes });

const inherited = (compared: number): OwnReport => ({ compared, mismatched: 0, maxAbsDiff: 0, samples: SAMPLES, first: null });

/** Name and what it reads; the rest as of a layer that is right. */
function plain(index: number, op: string, from: readonly number[], shape: readonly number[], changes: Partial<LayerReport> = {}): LayerReport {
  const compared = SAMPLES * shape.reduce((product, size) => product * size, 1);
  return layer({ index, op, name: `block/${op.toLowerCase()}_${index}`, covers: [index], from,
    tensors: [tensor({ tensor: 10 + index, name: `block/${op.toLowerCase()}_${index}`, shape, compared })], ...changes });
}

function differing(made: LayerReport, mismatched: number, changes: Partial<LayerReport> = {}): LayerReport {
  const [first] = made.tensors;
  const place = { sequence: SEQUENCE, sample: 3, step: 3, index: [0, 0, 5, 7], expected: -4, got: -3 };
  const tensors = first === undefined ? [] : [{ ...first, by: 'values' as const, mismatched, maxAbsDiff: 9, histogram: { '1': mismatched - 4, '9': 4 }, firstMismatch: place }];
  return { ...made, mismatched, maxAbsDiff: 9, tensors, ...changes };
}

/**
 * A residual block and a head: layer 1 pads wrongly (two causes tie, one is less likely), the branch by layer 3 is right,
 * layer 4 adds both and inherits, layer 5 absorbs the error, layer 6 is wrong by itself and unexplained, nothing is known of
 * layer 7, layer 8 was not compared.
 */
export function diagnosedLayers(): LayerReport[] {
  const border = wrongBorder(11, [6, 6, 8], 3);
  const { wrong } = border.where;
  const dense = wrongBorder(16, [1, 1, 10], 4);
  return [
    plain(0, 'CONV_2D', [-1], [1, 6, 6, 8]),
    differing(plain(1, 'DEPTHWISE_CONV_2D', [0], [1, 6, 6, 8]), SAMPLES * wrong, { ...border, diagnosis: [
      cause(wrong), cause(wrong, { cause: 'zero-point.input', text: 'the zero point of input 0 was ignored at the border' }),
      cause(wrong, { cause: 'bias.shifted', text: 'each output channel has the bias of the channel before', explained: 5, contradicted: 31, rank: 2 }),
    ] }),
    differing(plain(2, 'CONV_2D', [1], [1, 6, 6, 8]), 900, { own: inherited(11_520) }),
    plain(3, 'CONV_2D', [0], [1, 6, 6, 8]),
    differing(plain(4, 'ADD', [2, 3], [1, 6, 6, 8]), 870, { own: inherited(11_520) }),
    plain(5, 'MAX_POOL_2D', [4], [1, 3, 3, 8]),
    differing(plain(6, 'FULLY_CONNECTED', [5], [1, 10]), 160, { own: dense.own, where: { ...dense.where, shape: [1, 10], pattern: [], atTies: null,
      first: { ...dense.where.first, index: [0, 6] }, worst: { ...dense.where.worst, index: [0, 9] } } }),
    differing(plain(7, 'RESHAPE', [6], [1, 10]), 160),
    plain(8, 'PACK', [0], [1, 2], { compared: 0, tensors: [] }),
    differing(plain(9, 'SOFTMAX', [7], [1, 10]), 90, { own: { ...inherited(120), samples: 12 } }),
  ];
}

export const TOLERANCES: readonly ToleranceReport[] = [
  { scope: 'operator SOFTMAX', layers: [9], lsb: 1, budget: { share: 0.01 }, reason: 'the table has 256 entries', used: { elements: 90, compared: 400, maxAbsDiff: 9 }, needed: true, kept: false },
  { scope: 'layer block/max*', layers: [5], lsb: null, budget: { elements: 12 }, reason: 'see ticket 41', used: { elements: 0, compared: 2880, maxAbsDiff: 0 }, needed: false, kept: true },
];

export const DETERMINISM: readonly DeterminismReport[] = [
  { check: 'same sample twice', samples: 8, result: 'same', layer: null, note: '' },
  { check: 'another order', samples: 8, result: 'not possible', layer: null, note: 'one sample only' },
  { check: 'other bytes in memory', samples: 8, result: 'differs', layer: { index: 1, op: 'DEPTHWISE_CONV_2D', name: 'block/depthwise_conv_2d_1' }, note: '12 bytes of tensor 11' },
];

export const diagnosedCase = (changes: Partial<CaseReport> = {}): CaseReport => caseReport({
  name: 'residual block', verdict: 'fail', samples: SAMPLES, sequences: [{ name: SEQUENCE, samples: SAMPLES }], layers: diagnosedLayers(), plots: [], npu: { used: false, operators: 0, of: 10 },
  reasons: ['layer 1 DEPTHWISE_CONV_2D is wrong by itself: 720 of 11520 elements (5 more layers differ)', 'output block/softmax_9: 90 of 400 elements differ'],
  outputs: [output({ name: 'block/softmax_9', compared: 400, mismatched: 90, maxAbsDiff: 9, metrics: [] })],
  tolerances: TOLERANCES, determinism: DETERMINISM, ...changes,
});

/** Bytes of a tensor of 48 KiB, the most that a report carries of one. */
const LARGE = [32, 32, 48] as const;

/** 100 layers with 1000 samples and 8 culprits with the largest values, every third block with a branch. */
export function deepCase(layers = 100, culprits = 8): CaseReport {
  const made = Array.from({ length: layers }, (_, index): LayerReport => {
    const from = index === 0 ? [-1] : index % 9 === 8 ? [index - 4, index - 1] : [index - 1];
    const base = plain(index, index % 9 === 8 ? 'ADD' : 'CONV_2D', from, [1, ...LARGE]);
    if (index % 12 === 3 && index < 12 * culprits) {
      const border = wrongBorder(10 + index, LARGE, 5);
      return differing(base, 6400, { ...border, diagnosis: index % 24 === 3 ? [] : [cause(border.where.wrong)] });
    }
    return index < 3 ? base : differing(base, 5000, { own: inherited(1_966_080) });
  });
  return diagnosedCase({ name: 'deep network', samples: 1000, layers: made, tolerances: [], determinism: [], outputs: [output({ name: made.at(-1)?.name ?? '', mismatched: 90, metrics: [] })], npu: { used: false, operators: 0, of: layers } });
}

const forgiving = (scope: string, layers: readonly number[], elements: number, maxAbsDiff: number): ToleranceReport =>
  ({ scope, layers, lsb: null, budget: { share: 0.99999 }, reason: 'the vendor rounds once', used: { elements, compared: 23_440, maxAbsDiff }, needed: true, kept: true });

/** A pass in which layer 1 is wrong by itself, layer 2 inherits it and the output differs: all of it is forgiven. Layer 3 absorbs a branch of it. */
export function forgivenCase(changes: Partial<CaseReport> = {}): CaseReport {
  const border = wrongBorder(11, [6, 6, 8], 3);
  const within = (made: LayerReport, maxAbsDiff: number, more: Partial<LayerReport>): LayerReport =>
    ({ ...made, maxAbsDiff, tensors: made.tensors.map((one) => ({ ...one, by: 'values' as const, maxAbsDiff })), ...more });
  return diagnosedCase({
    name: 'forgiven', verdict: 'pass', reasons: [], determinism: [], npu: { used: false, operators: 0, of: 5 },
    tolerances: [forgiving('operator DEPTHWISE*', [1], 720, 255), forgiving('all layers', [0, 1, 2, 3, 4], 90, 3)],
    layers: [plain(0, 'CONV_2D', [-1], [1, 6, 6, 8]), within(plain(1, 'DEPTHWISE_CONV_2D', [0], [1, 6, 6, 8]), 255, { ...border, diagnosis: [cause(border.where.wrong)] }),
      within(plain(2, 'CONV_2D', [1], [1, 6, 6, 8]), 3, { own: inherited(11_520) }), plain(3, 'MAX_POOL_2D', [1], [1, 3, 3, 8]), within(plain(4, 'SOFTMAX', [2, 3], [1, 10]), 3, { own: null })],
    outputs: [output({ name: 'block/softmax_4', compared: 400, mismatched: 0, maxAbsDiff: 3, metrics: [] })], ...changes,
  });
}

/** An LSTM whose cell state is wrong in two elements; names as the converter makes them. */
export function wrongStateCase(): CaseReport {
  const border = wrongBorder(17, [1, 1, 16], 2);
  const name = 'StatefulPartitionedCall/sequential/bidirectional/forward_lstm/while/body/add;StatefulPartitionedCall/sequential/reshape;'.repeat(4);
  const made = plain(0, 'UNIDIRECTIONAL_SEQUENCE_LSTM', [-1], [1, 16]);
  const place = { sequence: SEQUENCE, sample: 3, step: 3, index: [0, 5], expected: -4, got: -3 };
  const wrong = layer({ ...made, name, mismatched: 2, own: { ...border.own, mismatched: 2 }, where: { ...border.where, shape: [1, 16] }, tensors: [
    tensor({ tensor: 10, name, shape: [1, 16], compared: 640 }), tensor({ tensor: 16, name, role: 'state', shape: [1, 16], compared: 640 }),
    tensor({ tensor: 17, name, role: 'state', dtype: 'int16', shape: [1, 16], compared: 640, by: 'values', mismatched: 2, maxAbsDiff: 9, histogram: { '9': 2 }, firstMismatch: place }),
  ] });
  return diagnosedCase({ name: 'state', layers: [wrong], outputs: [output({ metrics: [] })], tolerances: [], determinism: [] });
}

/** A layer whose tap was never called: its count is a placeholder; of the layer behind it only digests are known. */
export function notShownCase(): CaseReport {
  const [first, second] = [plain(0, 'CONV_2D', [-1], [1, 20, 20, 1]), plain(1, 'RESHAPE', [0], [1, 400])];
  const least = (made: LayerReport, more: Partial<LayerReport>): LayerReport => ({ ...made, mismatched: 1, maxAbsDiff: null, tensors: made.tensors.map((one) => ({ ...one, mismatched: 1, lowerBound: true, maxAbsDiff: null })), ...more });
  return diagnosedCase({ name: 'not shown', layers: [least(first, { ran: 'not executed' }), least(second, {})], outputs: [output({ metrics: [] })], tolerances: [], determinism: [] });
}
