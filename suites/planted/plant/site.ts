import { BYTES_PER_ELEMENT, type Graph, type Model, type Operator, type Tensor } from '../../../harness/model/graph.ts';
import type { NetworkManifest } from '../../../harness/runtimes/manifest.ts';

/** The layer that is to be spoilt: one operator of a generated network. */
export class Site {
  readonly graph: Graph;
  readonly manifest: NetworkManifest;
  readonly layer: number;
  readonly operator: Operator;

  /** @throws RangeError where the layer does not do the work of exactly one operator */
  constructor(model: Model, manifest: NetworkManifest, layer: number) {
    this.graph = model.subgraphs[0] as Graph;
    this.manifest = manifest;
    this.layer = layer;
    const covers = manifest.layers[layer]?.covers ?? [];
    const operator = this.graph.operators[covers[0] ?? -1];
    if (operator === undefined || covers.length !== 1) throw new RangeError(`layer ${layer} of ${manifest.name} does the work of ${covers.length} operators`);
    this.operator = operator;
  }

  tensor(index: number | undefined): Tensor {
    const tensor = this.graph.tensors[index ?? -1];
    if (tensor === undefined) throw new RangeError(`no tensor ${index} in ${this.manifest.name}`);
    return tensor;
  }

  input(k: number): Tensor {
    return this.tensor(this.operator.inputs[k]);
  }

  get output(): Tensor {
    return this.tensor(this.operator.outputs[0]);
  }

  /** Where the generated C keeps a tensor. */
  address(tensor: Tensor): string {
    return tensor.isVariable ? `${this.manifest.name}_t${tensor.index}` : `${this.manifest.name.toUpperCase()}_T${tensor.index}`;
  }

  bytes(tensor: Tensor): number {
    return tensor.elements * BYTES_PER_ELEMENT[tensor.dtype];
  }

  option(name: string): number {
    return Number(this.operator.options[name] ?? 0);
  }
}

/** A shape as [batches, rows, columns, channels]: what is missing is 1; [batches, steps, channels] has its steps as rows. */
export function dims(shape: readonly number[]): [number, number, number, number] {
  const [batches, rows, columns, channels] = shape.length === 4 ? shape : shape.length === 3 ? [shape[0], shape[1], 1, shape[2]] : shape.length === 2 ? [shape[0], 1, 1, shape[1]] : [1, 1, 1, shape[0]];
  return [batches ?? 1, rows ?? 1, columns ?? 1, channels ?? 1];
}

/** Elements from one index of each dimension to the next. */
export function stepsOf(shape: readonly number[]): number[] {
  return shape.map((_, k) => shape.slice(k + 1).reduce((a, b) => a * b, 1));
}

/** First scale and zero point. */
export const codeOf = (tensor: Tensor): { scale: number; zeroPoint: number } => ({ scale: tensor.quantisation?.scale[0] ?? 1, zeroPoint: tensor.quantisation?.zeroPoint[0] ?? 0 });

/** Constant data as numbers. */
export function numbers({ data, dtype, elements }: Tensor): number[] {
  if (data === null) throw new TypeError('not a constant');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: elements }, (_, i) => (dtype === 'int8' ? view.getInt8(i) : view.getInt32(4 * i, true)));
}
