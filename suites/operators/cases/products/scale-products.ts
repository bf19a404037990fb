import type { OperatorCase } from '../../case.ts';

/**
 * Scales and a sum for which the factor si * sw / so gives another code when the product of the scales is rounded to float32 than
 * when it is formed in float64: one sum in millions, found by search.
 */
const SETS: readonly (readonly [input: number, weights: number, output: number, sum: number])[] = [
  [0.043733999133110046, 0.08831000328063965, 0.4361054003238678, 9089], [0.07030099630355835, 0.08966699987649918, 1.094959020614624, 14156],
  [0.05574699863791466, 0.09584999829530716, 0.8166513442993164, 15665], [0.014650000259280205, 0.03636600077152252, 0.07835886627435684, 11104],
  [0.09998799860477448, 0.08845800161361694, 1.4699583053588867, 9888], [0.02926800027489662, 0.06168900057673454, 0.2915881276130676, 14938],
  [0.07254199683666229, 0.022113999351859093, 0.2640213370323181, 7817], [0.010719000361859798, 0.09641499817371368, 0.13557292520999908, 12265],
  [0.079135000705719, 0.051360998302698135, 0.6057306528091431, 14679], [0.0832810029387474, 0.02681799978017807, 0.3672800362110138, 6495],
];

export const scaleProducts: readonly OperatorCase[] = (['FULLY_CONNECTED', 'BATCH_MATMUL'] as const).flatMap((op) => SETS.map(([input, weights, output, sum], i): OperatorCase => {
  // sum = 127 * high + low, and its negative.
  const high = Math.round(sum / 127);
  const low = sum - 127 * high;
  return {
    name: `${op === 'FULLY_CONNECTED' ? 'fully-connected' : 'batch-matmul'}-scale-product-${i}`, op,
    inputs: [[[high, low, -high, -low]]], samples: 1,
    model: {
      tensors: [
        { name: 'x', dtype: 'int8', shape: [2, 2], quantisation: { scale: input } },
        { name: 'w', dtype: 'int8', shape: [1, 2], quantisation: { scale: weights }, data: [127, 1] },
        { name: 'y', dtype: 'int8', shape: [2, 1], quantisation: { scale: output } },
      ],
      operators: [op === 'FULLY_CONNECTED'
        ? { op, inputs: ['x', 'w', -1], outputs: ['y'] }
        : { op, version: 4, inputs: ['x', 'w'], outputs: ['y'], options: { adj_y: true } }],
      inputs: ['x'], outputs: ['y'],
    },
  };
}));
