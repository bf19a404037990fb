import { HilError } from '../errors.ts';
import type { RequantiseName } from './requantise.ts';
import type { ScaleArithmetic } from './scales.ts';

/** The rounding of one operator: how accumulators become codes, and how its multipliers are made from scales. */
export interface OperatorRounding {
  readonly requantise: RequantiseName;
  /** Where weights have one scale. */
  readonly scales: ScaleArithmetic;
  /** Where weights have a scale a channel. */
  readonly channelScales: ScaleArithmetic;
  /** LSTM only. 'litert': gemmlowp's 16-bit logistic and tanh, the recurrent product added before it is saturated. Absent: as TFLM. */
  readonly lstm?: 'litert';
}

/** A named map from operator to rounding. Operators without an entry of their own have the default. */
export interface RoundingProfile {
  readonly name: string;
  readonly summary: string;
  readonly default: OperatorRounding;
  readonly operators: Readonly<Record<string, OperatorRounding>>;
}

const DOUBLE: OperatorRounding = { requantise: 'double', scales: 'double', channelScales: 'double' };
/** (tflite-micro before 2026-10-13: GetQuantizedConvolutionMultipler, leaky_relu_common.cc) */
const FLOAT32_PRODUCT: OperatorRounding = { requantise: 'double', scales: 'float32-product', channelScales: 'double' };
/** (svdf_common.cc, sub_common.cc, div.cc before the same date: product and quotient) */
const FLOAT32_SCALES: OperatorRounding = { ...FLOAT32_PRODUCT, scales: 'float32' };

/** ruy's x86 kernels: the second rounding has its ties upwards. */
const NEON_DOUBLE: OperatorRounding = { ...DOUBLE, requantise: 'neon-double' };
const SINGLE: OperatorRounding = { ...DOUBLE, requantise: 'single' };
const FLOAT64: OperatorRounding = { ...DOUBLE, requantise: 'float-round' };
const XNNPACK: OperatorRounding = { requantise: 'xnn-fp32', scales: 'float32', channelScales: 'float32' };

/** What LiteRT does otherwise than TFLM, whichever kernels it runs; its LSTM is never delegated. */
const LITERT = { UNIDIRECTIONAL_SEQUENCE_LSTM: { ...DOUBLE, scales: 'float32', lstm: 'litert' } } as const satisfies Record<string, OperatorRounding>;

const PROFILES: readonly RoundingProfile[] = [
  { name: 'tflm', summary: 'TFLM reference kernels since October 2026; CMSIS-NN by default', default: DOUBLE, operators: {} },
  {
    name: 'tflm-2026-08',
    summary: 'TFLM before 2026-10-13: float32 products of scales',
    default: DOUBLE,
    operators: { BATCH_MATMUL: FLOAT32_PRODUCT, FULLY_CONNECTED: FLOAT32_PRODUCT, UNIDIRECTIONAL_SEQUENCE_LSTM: FLOAT32_PRODUCT, LEAKY_RELU: FLOAT32_PRODUCT, SVDF: FLOAT32_SCALES, SUB: FLOAT32_SCALES, DIV: FLOAT32_SCALES },
  },
  {
    name: 'litert-ref',
    summary: 'LiteRT since 1.3.0, reference kernels: FULLY_CONNECTED in float64',
    default: DOUBLE,
    operators: { ...LITERT, FULLY_CONNECTED: FLOAT64 },
  },
  {
    name: 'litert-builtin',
    summary: 'LiteRT on x86-64, optimised kernels without a delegate: CONV_2D and FULLY_CONNECTED with ties upwards',
    default: DOUBLE,
    operators: { ...LITERT, CONV_2D: NEON_DOUBLE, FULLY_CONNECTED: NEON_DOUBLE },
  },
  {
    name: 'litert-xnnpack',
    summary: 'LiteRT on x86-64 with the XNNPACK delegate: one float32 product',
    default: DOUBLE,
    operators: { ...LITERT, CONV_2D: XNNPACK, DEPTHWISE_CONV_2D: XNNPACK, FULLY_CONNECTED: XNNPACK },
  },
  { name: 'cmsis-single', summary: 'CMSIS-NN with CMSIS_NN_USE_SINGLE_ROUNDING', default: SINGLE, operators: {} },
  { name: 'neon-double', summary: "two roundings as Arm's rounding shift does the second: ties upwards", default: NEON_DOUBLE, operators: {} },
];

/** Profiles that have a name in suites and reports but no arithmetic here yet. */
const PLANNED: readonly string[] = ['vela-tfl', 'vela-natural', 'tvm'];

/** Names that roundingProfile() accepts. */
export function supportedProfiles(): readonly string[] {
  return PROFILES.map((profile) => profile.name);
}

/** @throws HilError 'config' numerics.profile for a name that is unknown, or known but not supported yet */
export function roundingProfile(name: string): RoundingProfile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  const supported = supportedProfiles().join(', ');
  const what = PLANNED.includes(name) ? `rounding profile '${name}' is not supported yet` : `'${name}' is no rounding profile`;
  throw new HilError('config', 'numerics.profile', `${what}; supported: ${supported}`, { facts: { profile: name, supported: supportedProfiles() } });
}

/** The rounding of an operator by its schema name, e.g. 'FULLY_CONNECTED'. */
export function roundingOf(profile: RoundingProfile, operator: string): OperatorRounding {
  return profile.operators[operator] ?? profile.default;
}
