import { networkNameFrom } from '../codegen/index.ts';
import type { Model } from '../model/graph.ts';
import type { NetworkPackage } from './manifest.ts';
import { runtimeFor } from './registry.ts';

/** What a suite says about where a case's C comes from; `dir` is the folder of a ready-made network, absolute. */
export type GeneratorChoice = { readonly kind: string; readonly dir?: string };

export interface PrepareOptions {
  readonly model: Model;
  /** File name of the model, from which the network gets its C identifier. */
  readonly modelFile: string;
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
  const { model, modelFile, outDir, profile, core } = options;
  return await runtimeFor(choice.kind).prepare({
    model,
    name: networkNameFrom(modelFile),
    workDir: outDir,
    ...(choice.dir === undefined ? {} : { source: choice.dir }),
    ...(profile === undefined ? {} : { profile }),
    ...(core === undefined ? {} : { core }),
  });
}
