import { supportedOperators } from './registry.ts';

/** Builtin operators that TensorFlow Lite Micro registers (micro_mutable_op_resolver.h of August 2026), by schema name. */
export const TFLM_OPERATORS: readonly string[] = `ABS ADD ADD_N ARG_MAX ARG_MIN ASSIGN_VARIABLE AVERAGE_POOL_2D BATCH_MATMUL
  BATCH_TO_SPACE_ND BROADCAST_ARGS BROADCAST_TO CALL_ONCE CAST CEIL CONCATENATION CONV_2D COS CUMSUM DEPTHWISE_CONV_2D DEPTH_TO_SPACE
  DEQUANTIZE DIV DYNAMIC_UPDATE_SLICE ELU EMBEDDING_LOOKUP EQUAL EXP EXPAND_DIMS FILL FLOOR FLOOR_DIV FLOOR_MOD FULLY_CONNECTED GATHER
  GATHER_ND GREATER GREATER_EQUAL HARD_SWISH IF L2_NORMALIZATION L2_POOL_2D LEAKY_RELU LESS LESS_EQUAL LOG LOGICAL_AND LOGICAL_NOT
  LOGICAL_OR LOGISTIC LOG_SOFTMAX MAXIMUM MAX_POOL_2D MEAN MINIMUM MIRROR_PAD MUL NEG NOT_EQUAL PACK PAD PADV2 PRELU QUANTIZE
  READ_VARIABLE REDUCE_ALL REDUCE_MAX REDUCE_MIN RELU RELU6 RESHAPE RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR REVERSE_V2 ROUND RSQRT
  SELECT_V2 SHAPE SIN SLICE SOFTMAX SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQRT SQUARE SQUARED_DIFFERENCE SQUEEZE STRIDED_SLICE
  SUB SUM SVDF TANH TRANSPOSE TRANSPOSE_CONV UNIDIRECTIONAL_SEQUENCE_LSTM UNPACK VAR_HANDLE WHILE ZEROS_LIKE`.split(/\s+/);

/** Why hil does not have an operator that TFLM has. */
const REASONS: Readonly<Record<string, string>> = {
  EMBEDDING_LOOKUP: 'it turns rows of int8 into float32 as it looks them up, a mixture that no other operator has; no model was met that keeps it for a microcontroller',
};

/** What TFLM supports and hil does not, with the reason; custom operators come as one entry. */
export function notSupportedOfTflm(): readonly { readonly name: string; readonly reason: string }[] {
  const supported = new Set(supportedOperators().map(({ name }) => name));
  return [
    ...TFLM_OPERATORS.filter((name) => !supported.has(name)).map((name) => ({ name, reason: REASONS[name] ?? 'no reason is given: please report it' })),
    { name: 'CUSTOM', reason: 'custom operators (signal processing, detection post-processing, Ethos-U, ...) are code of their own that no schema describes' },
  ];
}
