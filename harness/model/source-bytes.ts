import type { Model } from './graph.ts';

/** The constants of a model are views of its file's bytes in most cases, so keeping these costs next to nothing. */
const sources = new WeakMap<Model, Uint8Array>();

/** Remembers the file that a model was read from. @returns the model */
export function keepSourceBytes(model: Model, bytes: Uint8Array): Model {
  sources.set(model, bytes);
  return model;
}

/** The bytes of the .tflite that parseModel() read; null for a model that was made otherwise. Not to be written to. */
export function sourceBytes(model: Model): Uint8Array | null {
  return sources.get(model) ?? null;
}
