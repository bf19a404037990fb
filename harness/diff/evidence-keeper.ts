import type { Model } from '../model/graph.ts';
import type { TensorData } from '../reference/runner.ts';
import type { ManifestLayer } from '../runtimes/manifest.ts';
import type { LayerEvidence, LayerSample } from './evidence.ts';
import type { DeviceSample, LayerRun } from './own-error.ts';
import type { SampleAt } from './tensor-tally.ts';

/** What is known of the device around the samples that are kept. */
export interface EvidenceSource {
  /** The samples before sample k, the latest first, `most` at the most: memory may still hold what they left. */
  earlier(k: number, most: number): readonly Pick<DeviceSample, 'shown'>[];
  /** What is known of the device's tensors in sample k but for those in `without`, as bytes of the .tflite's types; at most `limit` bytes. */
  others(k: number, without: ReadonlySet<number>, limit: number): ReadonlyMap<number, Uint8Array>;
}

/** Samples kept of a layer: wrong ones, right ones. */
export interface EvidenceLimits { readonly wrong: number; readonly clean: number }
const LIMITS: EvidenceLimits = { wrong: 6, clean: 2 };

/** Wrong samples kept with the device's other tensors, and samples before them. */
const WITH_OTHERS = 3;
const EARLIER = 3;
/** Bytes kept of a layer, at least one sample, and of the other tensors of one sample. */
const LAYER_BYTES = 4 << 20;
const OTHERS_BYTES = 1 << 20;

interface Kept { readonly layer: ManifestLayer; readonly samples: LayerSample[]; readonly clean: LayerSample[]; bytes: number }

/** Keeps a bounded choice of what layers with own error did, for diagnosis after a run or a comparison. */
export class EvidenceKeeper {
  readonly #layers = new Map<number, Kept>();
  readonly #limits: EvidenceLimits;

  constructor(limits: EvidenceLimits = LIMITS) {
    this.#limits = limits;
  }

  /**
   * @param wrong elements of `run` that differ
   * @param k the sample's number in `history`
   */
  add(layer: ManifestLayer, run: LayerRun, wrong: number, at: SampleAt, history: EvidenceSource, k: number): void {
    const kept = this.#layers.get(layer.index) ?? { layer, samples: [], clean: [], bytes: 0 };
    this.#layers.set(layer.index, kept);
    const list = wrong > 0 ? kept.samples : kept.clean;
    if (list.length >= (wrong > 0 ? this.#limits.wrong : this.#limits.clean) || (list.length > 0 && kept.bytes > LAYER_BYTES)) return;
    const tensors = [...run.got.keys()];
    const earlier = history.earlier(k, EARLIER).map((sample) => new Map(tensors.flatMap((tensor): [number, TensorData][] => {
      const value = sample.shown(tensor);
      return value === null ? [] : [[tensor, value]];
    })));
    const others = wrong > 0 && list.length < WITH_OTHERS ? history.others(k, new Set(tensors), OTHERS_BYTES) : new Map<number, Uint8Array>();
    list.push({ at, ...run, earlier, others });
    for (const part of [run.inputs, run.got, run.expected, ...earlier]) for (const data of part.values()) kept.bytes += data.byteLength;
  }

  /** Of layers with own error, in their order. */
  of(model: Model, profile: string, poison: number | null): readonly LayerEvidence[] {
    return [...this.#layers.values()].filter(({ samples }) => samples.length > 0).sort((a, b) => a.layer.index - b.layer.index).map(({ layer, samples, clean }) => ({
      model, profile, layer: { index: layer.index, op: layer.op, covers: layer.covers },
      tensors: layer.taps.flatMap(({ tensor, role }) => (tensor === null ? [] : [{ tensor, role }])),
      samples, clean, poison,
    }));
  }
}
