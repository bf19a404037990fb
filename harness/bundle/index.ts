/** The bundle room: cells of a run as one file, and such a file opened again. */
export { makeBundle } from './make-bundle.ts';
export type { BundleOptions, MadeBundle } from './make-bundle.ts';
export { bundleManifest, isBundle, openRun, unpackBundle } from './open-run.ts';
