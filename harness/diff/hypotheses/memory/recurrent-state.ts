import type { Tensor } from '../../../model/graph.ts';
import type { TensorData } from '../../../reference/runner.ts';
import type { LayerSample } from '../../evidence.ts';
import type { Cause } from '../causes.ts';
import type { Candidate, Hypothesis } from '../hypothesis.ts';
import { emptyLike, expectedBut, sameElements, tensorOf } from './elements.ts';
import { layerCopy } from './layer-copy.ts';

/** One thing that can be wrong with a state tensor on its way from one invocation to the next. */
interface StateFault {
  readonly cause: Cause;
  /** What is said of one tensor, and of all of them. */
  readonly text: (state: string) => string;
  /** State that the layer works on instead of the one that the device showed before the sample; null: not known. */
  readonly before?: (state: Tensor, sample: LayerSample) => TensorData | null;
  /** State that it leaves behind instead of the one it computed. */
  readonly after?: (state: Tensor, sample: LayerSample) => TensorData | null;
  /** It changes nothing but the first step of a sequence. */
  readonly atStartOnly?: true;
}

const FAULTS: readonly StateFault[] = [
  { cause: 'state.cleared', text: (state) => `${state} at its start value at each invocation`, before: (state, sample) => startOf(state, sample) },
  { cause: 'state.cleared', text: (state) => `${state} at 0 at each invocation`, before: (state, sample) => zeros(state, sample) },
  { cause: 'state.not-kept', text: (state) => `${state} of two steps ago was used`, before: twoStepsAgo },
  { cause: 'state.not-kept', text: (state) => `${state} not written back, or cleared again`, after: ({ index }, { inputs }) => inputs.get(index) ?? null },
  { cause: 'state.not-kept', text: (state) => `${state} starts a sequence at 0 instead of its zero point`, atStartOnly: true, before: (state, sample) => (sample.at.step === 0 ? zeros(state, sample) : sample.inputs.get(state.index) ?? null) },
  { cause: 'state.not-reset', text: (state) => `${state} kept from the sequence before`, atStartOnly: true, before: keptFromBefore },
  { cause: 'state.not-kept', text: (state) => `${state} moved on by two steps`, before: movedOn },
];

/** How each state tensor is treated. */
type Treatment = ReadonlyMap<number, { readonly before: StateFault | null; readonly after: StateFault | null }>;

/**
 * State that is cleared, lost or old: the reference's operator run again on another state than the device showed before the sample,
 * compared in outputs and state after. All tensors alike first, then each alone, then mixtures of two faults.
 */
export const recurrentState: Hypothesis = {
  name: 'recurrent state',
  * candidates(evidence) {
    const states = [...(evidence.samples[0]?.inputs.keys() ?? [])].map((tensor) => tensorOf(evidence, tensor)).filter(({ isVariable }) => isVariable);
    if (states.length === 0) return;
    const copy = layerCopy(evidence);
    if (copy === null) return;
    const treatments = [...treatmentsOf(states)].filter(({ faults }) => faults.length === 1 || faults.every((one) => matters(one, evidence.samples)));
    for (const { treatment, faults } of treatments) {
      yield {
        // What was cleared was not kept either: the first says more.
        cause: faults.find(({ fault }) => fault.cause === 'state.cleared')?.fault.cause ?? (faults[0] as Chosen['faults'][number]).fault.cause,
        text: faults.map(({ fault, of }) => fault.text(of.length === states.length ? 'all state' : `the ${of.map((state) => nameOf(state, states)).join(' and ')} state`)).join(', '),
        alternatives: treatments.length,
        predict: (sample) => predict(sample, treatment, states, copy),
      } satisfies Candidate;
    }
  },
};

/** Whether it changes what any sample starts with: in a mixture, what changes nothing would only lend its name. */
function matters({ fault: { before }, of }: Chosen['faults'][number], samples: readonly LayerSample[]): boolean {
  return before === undefined || samples.some((sample) => of.some((state) => {
    const [value, fed] = [before(state, sample), sample.inputs.get(state.index)];
    return value !== null && fed !== undefined && !sameElements(value, fed);
  }));
}

