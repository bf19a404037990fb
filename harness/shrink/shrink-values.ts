import path from 'node:path';
import { sourceBytes, type Graph } from '../model/index.ts';
import { PhaseClock } from '../run/events.ts';
import type { CaseContext, PlannedCase, PlannedSequence } from '../run/index.ts';
import { cutModel, operatorsBefore, type CutModel } from './cut-model.ts';
import { minimise } from './minimise.ts';
import { sampleElements } from './sample-elements.ts';
import type { ShrinkContext } from './shrink-run.ts';
import { fewerSamples, shortestSequence } from './shortest-sequence.ts';
import type { Shrunk } from './shrunk.ts';
import { suiteTolerances } from './suite-tolerances.ts';
import type { Failure } from './target.ts';
import { Tries, type Judgement } from './tries.ts';

type Values = Extract<Failure, { kind: 'values' }>;

/** A case that fails, before its input is made smaller. */
interface Base {
  readonly plan: PlannedCase;
  readonly modelBytes: Uint8Array;
  readonly judgement: Judgement;
  readonly codes: Uint8Array;
  readonly steps: readonly string[];
  /** Operator of the case by that of the plan's model. */
  readonly originalOf: (operator: number) => number | undefined;
}

/**
 * A layer that computes wrong values: fewest samples, then (where hil makes the C) the layer alone, then the smallest input.
 * @returns what fails, the smallest first; []: nothing does
 */
export async function shrinkValues(context: ShrinkContext, failure: Values): Promise<readonly Shrunk[]> {
  const { plan, onStep } = context;
  const sequence = plan.sequences.find(({ name }) => name === failure.sequence) as PlannedSequence;
  const { resetEach } = sequence;
  const sampleBytes = sequence.codes.length / sequence.samples;
  const upTo = sequence.codes.slice((resetEach ? failure.step : 0) * sampleBytes, (failure.step + 1) * sampleBytes);
  const cuts = plan.generator.kind === 'builtin' ? cutsOf(context, failure) : [];
  const wanted = [...new Set(cuts.flatMap(({ inputs }) => inputs))];
  const judgement: Judgement = { operators: failure.layer.covers, own: failure.own, forgiven: failure.forgiven };
  const until = performance.now() + context.budgetMs;
  const over = (): boolean => context.signal.aborted || performance.now() > until;

  const whole = await Tries.on(contextOf(context, plan, 'whole'), judgement, async (tries) => {
    context.checkImage(tries.image);
    const fails = async (part: Uint8Array): Promise<boolean> => (await tries.fail([part], resetEach))[0] === true;
    const codes = await shortestSequence(upTo, sampleBytes, fails, over)
      // Where some is forgiven, the report does not tell at which step the layer's own error is too large.
      ?? (failure.forgiven > 0 ? await shortestSequence(sequence.codes, sampleBytes, fails, over) : null);
    if (codes === null) return null;
    const samples = codes.length / sampleBytes;
    onStep(samples === 1 ? 'one sample is enough' : `${samples} samples in a row are enough, of ${sequence.samples}`);
    const base: Base = { plan, modelBytes: sourceBytes(plan.model) as Uint8Array, judgement, codes, steps: [], originalOf: (operator) => operator };
    if (cuts.length === 0) {
      const why = plan.generator.kind === 'c' ? 'the C is a folder that was given, which cannot be cut: the network stays whole' : 'the network is one layer already, or cannot be cut';
      return { done: await smallest(context, tries, { ...base, steps: [why] }, failure, resetEach, over) };
    }
    return { base, fed: await tries.fed(codes, resetEach, wanted) };
  });
  if (whole === null) return [];
  if ('done' in whole) return whole.done;
  const { base, fed } = whole;
  for (const cut of fed === null ? [] : cuts) {
    const found = await tryCut(context, cut, base, fed!.map((step) => Buffer.concat(cut.inputs.map((tensor) => step[wanted.indexOf(tensor)]!))), failure, resetEach, over);
    if (found !== null) return found;
  }
  const all = { ...base, steps: ['the network is whole: the layer alone, and with few layers before it, computes the right values, so that the defect needs the rest (its place in memory, its neighbours)'] };
  return Tries.on(contextOf(context, plan, 'whole'), judgement, (tries) => smallest(context, tries, all, failure, resetEach, over));
}

/** The layer alone, then with 1, 3, 7, ... operators before it. */
function cutsOf({ plan }: ShrinkContext, { layer }: Values): CutModel[] {
  const graph = plan.model.subgraphs[0] as Graph;
  const cuts: CutModel[] = [];
  for (let most = Math.max(1, layer.covers.length); most < graph.operators.length; most *= 2) {
    const cut = cutModel(plan.model, operatorsBefore(graph, layer.covers, most));
    if (cut !== null && cut.operators.size < graph.operators.length && cut.operators.size > (cuts.at(-1)?.operators.size ?? 0)) cuts.push(cut);
  }
  return cuts;
}

