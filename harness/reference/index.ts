/** The reference room: bit-exact execution of a model on the host, every tensor readable. */
export { prepareReference, unsupportedIn } from './prepare.ts';
export type { Path, UnsupportedOperator } from './prepare.ts';
export { supportedOperators } from './registry.ts';
export { notSupportedOfTflm, TFLM_OPERATORS } from './tflm-operators.ts';
export type { ReferenceRunner, TensorData } from './runner.ts';
export { elementsFrom } from './memory.ts';
export { dequantise, quantiseFloats } from './quantise.ts';
export { compareWithGoldens, readGoldens } from './goldens.ts';
export type { GoldenCase, GoldenTally, GoldenTensor } from './goldens.ts';
