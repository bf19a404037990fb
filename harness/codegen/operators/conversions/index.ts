import type { OperatorGenerator } from '../../context.ts';
import { cast } from './cast.ts';
import { dequantize } from './dequantize.ts';
import { quantize } from './quantize.ts';

export const generators: readonly OperatorGenerator[] = [cast, dequantize, quantize];
