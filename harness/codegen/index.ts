import { HilError } from '../errors.ts';
import type { Model } from '../model/graph.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';
import { apiHeader } from './files/api-header.ts';
import { hilSource } from './files/hil-source.ts';
import { layersHeader } from './files/layers-header.ts';
import { readme } from './files/readme.ts';
import { networkSource } from './files/source.ts';
import { weightsHeader, weightsSource } from './files/weights.ts';
import { kernelFiles } from './kernels.ts';
import { manifestOf } from './manifest.ts';
import { checkNetworkName } from './names.ts';
import { buildNetwork } from './network.ts';

export { networkNameFrom } from './names.ts';
export { SUPPORTED_OPERATORS } from './operators/index.ts';
export { memoryOf } from './network.ts';
export { planMemory, type MemoryPlan, type OperatorMemory, type PlacedBuffer } from './plan/index.ts';

export interface GenerateOptions {
  /** C identifier, [a-z][a-z0-9_]{0,39}; see networkNameFrom(). */
  readonly name: string;
  /** Rounding profile; 'tflm' (the default) or 'tflm-2026-08'. */
  readonly profile?: string;
  /** e.g. 'cortex-m55': chooses kernels and the layout of weights; without it the C is portable. */
  readonly core?: string;
}

export interface GeneratedNetwork {
  readonly manifest: NetworkManifest;
  /** Relative path -> text: the C, its headers and kernels, and network.json (the manifest). */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Library-free C99 that computes the main graph of the model exactly, with taps for hil.
 *
 * Throws HilError config: an unsupported operator (facts: operator, op, reason, supported), name or profile.
 */
export function generateC(model: Model, options: GenerateOptions): GeneratedNetwork {
  const name = checkNetworkName(options.name);
  if (!/^[0-9a-f]{64}$/.test(model.sha256)) throw new HilError('config', 'codegen.sha256', 'The model has no SHA-256.');
  const network = buildNetwork(model, name, options.profile ?? 'tflm', options.core ?? null);
  const manifest = manifestOf(network);
  const files = new Map([
    [`${name}.h`, apiHeader(network)],
    [`${name}.c`, networkSource(network)],
    [`${name}_layers.h`, layersHeader(network)],
    [`${name}_weights.h`, weightsHeader(network)],
    [`${name}_weights.c`, weightsSource(network)],
    [`${name}_hil.c`, hilSource(network)],
    ...kernelFiles(network.kernels),
    ['README.md', readme(network)],
    ['network.json', `${JSON.stringify(manifest, null, 2)}\n`],
  ]);
  return { manifest, files };
}
