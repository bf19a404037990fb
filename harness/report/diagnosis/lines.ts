import { firstMismatches, number, plural } from '../format.ts';
import type { CaseReport, LayerReport } from '../report.ts';
import { layerState, type LayerState } from './states.ts';
import { bestCauseText, causeText, elementText, forgivenText, ownErrorText, patternText, ranges, shortTitle, spreadText, tooFewWrong } from './words.ts';

/** A line of the diagnosis: what it is about, and the fact. Plain text, untrusted. */
export interface DiagnosisLine {
  readonly head: 'culprit' | 'forgiven' | 'where' | 'cause' | 'others' | 'unrun' | 'unknown' | 'spread' | 'mismatch' | 'differs';
  readonly text: string;
}

/** Lines of the block, whatever is wrong. */
export const MOST_LINES = 10;
/** Culprits, and layers that would be but are forgiven, with lines of their own: three lines each. */
const MOST_CULPRITS = 2;
/** Of those without: named. */
const MOST_OTHERS = 4;
const MOST_TEXT = 240;

/**
 * What is wrong in a case and why, in at most ten lines: the layers that are wrong by themselves with place, pattern, worst
 * element and causes, then how the error spreads. What a tolerance forgives comes behind it. [] where no layer differs; one line
 * where the case passes although layers do (judged by metrics).
 * @param everything all culprits, all causes and the first mismatch of every tensor, however many lines that makes
 */
export function diagnosisLines(one: CaseReport, everything = false): DiagnosisLine[] {
  const states = new Map<LayerState, LayerReport[]>();
  for (const layer of one.layers) {
    const state = layerState(layer, one.tolerances);
    states.set(state, [...(states.get(state) ?? []), layer]);
  }
  const culprits = states.get('culprit') ?? [];
  const unrun = states.get('unrun')?.filter(({ mismatched }) => mismatched > 0) ?? [];
  const unknown = states.get('unknown')?.filter(({ mismatched }) => mismatched > 0) ?? [];
  const inherited = states.get('inherited') ?? [];
  const tolerated = states.get('tolerated') ?? [];
  const forgiven = states.get('forgiven') ?? [];
  const wrong = culprits.length + unrun.length + unknown.length + inherited.length;
  if (wrong + tolerated.length + forgiven.length === 0) return [];
  if (one.verdict === 'pass' && !everything && wrong > 0) return [{ head: 'differs', text: shorten(`${plural(culprits.length + unknown.length + inherited.length, 'layer')} differ from the reference, ${number(culprits.length)} by themselves; ${spreadText(inherited, one)}`) }];
  const cut = everything ? (text: string): string => text : shorten;
  const shown = everything ? culprits : culprits.slice(0, MOST_CULPRITS);
  const shownForgiven = everything ? tolerated : tolerated.slice(0, MOST_CULPRITS - shown.length);
  const lines: DiagnosisLine[] = shown.flatMap((layer) => culpritLines(layer, one.samples, everything));
  const others = culprits.slice(shown.length);
  if (others.length > 0) lines.push({ head: 'others', text: `${number(others.length)} more wrong by ${others.length === 1 ? 'itself' : 'themselves'}: ${listed(others, (layer) => `${shortTitle(layer)}: ${briefCause(layer)}`)}` });
  if (unrun.length > 0) lines.push({ head: 'unrun', text: `not executed or not shown: ${listed(unrun, shortTitle)}` });
  const [first] = unknown;
  if (first !== undefined) lines.push({ head: 'unknown', text: `${shortTitle(first)}: ${ownErrorText(first, one.samples)}${unknown.length > 1 ? `; likewise ${plural(unknown.length - 1, 'more layer')} (${ranges(unknown.slice(1).map(({ index }) => index))})` : ''}` });
  const mismatches = firstMismatches(one);
  for (const layer of shownForgiven) {
    const [first, ...more] = culpritLines(layer, one.samples, everything);
    lines.push({ head: 'forgiven', text: `${shortTitle(layer)}, ${forgivenText(layer, one.tolerances)}${first === undefined ? '' : first.text.slice(shortTitle(layer).length)}` }, ...more);
  }
  if (culprits.length === 0 && !everything) lines.push(...mismatches.slice(0, 1).map((text) => ({ head: 'mismatch' as const, text })));
  lines.push({ head: 'spread', text: spreadText(inherited, one, [...tolerated.slice(shownForgiven.length), ...forgiven]) });
  if (everything) lines.push(...mismatches.map((text) => ({ head: 'mismatch' as const, text })));
  return lines.map(({ head, text }) => ({ head, text: cut(text) }));
}

/** What there is to say of one layer that is wrong by itself. */
export function culpritLines(layer: LayerReport, samples: number, everything = false): DiagnosisLine[] {
  const { where } = layer;
  const pattern = patternText(layer);
  return [
    { head: 'culprit', text: `${shortTitle(layer)}: ${ownErrorText(layer, samples)}` },
    ...(where === null ? [] : [{ head: 'where' as const, text: `${pattern ?? ''}; worst: ${elementText(where.worst)}` }]),
    { head: 'cause', text: bestCauseText(layer) },
    ...(everything ? layer.diagnosis.filter(({ rank }) => rank !== layer.diagnosis[0]?.rank).map((cause) => ({ head: 'cause' as const, text: `less likely: ${causeText(cause)}` })) : []),
  ];
}

function briefCause(layer: LayerReport): string {
  return layer.diagnosis[0]?.text ?? (tooFewWrong(layer) ? 'too few wrong elements to name a cause' : 'unexplained');
}

function listed(layers: readonly LayerReport[], text: (layer: LayerReport) => string): string {
  const rest = layers.length - MOST_OTHERS;
  return [...layers.slice(0, MOST_OTHERS).map(text), ...(rest > 0 ? [`and ${number(rest)} more`] : [])].join('; ');
}

function shorten(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text;
}
