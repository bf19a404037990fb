import type { OperatorCase } from '../../case.ts';
import { ALL_CODES, CODES16, single } from '../functions/graph.ts';

const FORMS = [[0.1, 0], [0.0123, -128], [1e-6, 127], [3.7e4, 5], [2 ** -126, -1], [1e-41, 3], [1, 0], [3.3e38, 1]] as const;

export const dequantize: readonly OperatorCase[] = FORMS.flatMap(([scale, zeroPoint], i) => [
  single(`dequantize-int8-${i}`, 'DEQUANTIZE', { dtype: 'int8', scale, zeroPoint }, { dtype: 'float32' }, [4, 64], {}, { samples: 1, inputs: [[ALL_CODES]] }),
  single(`dequantize-uint8-${i}`, 'DEQUANTIZE', { dtype: 'uint8', scale, zeroPoint: zeroPoint + 128 }, { dtype: 'float32' }, [4, 64], {}, { samples: 1, inputs: [[ALL_CODES.map((code) => code + 128)]] }),
  single(`dequantize-int16-${i}`, 'DEQUANTIZE', { dtype: 'int16', scale: scale / 256, zeroPoint: i % 2 === 0 ? 0 : zeroPoint * 100 }, { dtype: 'float32' }, [CODES16.length], {}, { samples: 1, inputs: [[CODES16]] }),
]);
