import type { OperatorReference } from '../../context.ts';
import { cast } from './cast.ts';
import { dequantize } from './dequantize.ts';
import { quantize } from './quantize.ts';

export const references: readonly OperatorReference[] = [cast, dequantize, quantize];
