import { layerTitle, number } from '../../report/index.ts';
import type { Change, Place } from './judgement.ts';

/** What is said of a change, for people. Plain text, names not escaped. */

/** "+4.1 %", "-0.32 %", "from 0" */
export function sizeText({ ratio, to, from }: Pick<Change, 'ratio' | 'to' | 'from'>): string {
  if (ratio === null) return 'from 0';
  return percent(from < 0 ? (to - from) / -from : ratio - 1);
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 0 ? '+' : '-'}${Number(Math.abs(value).toPrecision(3))} %`;
}

/** "22 391 -> 23 310 instructions" */
export function levelsText({ from, to, unit }: Pick<Change, 'from' | 'to' | 'unit'>): string {
  return `${number(from)} -> ${number(to)} ${unit}`.trimEnd();
}

/** "1a2b3c4d", or the run where the commit is not known. */
export function placeText({ commit, runId }: Place): string {
  return commit === null ? `run ${runId}` : commit.slice(0, 8);
}

/** How sure that is: "exact", "step of 3.2 sigmas, 95 % +2.1 % to +3.4 %, p = 0.00025, 40 points before and 7 behind it". */
export function evidenceText({ confidence, from }: Pick<Change, 'confidence' | 'from'>): string {
  const { how, p, size, sigmas, shape, before, after } = confidence;
  if (how === 'exact') return 'exact';
  const interval = from === 0 ? `${number(size.low)} to ${number(size.high)}` : `${percent(size.low / Math.abs(from))} to ${percent(size.high / Math.abs(from))}`;
  return [
    `${shape}${sigmas === null ? '' : ` of ${Number(sigmas.toPrecision(2))} sigmas`}`, `95 % ${interval}`, p === null ? 'back at the level before' : `p = ${Number(p.toPrecision(2))}`, `${before} points before and ${after} behind it`,
  ].join(', ');
}

/** What the change may come from, '' where nothing speaks against the code. */
export function suspectText({ suspect }: Pick<Change, 'suspect'>): string {
  if (suspect === 'bench') return 'the same image of the same commit: the bench changed, not the code';
  return suspect === 'inputs' ? 'the same image of another commit: inputs, suite or bench changed' : '';
}

/** "most of it in layer 3 CONV_2D (+850 instructions)", '' where that is not known. */
export function layerText({ layer }: Pick<Change, 'layer'>): string {
  if (layer === null) return '';
  const by = layer.to - layer.from;
  const part = layer.share > 1 ? 'more than all of it' : layer.share >= 0.995 ? 'all of it' : layer.share >= 0.5 ? 'most of it' : `${Math.round(100 * layer.share)} % of it, more than in any other,`;
  return `${part} in ${layerTitle({ ...layer, index: layer.layer })} (${by >= 0 ? '+' : ''}${number(by)} ${layer.unit})`;
}
