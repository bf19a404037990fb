/**
 * The options tables of the schema as data: one row a field. A new operator is a new row here and nothing else in this room.
 * (schema.fbs, union BuiltinOptions and its tables; `union` is the member's number in the union, from 1.)
 */
export type OptionType = 'bool' | 'int8' | 'int32' | 'float32' | 'int32[]' | 'string' | 'padding' | 'activation';
/** [name, field id, type, default] */
export type OptionField = readonly [name: string, id: number, type: OptionType, fallback: number | boolean | string | readonly number[]];

export interface OptionsTable {
  readonly union: number;
  readonly table: string;
  /** Operators that carry this table. */
  readonly operators: readonly string[];
  readonly fields: readonly OptionField[];
}

/** Values of `fused_activation_function`. */
export const Activation = { NONE: 0, RELU: 1, RELU_N1_TO_1: 2, RELU6: 3, TANH: 4, SIGN_BIT: 5 } as const;

const activation = (id: number): OptionField => ['fused_activation_function', id, 'activation', 0];
const asymmetric = (id: number): OptionField => ['asymmetric_quantize_inputs', id, 'bool', false];
const conv: readonly OptionField[] = [['padding', 0, 'padding', 0], ['stride_w', 1, 'int32', 0], ['stride_h', 2, 'int32', 0]];

/** Tables without fields: [union, table, operators]. */
const EMPTY: readonly (readonly [number, string, string])[] = [
  [22, 'PadOptions', 'PAD'], [24, 'BatchToSpaceNDOptions', 'BATCH_TO_SPACE_ND'], [25, 'SpaceToBatchNDOptions', 'SPACE_TO_BATCH_ND'],
  [26, 'TransposeOptions', 'TRANSPOSE'], [33, 'ExpOptions', 'EXP'], [34, 'TopKV2Options', 'TOPK_V2'], [36, 'LogSoftmaxOptions', 'LOG_SOFTMAX'],
  [38, 'DequantizeOptions', 'DEQUANTIZE'], [39, 'MaximumMinimumOptions', 'MAXIMUM MINIMUM'], [41, 'LessOptions', 'LESS'],
  [42, 'NegOptions', 'NEG'], [43, 'PadV2Options', 'PADV2'], [44, 'GreaterOptions', 'GREATER'], [45, 'GreaterEqualOptions', 'GREATER_EQUAL'],
  [46, 'LessEqualOptions', 'LESS_EQUAL'], [47, 'SelectOptions', 'SELECT'], [48, 'SliceOptions', 'SLICE'], [51, 'TileOptions', 'TILE'],
  [52, 'ExpandDimsOptions', 'EXPAND_DIMS'], [53, 'EqualOptions', 'EQUAL'], [54, 'NotEqualOptions', 'NOT_EQUAL'], [56, 'PowOptions', 'POW'],
  [60, 'LogicalOrOptions', 'LOGICAL_OR'], [62, 'LogicalAndOptions', 'LOGICAL_AND'], [63, 'LogicalNotOptions', 'LOGICAL_NOT'],
  [65, 'FloorDivOptions', 'FLOOR_DIV'], [66, 'SquareOptions', 'SQUARE'], [67, 'ZerosLikeOptions', 'ZEROS_LIKE'], [68, 'FillOptions', 'FILL'],
  [72, 'FloorModOptions', 'FLOOR_MOD'], [73, 'RangeOptions', 'RANGE'], [76, 'SquaredDifferenceOptions', 'SQUARED_DIFFERENCE'],
  [78, 'AbsOptions', 'ABS'], [81, 'ReverseV2Options', 'REVERSE_V2'], [82, 'AddNOptions', 'ADD_N'], [83, 'GatherNdOptions', 'GATHER_ND'],
  [84, 'CosOptions', 'COS'], [85, 'WhereOptions', 'WHERE'], [86, 'RankOptions', 'RANK'], [89, 'QuantizeOptions', 'QUANTIZE'],
  [91, 'HardSwishOptions', 'HARD_SWISH'], [98, 'SelectV2Options', 'SELECT_V2'], [104, 'BroadcastToOptions', 'BROADCAST_TO'],
  [112, 'ReadVariableOptions', 'READ_VARIABLE'], [113, 'AssignVariableOptions', 'ASSIGN_VARIABLE'],
];

