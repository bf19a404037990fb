import { figuresOfCase } from '../../history/metrics-of-case.ts';
import type { CaseReport, LayerReport, Mismatch, Report } from '../../report/index.ts';

/** One thing that a case came to, then and now, in words. */
export interface CaseDifference {
  /** 'verdict', 'first wrong layer', 'layer 3 mismatched', 'latency median', ... */
  readonly what: string;
  readonly recorded: string;
  readonly now: string;
}

export interface ExactFigures {
  readonly recorded: ReadonlyMap<string, string>;
  readonly now: ReadonlyMap<string, string>;
}

/** These are compared layer by layer. */
const COUNTS_OF_LAYERS: readonly string[] = ['mismatched', 'layers-wrong'];

/** "latency" -> "23498 instructions", of those that repeat to the last digit. */
export function exactFigures(report: Report, one: CaseReport): Map<string, string> {
  return new Map(figuresOfCase(report, one).filter(({ exact, metric }) => exact && !COUNTS_OF_LAYERS.includes(metric)).map(({ metric, value, unit }) => [metric, `${value} ${unit}`.trim()]));
}

export interface ComparedCase {
  readonly name: string;
  readonly recorded: CaseReport['verdict'];
  readonly now: CaseReport['verdict'];
  readonly differences: readonly CaseDifference[];
  /** Things that were compared; never 0. */
  readonly compared: number;
}

/**
 * Whether a case came to the same again: verdict, how it ended, mismatches, the first wrong layer and element, and the figures that
 * repeat to the last digit (instructions and stack of an emulator). Times are not compared.
 * @param exact figures that must repeat, by name; null: it ran on another device than the recorded one
 */
export function compareCases(then: CaseReport, now: CaseReport, exact: ExactFigures | null): ComparedCase {
  const differences: CaseDifference[] = [];
  let compared = 0;
  const same = (what: string, recorded: unknown, again: unknown): void => {
    compared += 1;
    const [a, b] = [shown(recorded), shown(again)];
    if (a !== b) differences.push({ what, recorded: a, now: b });
  };
  same('verdict', then.verdict, now.verdict);
  same('end', then.endCode ?? null, now.endCode ?? null);
  same('samples', then.samples, now.samples);
  same('first wrong layer', firstWrong(then), firstWrong(now));
  same('fault', faultOf(then), faultOf(now));
  const layers = new Map(now.layers.map((layer) => [layer.index, layer]));
  same('layers', then.layers.length, now.layers.length);
  for (const layer of then.layers) {
    const again = layers.get(layer.index);
    if (again === undefined) continue;
    same(`layer ${layer.index} mismatched`, layer.mismatched, again.mismatched);
    // Where time was up earlier, fewer samples were judged: those are no other result.
    if (layer.own !== null && again.own !== null && layer.own.samples === again.own.samples) same(`layer ${layer.index} wrong by itself`, layer.own.mismatched, again.own.mismatched);
  }
  for (const [o, output] of then.outputs.entries()) {
    same(`output ${output.name} mismatched`, output.mismatched, now.outputs[o]?.mismatched);
  }
  if (exact !== null) for (const [metric, figure] of exact.recorded) same(metric, figure, exact.now.get(metric));
  return { name: then.name, recorded: then.verdict, now: now.verdict, differences, compared };
}

/** "#3 CONV_2D conv, sequence s, step 3, element [0,1]: expected 4, got 5" */
function firstWrong({ layers }: CaseReport): string | null {
  const wrong = layers.find((layer) => (layer.own?.mismatched ?? 0) > 0) ?? layers.find((layer) => layer.mismatched > 0);
  return wrong === undefined ? null : `#${wrong.index} ${`${wrong.op} ${wrong.name}`.trim()}${placeOf(firstElement(wrong))}`;
}

function firstElement({ own, tensors }: LayerReport): Mismatch | null {
  return own?.first ?? tensors.flatMap(({ firstMismatch }) => firstMismatch ?? []).sort((a, b) => a.sample - b.sample)[0] ?? null;
}

function placeOf(first: Mismatch | null): string {
  return first === null ? '' : `, sequence ${first.sequence}, step ${first.step}, element [${first.index.join(',')}]: expected ${first.expected}, got ${first.got}`;
}

function faultOf({ fault }: CaseReport): string | null {
  return fault === null ? null : `${fault.kind}${fault.layer === null ? '' : ` in layer ${fault.layer.index}`}${fault.pc?.function == null ? '' : `, ${fault.pc.function}()`}${fault.step === null ? '' : `, step ${fault.step}`}`;
}

const shown = (value: unknown): string => (value === null || value === undefined ? 'none' : String(value));
