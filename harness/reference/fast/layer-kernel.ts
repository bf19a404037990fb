import type { Kernel } from '../context.ts';
import { notSealed } from './engine.ts';
import type { Engine } from './engine.ts';
import { placeLayer } from './layer.ts';
import type { Layer } from './layer.ts';

/**
 * A layer over every image of a batch as an operator's kernel; null where the engine has no room for it.
 * @param input [batches, ...] @param output [batches, ...]
 */
export function layerKernel(engine: Engine, layer: Layer, batches: number, input: Int8Array, output: Int8Array): Kernel | null {
  const placed = placeLayer(engine, layer);
  if (placed === null) return null;
  let run: Kernel = notSealed;
  engine.whenSealed((kernels) => {
    const codes = new Int8Array(kernels.memory.buffer, placed.source, input.length / batches);
    const results = new Int8Array(kernels.memory.buffer, placed.target, output.length / batches);
    const images = Array.from({ length: batches }, (_, batch) => ({
      from: input.subarray(batch * codes.length, (batch + 1) * codes.length),
      to: output.subarray(batch * results.length, (batch + 1) * results.length),
    }));
    const calls = placed.calls.map(({ kind, parameters }) => ({ kernel: kernels[kind], parameters }));
    run = () => {
      for (const { from, to } of images) {
        codes.set(from);
        for (const { kernel, parameters } of calls) kernel(parameters);
        to.set(results);
      }
    };
  });
  return () => run();
}
