import { mismatchedText, number, plural } from '../format.ts';
import type { CaseReport, DiagnosisReport, LayerReport, Mismatch, OutputReport, ToleranceReport, WhereElementReport } from '../report.ts';
import { differsAtAll } from './states.ts';

/** Diagnosis in words, for every writer of text. Plain text, untrusted names NOT escaped: the writer escapes the whole. */

/** "layer 3 CONV_2D": the name of a tensor is long and says little. */
export function shortTitle({ index, op }: LayerReport): string {
  return `layer ${index} ${op}`;
}

function place({ sequence, step, index }: Mismatch): string {
  return `sequence ${sequence}, step ${step}, element [${index.join(',')}]`;
}

/** "48 of 2 304 elements wrong by itself (max |d| 3), first in sequence s, step 3, element [0,5]" */
export function ownErrorText(layer: LayerReport, samples: number): string {
  const { own } = layer;
  if (own === null) return `${mismatchedText(layer)} of ${plural(layer.compared, 'element')} differ; whether by itself was not measured`;
  const judged = own.samples < samples ? `, ${number(own.samples)} of ${plural(samples, 'sample')} judged` : '';
  const first = own.first === null ? '' : `, first in ${place(own.first)}`;
  return `${number(own.mismatched)} of ${plural(own.compared, 'element')} wrong by itself (max |d| ${number(own.maxAbsDiff)}${judged})${first}`;
}

/** "only the last 3 channels; every 4th element from 12", of a layer with several tensors "in state tensor 17: ..."; null where the place is not known. */
export function patternText(layer: LayerReport): string | null {
  const { where } = layer;
  if (where === null) return null;
  const tensor = whereTensorText(layer);
  return `${tensor === null ? '' : `${tensor}: `}${where.pattern.length === 0 ? 'no pattern' : where.pattern.join('; ')}`;
}

/** "in its output", "in state tensor 17": which of a layer's tensors the place is in; null where it has one only. Its source goes into the page, too. */
export function whereTensorText({ where, tensors }: Pick<LayerReport, 'where' | 'tensors'>): string | null {
  if (where === null || tensors.length < 2) return null;
  const role = tensors.find(({ tensor }) => tensor === where.tensor)?.role;
  if (role === undefined) return `in tensor ${where.tensor}`;
  if (role === 'state') return `in state tensor ${where.tensor}`;
  return tensors.filter((one) => one.role === 'output').length === 1 ? 'in its output' : `in output tensor ${where.tensor}`;
}

/** "forgiven by the tolerance for operator SOFTMAX": the first that holds for the layer. */
export function forgivenText({ index }: LayerReport, tolerances: readonly ToleranceReport[]): string {
  const scope = tolerances.find(({ layers }) => layers.includes(index))?.scope;
  return scope === undefined ? 'forgiven' : `forgiven by the tolerance for ${scope}`;
}

/** "expected 12, got 19 (accumulator 1 234) at [0,1,2,15], sequence s, step 3" */
export function elementText(element: WhereElementReport): string {
  const sum = element.accumulator === null ? '' : ` (accumulator ${number(element.accumulator)})`;
  return `expected ${element.expected}, got ${element.got}${sum} at [${element.index.join(',')}], sequence ${element.sequence}, step ${element.step}`;
}

/** "explains 212 of 212 elements in 8 samples, 100 %"; and what it would spoil. */
function shareText({ wrong, explained, contradicted, samples }: DiagnosisReport): string {
  const against = contradicted === 0 ? '' : `, would make ${number(contradicted)} wrong that are right`;
  return `explains ${number(explained)} of ${plural(wrong, 'element')} in ${plural(samples, 'sample')}, ${percent(explained, wrong)}${against}`;
}

export function causeText(cause: DiagnosisReport): string {
  return `${cause.text} (${shareText(cause)})`;
}

function percent(part: number, whole: number): string {
  // All is all: 999 of 1000 is no 100 %.
  return whole <= 0 ? '-' : part === whole ? '100 %' : `${Math.min(99.9, (100 * part) / whole).toFixed(1)} %`;
}

/** Fewer than three wrong elements fit many causes and prove none. Its source goes into the page, too. */
export function tooFewWrong({ own }: Pick<LayerReport, 'own'>): boolean {
  return own !== null && own.mismatched < 3;
}

/** Why a layer that is wrong by itself has no cause. */
export function unexplainedText(layer: LayerReport): string {
  return tooFewWrong(layer) ? 'too few wrong elements to name a cause' : 'unexplained: no cause that hil knows gives these values';
}

const MOST_TIED = 4;

/** The best causes in a line: one, several that the data cannot tell apart, or that there is none. */
export function bestCauseText(layer: LayerReport): string {
  const { diagnosis } = layer;
  const [best] = diagnosis;
  if (best === undefined) return unexplainedText(layer);
  const tied = diagnosis.filter(({ rank }) => rank === best.rank);
  if (tied.length === 1) return causeText(best);
  const alike = tied.every((one) => shareText(one) === shareText(best));
  const more = tied.length > MOST_TIED ? ` | and ${tied.length - MOST_TIED} more` : '';
  const list = tied.slice(0, MOST_TIED).map((one) => (alike ? one.text : causeText(one))).join(' | ');
  return `one of ${tied.length} that cannot be told apart: ${list}${more}${alike ? ` (each ${shareText(best)})` : ''}`;
}

/**
 * "4 layers inherited the error (4-7); output torque: 64 of 1 800 elements differ"
 * @param forgiven layers that differ, too, and are forgiven
 */
export function spreadText(inherited: readonly LayerReport[], { outputs }: CaseReport, forgiven: readonly LayerReport[] = []): string {
  const indices = (layers: readonly LayerReport[]): string => ranges(layers.map(({ index }) => index));
  const layers = [...(inherited.length === 0 ? [] : [`${plural(inherited.length, 'layer')} inherited the error (${indices(inherited)})`]),
    ...(forgiven.length === 0 ? [] : [`${plural(forgiven.length, 'more layer')} ${forgiven.length === 1 ? 'differs and is' : 'differ and are'} forgiven (${indices(forgiven)})`])];
  const wrong = outputs.filter(({ mismatched }) => mismatched > 0);
  const within = outputs.filter((output) => output.mismatched === 0 && differsAtAll(output));
  const ends = [...(wrong.length === 0 ? [] : [outputsText(wrong)]), ...(within.length === 0 ? [] : [`${plural(within.length, 'output')} ${within.length === 1 ? 'differs and is' : 'differ and are'} forgiven`])];
  return `${layers.length === 0 ? 'no other layer differs' : layers.join(', ')}; ${ends.length === 0 ? 'no output differs' : ends.join(', ')}`;
}

const MOST_OUTPUTS = 3;

function outputsText(wrong: readonly OutputReport[]): string {
  const shown = wrong.slice(0, MOST_OUTPUTS).map(({ name, mismatched, compared }) => `output ${name}: ${number(mismatched)} of ${plural(compared, 'element')} differ`);
  return [...shown, ...(wrong.length > MOST_OUTPUTS ? [`and ${plural(wrong.length - MOST_OUTPUTS, 'more output')}`] : [])].join(', ');
}

/** [1, 2, 3, 7] -> "1-3, 7" */
export function ranges(indices: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const index of [...indices].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last !== undefined && index === last[1] + 1) last[1] = index;
    else parts.push([index, index]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}-${to}`)).join(', ');
}
