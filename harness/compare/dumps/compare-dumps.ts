import { setImmediate as breathe } from 'node:timers/promises';
import { EvidenceKeeper } from '../../diff/evidence-keeper.ts';
import { countOwnError, noOwnError, OwnErrorAnalysis, type OwnError } from '../../diff/own-error.ts';
import { TensorTally, type SampleAt } from '../../diff/tensor-tally.ts';
import { HilError } from '../../errors.ts';
import type { Graph, Model } from '../../model/index.ts';
import { prepareReference, type ReferenceRunner, type TensorData } from '../../reference/index.ts';
import { diagnoseLayers } from './diagnose-layers.ts';
import { keyOf, type Dump, type DumpTensor } from './dump.ts';
import type { DumpDiff, DumpLayerDiff } from './dump-diff.ts';
import { DumpHistory } from './dump-history.ts';
import { operatorCauses } from './operator-causes.ts';
import { commonTensors, layersOf, layersOfGraph, type DumpLayer } from './dump-layers.ts';

export interface CompareDumpsOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, samples: number) => void;
  /** For the causes of one layer, and of all. */
  readonly layerMs?: number;
  readonly allMs?: number;
}

/** Samples kept of a layer for its causes: more than a run keeps, whose samples are many and alike. */
const EVIDENCE = { wrong: 24, clean: 4 } as const;
/** The computation stops this often to hear of Ctrl-C. */
const REST_INTERVAL_MS = 100;

/** One layer while it is compared. */
interface Tally {
  readonly of: DumpLayer;
  readonly tensors: readonly { readonly tensor: DumpTensor; readonly tally: TensorTally }[];
  readonly own: OwnError;
  againstRule: number;
}

/**
 * Compares two dumps layer by layer. B is the one in question: own error is where B is not what A's rule makes of B's own inputs.
 * @param model of the dumps; null: without own error and causes
 * @param profile A's rule; null likewise
 * @throws HilError 'config' diff.*: they do not fit together, or there is nothing to compare; the signal's reason on abort
 */
export async function compareDumps(a: Dump, b: Dump, model: { readonly model: Model; readonly file: string } | null, profile: string | null, options: CompareDumpsOptions = {}): Promise<DumpDiff> {
  const common = commonTensors(a, b);
  const notes: string[] = [];
  const rule = model === null || profile === null ? null : ruleOf(model.model, profile, notes);
  if (model === null) notes.push('the model was not found: own error and causes need it (--model FILE.tflite)');
  else if (profile === null) notes.push(`which rule ${a.label} follows is not known: own error and causes need it (--profile NAME)`);
  if (common.onlyA + common.onlyB > 0) notes.push(`tensors that only one side has are not compared: ${common.onlyA} of A, ${common.onlyB} of B`);
  const graph = model?.model.subgraphs[0];
  const tallies = (graph === undefined ? layersOf(common.others) : layersOfGraph(common.others, graph)).map((of): Tally => ({
    of, own: noOwnError(), againstRule: 0, tensors: of.tensors.map((tensor) => ({ tensor, tally: new TensorTally(tensor.shape) })),
  }));
  const inputs = common.inputs.map((tensor) => ({ tensor, tally: new TensorTally(tensor.shape) }));
  const keeper = new EvidenceKeeper(EVIDENCE);
  const samples = a.sequences.reduce((sum, sequence) => sum + sequence.samples, 0);
  let sample = 0;
  let rested = performance.now();
  for (const [s, sequence] of a.sequences.entries()) {
    const histories = rule === null ? null : { a: new DumpHistory(a, s, rule.reset), b: new DumpHistory(b, s, rule.reset) };
    for (let step = 0; step < sequence.samples; step++, sample++) {
      const at: SampleAt = { sequence: sequence.name, sample, step };
      const differing = new Set<string>();
      for (const { tensor, tally } of [...inputs, ...tallies.flatMap((layer) => layer.tensors)]) {
        const before = tally.mismatched;
        tally.addValues(a.read(s, step, tensor), b.read(s, step, tensor), at);
        if (tally.mismatched > before) differing.add(keyOf(tensor));
      }
      if (rule !== null && histories !== null) for (const layer of tallies) addOwn(layer, rule, histories, keeper, at);
      if (performance.now() - rested < REST_INTERVAL_MS) continue;
      options.onProgress?.(sample + 1, samples);
      await breathe();
      options.signal?.throwIfAborted();
      rested = performance.now();
    }
  }
  const diagnoses = await diagnoseLayers(model === null || profile === null ? [] : keeper.of(model.model, profile, null), options);
  if (diagnoses.gaveUp) notes.push('the time for causes was used up: layers may be unexplained for that reason');
  const differing = new Set([...inputs, ...tallies.flatMap((layer) => layer.tensors)].filter(({ tally }) => tally.mismatched > 0).map(({ tensor }) => tensor.index));
  const layers = tallies.map((tally): DumpLayerDiff => {
    const notRead = rule === null ? [] : tensorsNotRead(tally, rule.runner.graph, differing);
    if (notRead.length === 0) return { ...layerDiff(tally, rule !== null, samples), ...diagnoses.of(tally.of.layer.index), notRead };
    notes.push(`what ${notRead.length === 1 ? 'tensor' : 'tensors'} ${notRead.join(', ')} of ${b.label} ${notRead.length === 1 ? 'shows' : 'show'} is not what layer ${tally.of.layer.index} ${tally.of.layer.op} read, which gives all that A has`);
    // Of what it did read nothing is known, so that it has no own error that could be counted.
    return { ...layerDiff({ ...tally, own: noOwnError() }, true, samples), diagnosis: [], fitting: [], where: null, notRead };
  });
  const wrongRule = layers.filter(({ againstRule }) => againstRule > 0);
  if (wrongRule.length > 0) notes.push(`${a.label} itself does not follow the rule '${profile}' in layers ${wrongRule.map(({ index }) => index).join(', ')}: own error there is not measured against A`);
  const sum = (count: (tally: TensorTally) => number): number => tallies.reduce((all, layer) => all + layer.tensors.reduce((part, { tally }) => part + count(tally), 0), 0);
  const inputsDiffer = inputs.reduce((all, { tally }) => all + tally.mismatched, 0);
  return {
    schema: 'hil-diff/1', kind: 'dumps', a: a.label, b: b.label, model: model === null ? null : { file: model.file, sha256: model.model.sha256 },
    profile: rule === null ? null : profile, samples, compared: sum(({ compared }) => compared), mismatched: sum(({ mismatched }) => mismatched),
    inputs: { compared: inputs.reduce((all, { tally }) => all + tally.compared, 0), mismatched: inputsDiffer },
    equal: inputsDiffer === 0 && layers.every(({ verdict }) => verdict === 'equal'), layers, operators: operatorCauses(layers), notes,
  };
}

