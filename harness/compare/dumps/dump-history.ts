import type { EvidenceSource } from '../../diff/evidence-keeper.ts';
import type { DeviceSample } from '../../diff/own-error.ts';
import type { TensorData } from '../../reference/index.ts';
import { bytesOf, type Dump, type DumpTensor } from './dump.ts';

/** A dump as a device's memory: what went into each operator and what came out, sample by sample of one sequence. */
export class DumpHistory implements EvidenceSource {
  readonly #dump: Dump;
  readonly #sequence: number;
  readonly #reset: ReadonlyMap<number, TensorData>;
  readonly #byTensor: ReadonlyMap<number, DumpTensor>;
  /** Of the sample looked at and the one before. */
  readonly #read = new Map<number, Map<number, TensorData>>();

  /** @param reset values of variable tensors after a reset */
  constructor(dump: Dump, sequence: number, reset: ReadonlyMap<number, TensorData>) {
    this.#dump = dump;
    this.#sequence = sequence;
    this.#reset = reset;
    this.#byTensor = new Map(dump.tensors.map((tensor) => [tensor.index, tensor]));
  }

  sample(k: number): DeviceSample {
    for (const old of this.#read.keys()) if (old < k - 1) this.#read.delete(old);
    const value = (tensor: number): TensorData | null => this.#value(k, tensor);
    return { fed: value, shown: value, stateBefore: (tensor) => (k === 0 || this.#dump.resetEach ? this.#reset.get(tensor) ?? null : this.#value(k - 1, tensor)) };
  }

  earlier(k: number, most: number): Pick<DeviceSample, 'shown'>[] {
    return Array.from({ length: Math.min(k, most) }, (_, back) => ({ shown: (tensor: number) => this.#value(k - 1 - back, tensor) }));
  }

  others(k: number, without: ReadonlySet<number>, limit: number): Map<number, Uint8Array> {
    const found = new Map<number, Uint8Array>();
    let left = limit;
    for (const tensor of this.#byTensor.values()) {
      const bytes = bytesOf(tensor);
      if (without.has(tensor.index) || bytes > left) continue;
      left -= bytes;
      const value = this.#value(k, tensor.index) as TensorData;
      found.set(tensor.index, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    }
    return found;
  }

  #value(k: number, index: number): TensorData | null {
    const tensor = this.#byTensor.get(index);
    if (tensor === undefined) return null;
    let sample = this.#read.get(k);
    if (sample === undefined) this.#read.set(k, (sample = new Map()));
    let value = sample.get(index);
    if (value === undefined) sample.set(index, (value = this.#dump.read(this.#sequence, k, tensor)));
    return value;
  }
}
