import type { LayerPlan } from '../context.ts';
import { need } from '../operators/refusal.ts';
import type { AddLayer } from '../layers/add.ts';
import type { ConvolutionLayer } from '../layers/convolution.ts';
import type { DepthwiseLayer } from '../layers/depthwise.ts';
import type { FullyConnectedLayer } from '../layers/fully-connected.ts';
import type { LstmLayer } from '../layers/lstm.ts';
import type { PoolLayer } from '../layers/pool.ts';
import type { Target } from './target.ts';

/** The layers for which a core may have kernels of its own, as data that no kernel has to read a model for. */
export interface LayerKinds {
  readonly convolution: ConvolutionLayer;
  readonly depthwise: DepthwiseLayer;
  readonly fullyConnected: FullyConnectedLayer;
  readonly lstm: LstmLayer;
  readonly averagePool: PoolLayer;
  readonly maxPool: PoolLayer;
  /** int8, operands of equal shape. */
  readonly add: AddLayer;
}

/** Kernels for one instruction set. null: not for a layer of this shape, let the next set do it. */
export type KernelSet = { readonly name: string } & { readonly [K in keyof LayerKinds]?: (layer: LayerKinds[K], target: Target) => LayerPlan | null };

/** The plan of the first kernel set of the target that has one for this layer. Throws Refusal where none has. */
export function chooseKernel<K extends keyof LayerKinds>(target: Target, kind: K, layer: LayerKinds[K]): LayerPlan {
  for (const set of target.kernels) {
    const kernel = set[kind] as ((layer: LayerKinds[K], target: Target) => LayerPlan | null) | undefined;
    const plan = kernel?.(layer, target) ?? null;
    if (plan !== null) return plan;
  }
  need(false, `no kernel of ${target.core} computes a ${kind} of this form`);
}
