import type { Tensor } from '../../../model/graph.ts';
import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';

/** An array of the same type. */
export function emptyLike(data: TensorData, length: number = data.length): TensorData {
  return new (data.constructor as new (length: number) => TensorData)(length);
}

/** Bytes of the elements, little-endian; a view. */
export function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The same elements by value, whatever the arrays' types: an int8 tensor that holds 200 comes in a wider array. */
export function sameElements(a: TensorData, b: TensorData): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** Elements of `like`'s type from bytes; null where the bytes are no whole number of them. */
export function fromBytes(like: TensorData, bytes: Uint8Array): TensorData | null {
  if (bytes.length % like.BYTES_PER_ELEMENT !== 0) return null;
  const data = emptyLike(like, bytes.length / like.BYTES_PER_ELEMENT);
  bytesOf(data).set(bytes);
  return data;
}

/** Flat indices at which the device differs in any of the samples, rising; [] where it never does. */
export function wrongElements(samples: readonly LayerSample[], tensor: number): number[] {
  const wrong = new Set<number>();
  for (const { got, expected } of samples) {
    const values = got.get(tensor);
    const right = expected.get(tensor);
    if (values === undefined || right === undefined) continue;
    for (let i = 0; i < right.length; i++) if (!Object.is(values[i], right[i])) wrong.add(i);
  }
  return [...wrong].sort((a, b) => a - b);
}

export function tensorOf(evidence: LayerEvidence, tensor: number): Tensor {
  return evidence.model.subgraphs[0]?.tensors[tensor] as Tensor;
}

/** Tensors in which the device differs in any of the samples. */
export function wrongTensors(evidence: LayerEvidence): number[] {
  return evidence.tensors.map(({ tensor }) => tensor).filter((tensor) => evidence.samples.some(({ got, expected }) => {
    const [values, right] = [got.get(tensor), expected.get(tensor)];
    return values !== undefined && right !== undefined && !sameElements(values, right);
  }));
}

/** `sample.expected` with some tensors replaced. */
export function expectedBut(sample: LayerSample, changed: ReadonlyMap<number, TensorData>): Map<number, TensorData> {
  return new Map([...sample.expected].map(([tensor, data]) => [tensor, changed.get(tensor) ?? data]));
}
