import type { DType } from '../model/graph.ts';

/**
 * The seam between code generators (ours, TVM, TFLM, hand-written C) and everything else: what an image's network looks
 * like from outside. JSON-able; `hil generate` writes it as network.json beside the C.
 */
export interface NetworkManifest {
  readonly schema: 'hil-network/1';
  /** C identifier of the network: [a-z][a-z0-9_]*, at most 40 characters, derived from the file name, never raw model text. */
  readonly name: string;
  /** C symbol of the `const hil_network` object that describes it (see firmware/agent/hil_network.h). */
  readonly symbol: string;
  readonly model: { readonly sha256: string };
  readonly generator: { readonly name: string; readonly version: string };
  /** Order and bytes as in the hil_network object. */
  readonly inputs: readonly InterfaceTensor[];
  readonly outputs: readonly InterfaceTensor[];
  readonly state: readonly InterfaceTensor[];
  readonly layers: readonly ManifestLayer[];
  readonly memory: { readonly arenaBytes: number; readonly constantBytes: number; readonly stateBytes: number };
  readonly build: BuildRecipe;
}

export interface InterfaceTensor {
  /** .tflite tensor index (subgraph 0), or null where the generator has a buffer of its own. */
  readonly tensor: number | null;
  /** Untrusted text. */
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** null for float and unquantised tensors. */
  readonly scale: number | null;
  readonly zeroPoint: number | null;
}

export interface ManifestLayer {
  /** 0, 1, 2, ... as given to tap(). */
  readonly index: number;
  /** e.g. 'FULLY_CONNECTED'; for fused layers the operators joined by '+'. */
  readonly op: string;
  /** Untrusted text for people (name of the output tensor). */
  readonly name: string;
  /** Indices of the .tflite operators (subgraph 0) whose work this layer does: none, one or several. */
  readonly covers: readonly number[];
  /** In the order of the views given to tap(). */
  readonly taps: readonly ManifestTap[];
}

export interface ManifestTap {
  /** .tflite tensor this view shows, or null (no counterpart: not compared, and said so). */
  readonly tensor: number | null;
  readonly role: 'output' | 'state';
  /** The *device's* representation. */
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: number;
  readonly scale: number | null;
  readonly zeroPoint: number | null;
  readonly conversion: TapConversion;
}

/** From the device's value d to the .tflite tensor's value: identity; d + add; round(d / scale) + zeroPoint. */
export type TapConversion =
  | { readonly kind: 'identity' }
  | { readonly kind: 'add'; readonly add: number }
  | { readonly kind: 'dequantise'; readonly scale: number; readonly zeroPoint: number };

/** Paths are relative to the folder that holds network.json. */
export interface BuildRecipe {
  readonly sources: readonly string[];
  readonly objects: readonly string[];
  readonly libraries: readonly string[];
  readonly includeDirs: readonly string[];
  readonly defines: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
  readonly link: 'c' | 'c++';
}

/** A manifest together with where its files are. */
export interface NetworkPackage {
  readonly manifest: NetworkManifest;
  /** Absolute folder that the manifest's build paths are relative to. */
  readonly root: string;
}
