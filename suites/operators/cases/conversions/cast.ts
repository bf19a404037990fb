import type { DType } from '../../../../harness/model/graph.ts';
import type { OperatorCase } from '../../case.ts';
import { single } from '../functions/graph.ts';

const TYPES: readonly DType[] = ['int8', 'int16', 'int32', 'uint32', 'float32', 'bool'];

const INTEGERS: Readonly<Partial<Record<DType, readonly number[]>>> = {
  int8: [-128, -127, -1, 0, 1, 2, 126, 127], int16: [-32768, -32767, -257, -256, -129, -128, -1, 0, 1, 127, 128, 255, 256, 32766, 32767],
  int32: [-(2 ** 31), -(2 ** 31) + 1, -16777217, -65537, -65536, -32769, -129, -1, 0, 1, 128, 255, 32768, 65535, 65536, 16777217, 33554435, 2 ** 31 - 65, 2 ** 31 - 1],
  uint32: [0, 1, 127, 128, 255, 32768, 65536, 16777217, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 129, 2 ** 32 - 129, 2 ** 32 - 128, 2 ** 32 - 1], bool: [0, 1, 1, 0, 1],
};

/** Fractions, the ends of every type and beyond, infinities and NaN. */
const FLOATS = [
  0, -0, 0.5, 0.99999994, 1, 1.5, 2.9999, 126.5, 127.99, 1e-45, 1e-20, -0.5, -0.99999994, -1, -1.5, -127.5, -128, 128, -128.9, -129, 255.9, 300.7, -300.7, 32767.6, 32768, -32769, 40000,
  65536.5, 16777217, 2 ** 31 - 128, 2 ** 31, -(2 ** 31), -(2 ** 31) - 256, 2 ** 32 - 256, 2 ** 32, 3e38, -3e38, Infinity, -Infinity, Number.NaN,
];

export const cast: readonly OperatorCase[] = TYPES.flatMap((from) => TYPES.map((to) => {
  const values = from === 'float32' ? FLOATS : (INTEGERS[from] ?? []);
  return single(`cast-${from}-${to}`, 'CAST', { dtype: from }, { dtype: to }, [1, values.length], {}, { samples: 1, inputs: [[values]] });
}));