/** @param samples what the device fed to the cut's inputs. @returns null where the cut network does not fail */
async function tryCut(context: ShrinkContext, cut: CutModel, base: Base, samples: readonly Uint8Array[], failure: Values, resetEach: boolean, over: () => boolean): Promise<readonly Shrunk[] | null> {
  const { onStep } = context;
  const of = context.plan.model.subgraphs[0]!.operators.length;
  const size = cut.operators.size;
  const judgement = { ...base.judgement, operators: base.judgement.operators.map((operator) => cut.operators.get(operator) ?? -1) };
  const plan: PlannedCase = { ...base.plan, model: cut.model, modelFile: 'model.tflite', tolerances: [], metrics: [], judge: 'values' };
  const codes = new Uint8Array(Buffer.concat(samples));
  const originals = new Map([...cut.operators].map(([original, operator]) => [operator, original]));
  return Tries.on(contextOf(context, plan, `cut${size}`), judgement, async (tries) => {
    const fails = (await tries.fail([codes], resetEach))[0] === true;
    onStep(`${size === 1 ? 'the layer alone' : `${size} of ${of} operators`}, fed what the device fed it: ${fails ? 'it still fails' : 'it does not fail'}`);
    if (!fails) return null;
    const steps = [size === 1 ? `the layer alone, of ${of} operators` : `${size} of ${of} operators: the layer and those before it; with fewer it does not fail`,
      'its inputs are the values that the device fed it'];
    return smallest(context, tries, { plan, modelBytes: cut.bytes, judgement, codes, steps, originalOf: (operator) => originals.get(operator) }, failure, resetEach, over);
  });
}

/** @returns the case with the smallest input that was found, then as it was */
async function smallest(context: ShrinkContext, tries: Tries, base: Base, failure: Values, resetEach: boolean, over: () => boolean): Promise<readonly Shrunk[]> {
  const { plan, modelBytes, judgement } = base;
  const inputs = plan.model.subgraphs[0]!.inputs.map((tensor) => plan.model.subgraphs[0]!.tensors[tensor]!);
  const shrunkOf = (codes: Uint8Array, more: readonly string[]): Shrunk => {
    const samples = codes.length / tries.sampleBytes;
    const origin = `step ${failure.step} of sequence "${failure.sequence}"`;
    return {
      model: plan.model, modelBytes, cDir: plan.generator.kind === 'c' ? plan.generator.dir : null, profile: plan.profile, tolerances: suiteTolerances(context.plan, failure, context.target.case.layers, tries.layers, base.originalOf), determinism: plan.determinism, codes, samples, resetEach,
      failure, budgets: {}, operator: judgement.operators[0] ?? null,
      steps: [...base.steps, samples === 1 ? `one sample, from ${origin}` : `${samples} samples in a row, of those that end with ${origin}: without any of them it does not fail`, ...more],
    };
  };
  const asItWas = shrunkOf(base.codes, []);
  let best = base.codes;
  let counted: string[] = [];
  const fails = (candidates: readonly Uint8Array[]): Promise<readonly boolean[]> => tries.fail(candidates, resetEach);
  const better = (codes: Uint8Array, left: number, of: number): void => {
    best = codes;
    counted = [`${left} of ${of} input elements differ from their zero point`];
    context.onProgress(`${counted[0]}, ${tries.count} tries`);
  };
  try {
    for (let before = 0; before !== best.length && !over();) {
      before = best.length;
      const elements = sampleElements(inputs, best.length / tries.sampleBytes);
      if (elements === null) break;
      const codes = await minimise(best, { elements, over, fail: fails, onBetter: (codes, left) => better(codes, left, elements.count) });
      // Samples at rest may be needed no more; what is left of them may then be made smaller again.
      best = await fewerSamples(codes, tries.sampleBytes, async (part) => (await fails([part]))[0] === true, over);
    }
  } catch (error) {
    // Interrupted: the best so far counts.
    if (!context.signal.aborted) throw error;
  }
  if (best === base.codes) return [asItWas];
  context.onStep(`${counted.join('')} (${tries.count} tries)`);
  return [shrunkOf(best, over() ? [...counted, 'time was up, so that fewer may do'] : counted), asItWas];
}

function contextOf(context: ShrinkContext, plan: PlannedCase, name: string): CaseContext {
  const { device, bench, signal, cacheDir, leaseWaitMs, run, temp, onProgress } = context;
  return {
    plan, device, bench, signal, cacheDir, leaseWaitMs, networkName: null, generatedDir: path.join(temp, name), optimise: run.record.optimise, flags: run.record.flags,
    onEvent: (event) => { if (event.kind === 'phase') onProgress(`${event.phase}${event.note === undefined ? '' : ` (${event.note})`}`); },
    clock: new PhaseClock(() => performance.now()), onTranscript: () => undefined, keepImage: async () => undefined,
  };
}
