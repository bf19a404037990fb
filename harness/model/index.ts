/** The model room: .tflite bytes in, verified plain data out. */
export { parseModel } from './read/model.ts';
export { sourceBytes } from './source-bytes.ts';
export { BYTES_PER_ELEMENT } from './graph.ts';
export type { DType, Graph, Model, Operator, OperatorOptions, Quantisation, Tensor } from './graph.ts';
export { Activation } from './schema/options.ts';
export { operatorCode, operatorName } from './schema/operators.ts';
export { resourceVariables } from './variables.ts';
export type { ResourceVariable, ResourceVariables } from './variables.ts';
