import { BYTES_PER_ELEMENT, type Tensor } from '../../../model/graph.ts';
import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import { bytesOf, expectedBut, fromBytes, sameElements, tensorOf, wrongTensors } from './elements.ts';
import { layerCopy, type Rerun } from './layer-copy.ts';

/** Makes other data of a tensor's; null where it cannot be applied to it. Never changes `data` itself. */
export type Change = (data: TensorData, tensor: Tensor, sample: LayerSample) => TensorData | null;

/** Where values can go wrong on their way: what a layer reads, what it writes, or its constants. */
export interface Place {
  readonly kind: 'output' | 'input' | 'constant';
  /** For people: "the output", "input 1", "the weights". */
  readonly name: string;
  readonly tensors: readonly Tensor[];
  /** What the device would show if `change` happened here; null where it cannot, or changes nothing. */
  predict(change: Change, sample: LayerSample): ReadonlyMap<number, TensorData> | null;
}

export const PRODUCTS: ReadonlySet<string> = new Set(['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'TRANSPOSE_CONV']);
const PARAMETER = /^u?int(32|64)$|^bool$/;
export const LSTM = 'UNIDIRECTIONAL_SEQUENCE_LSTM';
/** Re-running a constant's change needs a new copy of the layer each; of so many bytes at the most. */
export const CONSTANT_BYTES = 4 << 20;

/** All tensors that the layer wrote wrongly, as a change on the way to memory. */
export function outputPlace(evidence: LayerEvidence): Place {
  const tensors = wrongTensors(evidence).map((tensor) => tensorOf(evidence, tensor));
  return {
    kind: 'output', name: 'the output', tensors,
    predict: (change, sample) => {
      const changed = new Map<number, TensorData>();
      for (const tensor of tensors) {
        const right = sample.expected.get(tensor.index);
        const data = right === undefined ? null : change(right, tensor, sample);
        if (data === null) return null;
        changed.set(tensor.index, data);
      }
      return expectedBut(sample, changed);
    },
  };
}

/** Each activation that the layer reads, as a change on the way from memory; state is not among them. */
export function inputPlaces(evidence: LayerEvidence): Place[] {
  const rerun = once(() => layerCopy(evidence));
  const inputs = [...(evidence.samples[0]?.inputs.keys() ?? [])].map((tensor) => tensorOf(evidence, tensor)).filter(({ isVariable }) => !isVariable);
  return inputs.map((tensor, k): Place => ({
    kind: 'input', name: inputs.length === 1 ? 'the input' : `input ${k}`, tensors: [tensor],
    predict: (change, sample) => {
      const fed = sample.inputs.get(tensor.index);
      const changed = fed === undefined ? null : change(fed, tensor, sample);
      if (changed === null || sameElements(changed, fed as TensorData)) return null;
      return rerun()?.(new Map(sample.inputs).set(tensor.index, changed)) ?? null;
    },
  }));
}

/** Each constant that the layer computes with; those of one kind together where there are several (the gates of an LSTM). */
export function constantPlaces(evidence: LayerEvidence): Place[] {
  const graph = evidence.model.subgraphs[0];
  const groups = new Map<string, Tensor[]>();
  for (const index of evidence.layer.covers) {
    const operator = graph?.operators[index];
    operator?.inputs.forEach((input, position) => {
      const tensor = graph?.tensors[input];
      if (tensor === undefined || tensor.data === null || BYTES_PER_ELEMENT[tensor.dtype] === 0 || tensor.data.length > CONSTANT_BYTES) return;
      // Axes, paddings and the like are parameters, not data.
      if (tensor.quantisation === null && PARAMETER.test(tensor.dtype)) return;
      const role = roleOf(operator.name, position, tensor);
      groups.set(role, [...(groups.get(role) ?? []), tensor]);
    });
  }
  return [...groups].map(([role, tensors]) => constantPlace(evidence, `the ${role}`, tensors));
}

/** @param follow constants that change along with others */
export function constantPlace(evidence: LayerEvidence, name: string, tensors: readonly Tensor[], follow: (changed: ReadonlyMap<number, Uint8Array>) => ReadonlyMap<number, Uint8Array> = (changed) => changed): Place {
  const copies = new WeakMap<Change, Rerun | null>();
  const copyWith = (change: Change, sample: LayerSample): Rerun | null => {
    const constants = new Map<number, Uint8Array>();
    for (const tensor of tensors) {
      const data = constantValues(tensor);
      const changed = data === null ? null : change(data, tensor, sample);
      if (changed === null || changed.byteLength !== data?.byteLength) return null;
      if (!sameElements(changed, data)) constants.set(tensor.index, bytesOf(changed));
    }
    return constants.size === 0 ? null : layerCopy(evidence, { constants: follow(constants) });
  };
  return {
    kind: 'constant', name, tensors,
    predict: (change, sample) => {
      let copy = copies.get(change);
      // Constants do not depend on the sample.
      if (copy === undefined) copies.set(change, (copy = copyWith(change, sample)));
      return copy?.(sample.inputs) ?? null;
    },
  };
}

const TYPES: Readonly<Record<string, TensorData>> = {
  int8: new Int8Array(), uint8: new Uint8Array(), bool: new Uint8Array(), int16: new Int16Array(), int32: new Int32Array(), int64: new BigInt64Array(), float32: new Float32Array(),
};

function constantValues(tensor: Tensor): TensorData | null {
  const like = TYPES[tensor.dtype];
  return like === undefined || tensor.data === null ? null : fromBytes(like, tensor.data);
}

function roleOf(operator: string, position: number, tensor: Tensor): string {
  if (PRODUCTS.has(operator)) return tensor.shape.length <= 1 ? 'bias' : 'weights';
  if (operator !== LSTM) return `constant ${position}`;
  return position <= 4 ? 'input weights' : position <= 8 ? 'recurrent weights' : 'biases';
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
