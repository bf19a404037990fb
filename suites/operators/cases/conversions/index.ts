import type { OperatorCase } from '../../case.ts';
import { cast } from './cast.ts';
import { dequantize } from './dequantize.ts';
import { quantize } from './quantize.ts';

export const cases: readonly OperatorCase[] = [...cast, ...dequantize, ...quantize];
