import type { Operator, Tensor } from '../../model/graph.ts';
import type { TensorData } from '../../reference/runner.ts';

/** quantized_bias_type of the schema: TensorType INT32. */
const BIAS_INT32 = 2;

/** Codes of a constant operand of a product; null where it is computed, or of a type that none has. */
export function constantCodes({ data, dtype, elements }: Tensor): TensorData | null {
  if (data === null) return null;
  // Copied: it may lie at an odd address of the file.
  const buffer = data.slice().buffer;
  switch (dtype) {
    case 'int8': return new Int8Array(buffer);
    case 'int16': return new Int16Array(buffer);
    case 'int32': return new Int32Array(buffer);
    case 'int64': return new BigInt64Array(buffer);
    // Two codes a byte, the lower half first.
    case 'int4': return Int8Array.from({ length: elements }, (_each, i) => ((data[i >> 1] ?? 0) << (i % 2 === 0 ? 28 : 24)) >> 28);
    default: return null;
  }
}

/** Whether the sums of a product are int64: int16 activations whose bias is not int32. */
export function isWide({ name, options }: Operator, input: Tensor, bias: Tensor | undefined): boolean {
  if (input.dtype !== 'int16') return false;
  if (bias !== undefined) return bias.dtype !== 'int32';
  return name === 'DEPTHWISE_CONV_2D' || options.quantized_bias_type !== BIAS_INT32;
}
