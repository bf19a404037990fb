export type { BuildRecipe, InterfaceTensor, ManifestLayer, ManifestTap, NetworkManifest, NetworkPackage, TapConversion } from './manifest.ts';
export type { Runtime, RuntimeRequest } from './runtime.ts';
export { checkManifest } from './check-manifest.ts';
export { checkNetwork, prepareNetwork, type GeneratorChoice, type PrepareOptions } from './prepare.ts';
export { readManifest } from './read-manifest.ts';
export { RUNTIME_KINDS, runtimeFor } from './registry.ts';
export { fromDevice, tensorBytes, toDevice } from './representation.ts';