interface Chosen { readonly treatment: Treatment; readonly faults: readonly { readonly fault: StateFault; readonly of: readonly Tensor[] }[] }

function* treatmentsOf(states: readonly Tensor[]): Iterable<Chosen> {
  const groups = [states, ...(states.length > 1 ? states.map((state) => [state]) : [])];
  const choose = (faults: Chosen['faults']): Chosen => ({
    faults,
    treatment: new Map(states.map((state) => {
      const own = faults.filter(({ of }) => of.includes(state)).map(({ fault }) => fault);
      return [state.index, { before: own.find(({ before }) => before !== undefined) ?? null, after: own.find(({ after }) => after !== undefined) ?? null }];
    })),
  });
  const single = groups.flatMap((of) => FAULTS.map((fault) => ({ fault, of })));
  for (const one of single) yield choose([one]);
  const lasting = single.filter(({ fault }) => fault.atStartOnly !== true);
  for (const [i, one] of lasting.entries()) {
    for (const other of lasting.slice(i + 1)) {
      const clash = one.of.some((state) => other.of.includes(state)) && (one.fault.before === undefined) === (other.fault.before === undefined);
      const sameFault = one.fault === other.fault;
      if (!clash && !sameFault) yield choose([one, other]);
    }
  }
}

function predict(sample: LayerSample, treatment: Treatment, states: readonly Tensor[], copy: NonNullable<ReturnType<typeof layerCopy>>): ReturnType<Candidate['predict']> {
  const inputs = new Map(sample.inputs);
  for (const state of states) {
    const before = treatment.get(state.index)?.before?.before;
    if (before === undefined) continue;
    const value = before(state, sample);
    if (value === null) return null;
    inputs.set(state.index, value);
  }
  const result = new Map(copy(inputs));
  for (const state of states) {
    const after = treatment.get(state.index)?.after?.after;
    if (after === undefined) continue;
    const value = after(state, sample);
    if (value === null) return null;
    result.set(state.index, value);
  }
  return expectedBut(sample, result);
}

/** TFLM ResetVariableTensors (micro_interpreter_graph.cc): int8 to its zero point, all else to 0. */
function startOf(state: Tensor, sample: LayerSample): TensorData | null {
  const start = zeros(state, sample);
  return state.dtype === 'int8' ? (start as Int8Array | null)?.fill(state.quantisation?.zeroPoint[0] ?? 0) ?? null : start;
}

function zeros({ index }: Tensor, { inputs }: LayerSample): TensorData | null {
  const like = inputs.get(index);
  return like === undefined ? null : emptyLike(like);
}

function twoStepsAgo(state: Tensor, sample: LayerSample): TensorData | null {
  if (sample.at.step === 0) return sample.inputs.get(state.index) ?? null;
  return sample.at.step === 1 ? startOf(state, sample) : asFed(sample.earlier[1]?.get(state.index), state, sample);
}

function keptFromBefore(state: Tensor, sample: LayerSample): TensorData | null {
  return sample.at.step === 0 ? asFed(sample.earlier[0]?.get(state.index), state, sample) : sample.inputs.get(state.index) ?? null;
}

/** What a device showed, if it is of the type that the layer reads. */
function asFed(shown: TensorData | undefined, { index }: Tensor, { inputs }: LayerSample): TensorData | null {
  return shown !== undefined && shown.constructor === inputs.get(index)?.constructor ? shown : null;
}

/** SVDF moves its whole state by one element to the left before it uses it. (Not to move it at all leaves what clearing leaves.) */
function movedOn({ index, shape }: Tensor, { inputs }: LayerSample): TensorData | null {
  const state = inputs.get(index);
  if (state === undefined || shape.length !== 2) return null;
  const moved = emptyLike(state);
  for (let i = 0; i < state.length; i++) (moved as Int8Array)[i] = (state[i + 1] ?? state[i]) as number;
  return moved;
}

/** LSTM: the int8 state (or the first of two int16) is the hidden one, the other the cell. */
function nameOf(state: Tensor, states: readonly Tensor[]): string {
  if (states.length !== 2) return `${states.indexOf(state) + 1}.`;
  return state === states[0] ? 'hidden' : 'cell';
}
