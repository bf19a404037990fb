import { HilError } from '../errors.ts';
import type { Model } from '../model/graph.ts';
import { BYTES_PER_ELEMENT, type Tensor } from '../model/graph.ts';
import { prepareReference } from '../reference/index.ts';
import { checkNetwork } from '../runtimes/index.ts';
import { inputTensors, mainGraph } from './main-graph.ts';
import type { GeneratorChoice, PlannedCase, PlannedSequence } from './planned-case.ts';

export interface CheckPlan {
  readonly name: string;
  readonly model: Model;
  readonly modelFile: string;
  readonly profile: string;
  readonly generator: GeneratorChoice;
  readonly sequences: readonly PlannedSequence[];
}

/** One model as a case: bit-exact, no metrics. @throws HilError 'config' for an unsupported model or profile. */
export async function planCheck(plan: CheckPlan): Promise<PlannedCase> {
  try {
    prepareReference(plan.model, plan.profile);
    await checkNetwork(plan.generator, plan);
  } catch (error) {
    throw error instanceof HilError ? error.inContext({ before: `${plan.modelFile}: ` }) : error;
  }
  return { ...plan, toleranceLsb: 0, metrics: [], budgets: {}, stepSeconds: 1, skipReason: null, devices: null };
}

/** Seeded random samples, uniform over all codes of each input; float inputs uniform in [-1, 1). */
export function randomSequence(model: Model, samples: number, seed: number, resetEach: boolean): PlannedSequence {
  const graph = mainGraph(model);
  const next = mulberry32(seed);
  const parts: Uint8Array[] = [];
  for (let k = 0; k < samples; k++) for (const tensor of inputTensors(graph)) parts.push(randomTensor(tensor, next));
  return { name: 'random', samples, codes: new Uint8Array(Buffer.concat(parts)), truth: null, oracle: null, resetEach };
}

function randomTensor(tensor: Tensor, next: () => number): Uint8Array {
  const bytes = new Uint8Array(tensor.elements * BYTES_PER_ELEMENT[tensor.dtype]);
  if (tensor.dtype === 'float32') {
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < tensor.elements; i++) view.setFloat32(4 * i, next() * 2 - 1, true);
  } else if (tensor.dtype === 'bool') {
    for (let i = 0; i < bytes.length; i++) bytes[i] = next() < 0.5 ? 0 : 1;
  } else {
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(next() * 256);
  }
  return bytes;
}

/** Small seeded generator in [0, 1); Tommy Ettinger's mulberry32 recurrence (public domain). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
