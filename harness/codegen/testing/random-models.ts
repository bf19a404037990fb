import type { ModelDescription, OperatorDescription, TensorDescription } from '../../model/writer/index.ts';

/** Seeded random numbers (mulberry32): the same seed, the same model. */
export function randomSource(seed: number): { below(n: number): number; code(): number; pick<T>(values: readonly T[]): T; real(low: number, high: number): number } {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (n) => Math.floor(next() * n),
    code: () => Math.floor(next() * 256) - 128,
    pick: <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T,
    real: (low, high) => low + next() * (high - low),
  };
}

/**
 * A model of LSTM, RESHAPE, FULLY_CONNECTED (twice) and SOFTMAX whose shapes, layouts, zero points, scales, activations and
 * optional tensors are drawn from `seed`. Scales are such that most outputs neither saturate nor vanish.
 */
export function randomModel(seed: number): ModelDescription {
  const random = randomSource(seed);
  const tensors: TensorDescription[] = [];
  const add = (tensor: TensorDescription): string => {
    tensors.push(tensor);
    return tensor.name;
  };
  const codes = (n: number): number[] => Array.from({ length: n }, () => Math.max(-127, random.code()));
  const bias = (n: number, reach: number): number[] => Array.from({ length: n }, () => Math.round(random.real(-reach, reach)));
  const zeroPoint = (): number => random.pick([-128, -3, 0, 5, 127, random.code()]);
  const activation = (name: string, shape: readonly number[], scale: number): string =>
    add({ name, dtype: 'int8', shape, quantisation: { scale, zeroPoint: zeroPoint() } });

  const [batches, steps, inputs, units] = [random.pick([1, 2, 3]), 1 + random.below(4), 1 + random.below(9), 1 + random.below(9)];
  const timeMajor = random.below(2) === 1;
  const rows = timeMajor ? [steps, batches] : [batches, steps];
  const x = activation('x', [...rows, inputs], random.real(0.005, 0.03));
  const operators: OperatorDescription[] = [];

  const gate = (kind: string, columns: number): string[] =>
    ['i', 'f', 'c', 'o'].map((g) => add({ name: `${kind}${g}`, dtype: 'int8', shape: [units, columns], quantisation: { scale: random.real(0.004, 0.012) }, data: codes(units * columns) }));
  const inputWeights = gate('w', inputs);
  const recurrentWeights = gate('r', units);
  const biases = ['i', 'f', 'c', 'o'].map((g) => add({ name: `b${g}`, dtype: 'int32', shape: [units], quantisation: { scale: 1e-4 }, data: bias(units, 9000) }));
  const hiddenScale = random.real(0.005, 0.0078);
  const hiddenZero = zeroPoint();
  const h = add({ name: 'h', dtype: 'int8', shape: [batches, units], quantisation: { scale: hiddenScale, zeroPoint: hiddenZero }, isVariable: true });
  const c = add({ name: 'c', dtype: 'int16', shape: [batches, units], quantisation: { scale: 2 ** -random.pick([9, 11, 12, 13, 15]) }, isVariable: true });
  const y = add({ name: 'y', dtype: 'int8', shape: [...rows, units], quantisation: { scale: hiddenScale, zeroPoint: hiddenZero } });
  operators.push({
    op: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
    inputs: [x, ...inputWeights, ...recurrentWeights, -1, -1, -1, ...biases, -1, -1, h, c, -1, -1, -1, -1],
    outputs: [y],
    options: { fused_activation_function: 4, time_major: timeMajor, cell_clip: random.pick([0, 0.5, 10]) },
  });

  const flat = add({ name: 'flat', dtype: 'int8', shape: [batches * steps, units], quantisation: { scale: hiddenScale, zeroPoint: hiddenZero } });
  const shape = add({ name: 'shape', dtype: 'int32', shape: [2], data: [batches * steps, units] });
  operators.push({ op: 'RESHAPE', inputs: [y, shape], outputs: [flat], options: { new_shape: [batches * steps, units] } });

  const dense = (name: string, from: string, columns: number, outputs: number, outputScale: number): string => {
    const perChannel = random.below(2) === 1;
    const scale = Array.from({ length: perChannel ? outputs : 1 }, () => random.real(0.002, 0.02));
    const w = add({ name: `${name}.w`, dtype: 'int8', shape: [outputs, columns], quantisation: { scale, axis: 0 }, data: codes(outputs * columns) });
    const hasBias = random.below(3) > 0;
    const b = hasBias ? add({ name: `${name}.b`, dtype: 'int32', shape: [outputs], quantisation: { scale: 1e-4 }, data: bias(outputs, 5000) }) : -1;
    const out = activation(name, [batches * steps, outputs], outputScale);
    operators.push({ op: 'FULLY_CONNECTED', inputs: [from, w, b], outputs: [out], options: { fused_activation_function: random.pick([0, 1, 2, 3]) } });
    return out;
  };
  const middle = 1 + random.below(12);
  const d1 = dense('d1', flat, units, middle, random.real(0.004, 0.02));
  const classes = 1 + random.below(12);
  const d2 = dense('d2', d1, middle, classes, random.real(0.01, 0.2));
  const p = add({ name: 'p', dtype: 'int8', shape: [batches * steps, classes], quantisation: { scale: 1 / 256, zeroPoint: -128 } });
  operators.push({ op: 'SOFTMAX', inputs: [d2], outputs: [p], options: { beta: random.pick([1, 0.5, 2]) } });
  return { tensors, operators, inputs: [x], outputs: random.below(2) === 1 ? [p] : [p, d1] };
}