export const OPTIONS_TABLES: readonly OptionsTable[] = [
  { union: 1, table: 'Conv2DOptions', operators: ['CONV_2D'], fields: [...conv, activation(3), ['dilation_w_factor', 4, 'int32', 1], ['dilation_h_factor', 5, 'int32', 1], ['quantized_bias_type', 6, 'int8', 0]] },
  { union: 2, table: 'DepthwiseConv2DOptions', operators: ['DEPTHWISE_CONV_2D'], fields: [...conv, ['depth_multiplier', 3, 'int32', 0], activation(4), ['dilation_w_factor', 5, 'int32', 1], ['dilation_h_factor', 6, 'int32', 1]] },
  { union: 5, table: 'Pool2DOptions', operators: ['AVERAGE_POOL_2D', 'MAX_POOL_2D', 'L2_POOL_2D'], fields: [...conv, ['filter_width', 3, 'int32', 0], ['filter_height', 4, 'int32', 0], activation(5)] },
  { union: 6, table: 'SVDFOptions', operators: ['SVDF'], fields: [['rank', 0, 'int32', 0], activation(1), asymmetric(2)] },
  { union: 8, table: 'FullyConnectedOptions', operators: ['FULLY_CONNECTED'], fields: [activation(0), ['weights_format', 1, 'int8', 0], ['keep_num_dims', 2, 'bool', false], asymmetric(3), ['quantized_bias_type', 4, 'int8', 0]] },
  { union: 9, table: 'SoftmaxOptions', operators: ['SOFTMAX'], fields: [['beta', 0, 'float32', 0]] },
  { union: 10, table: 'ConcatenationOptions', operators: ['CONCATENATION'], fields: [['axis', 0, 'int32', 0], activation(1)] },
  { union: 11, table: 'AddOptions', operators: ['ADD'], fields: [activation(0), ['pot_scale_int16', 1, 'bool', true]] },
  { union: 12, table: 'L2NormOptions', operators: ['L2_NORMALIZATION'], fields: [activation(0)] },
  { union: 14, table: 'LSTMOptions', operators: ['LSTM'], fields: [activation(0), ['cell_clip', 1, 'float32', 0], ['proj_clip', 2, 'float32', 0], ['kernel_type', 3, 'int8', 0], asymmetric(4)] },
  { union: 15, table: 'ResizeBilinearOptions', operators: ['RESIZE_BILINEAR'], fields: [['align_corners', 2, 'bool', false], ['half_pixel_centers', 3, 'bool', false]] },
  { union: 17, table: 'ReshapeOptions', operators: ['RESHAPE'], fields: [['new_shape', 0, 'int32[]', []]] },
  { union: 19, table: 'SpaceToDepthOptions', operators: ['SPACE_TO_DEPTH'], fields: [['block_size', 0, 'int32', 0]] },
  { union: 21, table: 'MulOptions', operators: ['MUL'], fields: [activation(0)] },
  { union: 23, table: 'GatherOptions', operators: ['GATHER'], fields: [['axis', 0, 'int32', 0], ['batch_dims', 1, 'int32', 0]] },
  { union: 27, table: 'ReducerOptions', operators: ['MEAN', 'SUM', 'REDUCE_PROD', 'REDUCE_MAX', 'REDUCE_MIN', 'REDUCE_ANY', 'REDUCE_ALL'], fields: [['keep_dims', 0, 'bool', false]] },
  { union: 28, table: 'SubOptions', operators: ['SUB'], fields: [activation(0), ['pot_scale_int16', 1, 'bool', true]] },
  { union: 29, table: 'DivOptions', operators: ['DIV'], fields: [activation(0)] },
  { union: 30, table: 'SqueezeOptions', operators: ['SQUEEZE'], fields: [['squeeze_dims', 0, 'int32[]', []]] },
  { union: 31, table: 'SequenceRNNOptions', operators: ['UNIDIRECTIONAL_SEQUENCE_RNN'], fields: [['time_major', 0, 'bool', false], activation(1), asymmetric(2)] },
  { union: 32, table: 'StridedSliceOptions', operators: ['STRIDED_SLICE'], fields: [['begin_mask', 0, 'int32', 0], ['end_mask', 1, 'int32', 0], ['ellipsis_mask', 2, 'int32', 0], ['new_axis_mask', 3, 'int32', 0], ['shrink_axis_mask', 4, 'int32', 0], ['offset', 5, 'bool', false]] },
  { union: 35, table: 'SplitOptions', operators: ['SPLIT'], fields: [['num_splits', 0, 'int32', 0]] },
  { union: 37, table: 'CastOptions', operators: ['CAST'], fields: [['in_data_type', 0, 'int8', 0], ['out_data_type', 1, 'int8', 0]] },
  { union: 40, table: 'ArgMaxOptions', operators: ['ARG_MAX'], fields: [['output_type', 0, 'int8', 0]] },
  { union: 49, table: 'TransposeConvOptions', operators: ['TRANSPOSE_CONV'], fields: [...conv, activation(3), ['quantized_bias_type', 4, 'int8', 0]] },
  { union: 55, table: 'ShapeOptions', operators: ['SHAPE'], fields: [['out_type', 0, 'int8', 0]] },
  { union: 57, table: 'ArgMinOptions', operators: ['ARG_MIN'], fields: [['output_type', 0, 'int8', 0]] },
  { union: 58, table: 'FakeQuantOptions', operators: ['FAKE_QUANT'], fields: [['min', 0, 'float32', 0], ['max', 1, 'float32', 0], ['num_bits', 2, 'int32', 0], ['narrow_range', 3, 'bool', false]] },
  { union: 59, table: 'PackOptions', operators: ['PACK'], fields: [['values_count', 0, 'int32', 0], ['axis', 1, 'int32', 0]] },
  { union: 64, table: 'UnpackOptions', operators: ['UNPACK'], fields: [['num', 0, 'int32', 0], ['axis', 1, 'int32', 0]] },
  { union: 69, table: 'BidirectionalSequenceLSTMOptions', operators: ['BIDIRECTIONAL_SEQUENCE_LSTM'], fields: [activation(0), ['cell_clip', 1, 'float32', 0], ['proj_clip', 2, 'float32', 0], ['merge_outputs', 3, 'bool', false], ['time_major', 4, 'bool', true], asymmetric(5)] },
  { union: 71, table: 'UnidirectionalSequenceLSTMOptions', operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'], fields: [activation(0), ['cell_clip', 1, 'float32', 0], ['proj_clip', 2, 'float32', 0], ['time_major', 3, 'bool', false], asymmetric(4), ['diagonal_recurrent_tensors', 5, 'bool', false]] },
  { union: 74, table: 'ResizeNearestNeighborOptions', operators: ['RESIZE_NEAREST_NEIGHBOR'], fields: [['align_corners', 0, 'bool', false], ['half_pixel_centers', 1, 'bool', false]] },
  { union: 75, table: 'LeakyReluOptions', operators: ['LEAKY_RELU'], fields: [['alpha', 0, 'float32', 0]] },
  { union: 77, table: 'MirrorPadOptions', operators: ['MIRROR_PAD'], fields: [['mode', 0, 'int8', 0]] },
  { union: 79, table: 'SplitVOptions', operators: ['SPLIT_V'], fields: [['num_splits', 0, 'int32', 0]] },
  { union: 92, table: 'IfOptions', operators: ['IF'], fields: [['then_subgraph_index', 0, 'int32', 0], ['else_subgraph_index', 1, 'int32', 0]] },
  { union: 93, table: 'WhileOptions', operators: ['WHILE'], fields: [['cond_subgraph_index', 0, 'int32', 0], ['body_subgraph_index', 1, 'int32', 0]] },
  { union: 94, table: 'DepthToSpaceOptions', operators: ['DEPTH_TO_SPACE'], fields: [['block_size', 0, 'int32', 0]] },
  { union: 101, table: 'BatchMatMulOptions', operators: ['BATCH_MATMUL'], fields: [['adj_x', 0, 'bool', false], ['adj_y', 1, 'bool', false], asymmetric(2)] },
  { union: 102, table: 'CumsumOptions', operators: ['CUMSUM'], fields: [['exclusive', 0, 'bool', false], ['reverse', 1, 'bool', false]] },
  { union: 103, table: 'CallOnceOptions', operators: ['CALL_ONCE'], fields: [['init_subgraph_index', 0, 'int32', 0]] },
  { union: 111, table: 'VarHandleOptions', operators: ['VAR_HANDLE'], fields: [['container', 0, 'string', ''], ['shared_name', 1, 'string', '']] },
  { union: 116, table: 'GeluOptions', operators: ['GELU'], fields: [['approximate', 0, 'bool', false]] },
  ...EMPTY.map(([union, table, operators]) => ({ union, table, operators: operators.split(' '), fields: [] })),
];

/** The options table that an operator carries; null where the schema gives it none, or hil does not know it. */
export function optionsTableOf(operator: string): OptionsTable | null {
  return OPTIONS_TABLES.find((row) => row.operators.includes(operator)) ?? null;
}
