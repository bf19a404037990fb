import type { Model } from '../model/graph.ts';
import type { NetworkManifest, NetworkPackage } from './manifest.ts';

/** What a runtime gets to make a package from. */
export interface RuntimeRequest {
  readonly model: Model;
  /** C identifier of the network, [a-z][a-z0-9_]{0,39}; what a ready-made folder says in network.json wins. */
  readonly name: string;
  /** Absolute folder that the runtime may create and fill; its own, empty or left from the same request. */
  readonly workDir: string;
  /** Absolute folder of C made earlier; for kinds that need one. */
  readonly source?: string;
  /** Rounding profile; default 'tflm'. */
  readonly profile?: string;
  /** e.g. 'cortex-m55' */
  readonly core?: string;
}

/** One source of generated C. A new one (TVM, TFLM) is one file and one line in the registry. */
export interface Runtime {
  readonly kind: string;
  /** As prepare(), but writes nothing: what would be refused is refused before anything runs. @throws HilError config */
  check(request: Omit<RuntimeRequest, 'workDir'>): Promise<NetworkManifest>;
  /** @throws HilError config where the model or the folder can't be used, bench where files can't be written */
  prepare(request: RuntimeRequest): Promise<NetworkPackage>;
}
