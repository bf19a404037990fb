import { networkNameFrom } from '../codegen/index.ts';
import type { Model } from '../model/graph.ts';
import type { NetworkManifest, NetworkPackage } from './manifest.ts';
import { runtimeFor } from './registry.ts';
import type { RuntimeRequest } from './runtime.ts';

/** What a suite says about where a case's C comes from; `dir` is the folder of a ready-made network, absolute. */
export type GeneratorChoice = { readonly kind: string; readonly dir?: string };

export interface PrepareOptions {
  readonly model: Model;
  /** File name of the model, from which the network gets its C identifier where `name` is not given. */
  readonly modelFile: string;
  readonly name?: string;
  /** Absolute folder for generated C; unused where the C exists already. */
  readonly outDir: string;
  readonly profile?: string;
  readonly core?: string;
}

/**
 * The package of one case: C and manifest, checked against the model.
 *
 * @throws HilError config for an unknown kind, an unsupported model, or a folder that does not fit the model
 */
export async function prepareNetwork(choice: GeneratorChoice, options: PrepareOptions): Promise<NetworkPackage> {
  return await runtimeFor(choice.kind).prepare({ ...requestOf(choice, options), workDir: options.outDir });
}

/**
 * Whether prepareNetwork() would refuse the case, without writing anything.
 *
 * @returns the manifest that it would have
 * @throws HilError config as prepareNetwork()
 */
export async function checkNetwork(choice: GeneratorChoice, options: Omit<PrepareOptions, 'outDir'>): Promise<NetworkManifest> {
  return await runtimeFor(choice.kind).check(requestOf(choice, options));
}

function requestOf(choice: GeneratorChoice, { model, modelFile, name, profile, core }: Omit<PrepareOptions, 'outDir'>): Omit<RuntimeRequest, 'workDir'> {
  return {
    model,
    name: name ?? networkNameFrom(modelFile),
    ...(choice.dir === undefined ? {} : { source: choice.dir }),
    ...(profile === undefined ? {} : { profile }),
    ...(core === undefined ? {} : { core }),
  };
}
