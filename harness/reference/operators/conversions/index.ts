import type { OperatorReference } from '../../context.ts';
import { dequantize } from './dequantize.ts';
import { quantize } from './quantize.ts';

export const references: readonly OperatorReference[] = [dequantize, quantize];
