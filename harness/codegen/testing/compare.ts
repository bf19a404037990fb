import type { NetworkManifest } from '../../runtimes/manifest.ts';
import type { GoldenCase } from './goldens.ts';
import type { Invocation } from './native.ts';

export interface Comparison {
  /** Elements of operator outputs and of state that were compared, and how many of them differ. */
  readonly compared: number;
  readonly mismatched: number;
  /** Tensors that the golden case has, but no tap shows. */
  readonly missing: readonly number[];
}

/** Every operator output and state of every invocation against the golden bytes. */
export function compareWithGolden(golden: GoldenCase, invocations: readonly Invocation[], manifest: NetworkManifest): Comparison {
  if (invocations.length !== golden.invocations) throw new Error(`${invocations.length} invocations instead of ${golden.invocations}`);
  let compared = 0;
  let mismatched = 0;
  const missing = new Set<number>();
  invocations.forEach((invocation, k) => {
    for (const tensor of golden.tensors) {
      if (tensor.role === 'input') continue;
      const got = shown(invocation, manifest, tensor.index);
      if (got === null || got.length !== tensor.bytes) {
        missing.add(tensor.index);
        continue;
      }
      const size = tensor.bytes / tensor.shape.reduce((product, n) => product * n, 1);
      const expected = golden.bytes(k, tensor);
      for (let at = 0; at < expected.length; at += size) {
        compared += 1;
        for (let i = at; i < at + size; i += 1) {
          if (got[i] !== expected[i]) {
            mismatched += 1;
            break;
          }
        }
      }
    }
  });
  return { compared, mismatched, missing: [...missing] };
}

/** What the taps of an invocation showed of a tensor. */
function shown(invocation: Invocation, manifest: NetworkManifest, tensor: number): Uint8Array | null {
  for (const layer of manifest.layers) {
    const view = layer.taps.findIndex((tap) => tap.tensor === tensor);
    if (view >= 0) return invocation.calls.find((call) => call.layer === layer.index)?.views[view] ?? null;
  }
  return null;
}
