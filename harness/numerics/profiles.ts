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
}

/** A named map from operator to rounding. Operators without an entry of their own have the default. */
export interface RoundingProfile {
  readonly name: string;
  readonly summary: string;
  readonly default: OperatorRounding;
  readonly operators: Readonly<Record<string, OperatorRounding>>;
}

const DOUBLE: OperatorRounding = { requantise: 'double', scales: 'double', channelScales: 'double' };
/** (tflite-micro before 2026-10-13: GetQuantizedConvolutionMultipler, leaky_relu_common.cc, sub_common.cc) */
const FLOAT32_PRODUCT: OperatorRounding = { requantise: 'double', scales: 'float32-product', channelScales: 'double' };

const PROFILES: readonly RoundingProfile[] = [
  { name: 'tflm', summary: 'TFLM reference kernels since October 2026; CMSIS-NN by default', default: DOUBLE, operators: {} },
  {
    name: 'tflm-2026-08',
    summary: 'TFLM before 2026-10-13: float32 products of scales',
    default: DOUBLE,
    operators: { FULLY_CONNECTED: FLOAT32_PRODUCT, UNIDIRECTIONAL_SEQUENCE_LSTM: FLOAT32_PRODUCT, LEAKY_RELU: FLOAT32_PRODUCT, SUB: FLOAT32_PRODUCT },
  },
];

/** Profiles that have a name in suites and reports but no arithmetic here yet. */
const PLANNED: readonly string[] = ['litert-ref', 'litert-builtin', 'litert-xnnpack', 'cmsis-single', 'neon-double', 'vela-tfl', 'vela-natural', 'tvm'];

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