interface Rule {
  readonly analysis: OwnErrorAnalysis;
  readonly runner: ReferenceRunner;
  readonly reset: ReadonlyMap<number, TensorData>;
}

/** null, with a note, where the reference cannot run the model by this rule. */
function ruleOf(model: Model, profile: string, notes: string[]): Rule | null {
  try {
    const runner = prepareReference(model, profile);
    const reset = new Map(runner.graph.tensors.filter(({ isVariable }) => isVariable).map(({ index }) => [index, (runner.tensors[index] as TensorData).slice()]));
    return { analysis: new OwnErrorAnalysis(runner), runner, reset };
  } catch (error) {
    if (!(error instanceof HilError) || error.code !== 'reference.unsupported') throw error;
    notes.push(`no own error and no causes: ${error.message}`);
    return null;
  }
}

function addOwn(tally: Tally, rule: Rule, histories: { readonly a: DumpHistory; readonly b: DumpHistory }, keeper: EvidenceKeeper, at: SampleAt): void {
  const { layer } = tally.of;
  const { graph } = rule.runner;
  const ofA = rule.analysis.rerun(layer, histories.a.sample(at.step));
  if (ofA !== null) tally.againstRule += countOwnError(ofA, graph, at, noOwnError());
  const ofB = rule.analysis.rerun(layer, histories.b.sample(at.step));
  if (ofB === null) return;
  keeper.add(layer, ofB, countOwnError(ofB, graph, at, tally.own), at, histories.b, at.step);
}

/**
 * Of a layer that gives all that A has, though by the rule it could not from the inputs that B shows: those inputs. A dump that took
 * a buffer too early or too late looks like that.
 * @param differing tensors in which A and B differ
 */
function tensorsNotRead({ of: { layer }, tensors, own, againstRule }: Tally, graph: Graph, differing: ReadonlySet<number>): number[] {
  if (own.mismatched === 0 || againstRule > 0 || tensors.some(({ tally }) => tally.mismatched > 0)) return [];
  return [...new Set(layer.covers.flatMap((operator) => graph.operators[operator]?.inputs ?? []))].filter((tensor) => differing.has(tensor));
}

function layerDiff({ of: { layer }, tensors, own, againstRule }: Tally, isRuleKnown: boolean, samples: number): Omit<DumpLayerDiff, 'diagnosis' | 'fitting' | 'where' | 'notRead'> {
  const mismatched = tensors.reduce((sum, { tally }) => sum + tally.mismatched, 0);
  // Where A is not what the rule makes of its inputs, that B is tells nothing of why the two differ.
  const isJudged = isRuleKnown && own.samples === samples && againstRule === 0;
  // What A has itself, element by element, sets B not apart.
  const isShared = mismatched === 0 && own.mismatched === againstRule;
  return {
    index: layer.index, op: layer.op, name: layer.name, mismatched, againstRule,
    compared: tensors.reduce((sum, { tally }) => sum + tally.compared, 0),
    maxAbsDiff: Math.max(0, ...tensors.map(({ tally }) => tally.maxAbsDiff)),
    verdict: own.mismatched > 0 && !isShared ? 'own error' : mismatched === 0 ? 'equal' : isJudged ? 'inherited' : 'not known',
    own: own.samples > 0 ? own : null,
    tensors: tensors.map(({ tensor, tally }) => ({
      tensor: tensor.index, role: tensor.role === 'state' ? 'state' : 'output', name: tensor.name, compared: tally.compared, mismatched: tally.mismatched,
      maxAbsDiff: tally.maxAbsDiff, histogram: tally.histogram(), first: tally.first,
    })),
  };
}
