import { coordinates } from '../../tensor-tally.ts';
import type { WrongElements } from '../wrong-elements.ts';
import { axisRegions } from './axis-regions.ts';
import { borderRegions } from './border-regions.ts';
import { flatRegions } from './flat-regions.ts';
import { isTelling, type Region, type Scatter } from './region.ts';

/**
 * In which part of the tensor the wrong elements lie, in words; [] where they are anywhere. Only what holds for all of them and would
 * hardly be so if they were scattered at random.
 */
export function whereWords(found: WrongElements): string[] {
  const { elements, samples, wrong, shape } = found;
  if (wrong === elements * samples.length) return elements > 1 ? ['all elements'] : [];
  const positions = positionsOf(found);
  if (positions.length === 1) return singleElement(found, positions[0] as number);
  const scatter = { wrong, positions: positions.length, samples: samples.length };
  const axes = narrow(elements, scatter, [...axisRegions(shape, positions, scatter), ...borderRegions(shape, positions)]);
  const [flat] = narrow(elements, scatter, flatRegions(elements, positions)).sort((a, b) => a.size - b.size);
  const joint = axes.length === 0 ? elements : count(elements, (i) => axes.every((region) => region.has(i)));
  const words = axes.length === 0 ? [] : [axes.map((region) => region.words).join(' and ') + coverage(found, joint, axes.length > 1 ? 'these' : (axes[0] as Region).plural ? 'their' : 'its')];
  if (flat === undefined || shape.length < 2) return words;
  // A run in memory says more than rows and columns together, and less than whole rows.
  const isRun = flat.size === (positions.at(-1) as number) - (positions[0] as number) + 1;
  const tells = axes.length === 0 || flat.size * 2 <= joint || (isRun && axes.length > 1 && flat.size <= joint);
  return tells ? [flat.words + coverage(found, flat.size, 'their'), ...words] : words;
}

/**
 * The regions that say something, the narrowest first; each must say something beyond those before it.
 */
function narrow(all: number, scatter: Scatter, regions: readonly Region[]): Region[] {
  const said: Region[] = [];
  let left = all;
  for (const region of [...regions].sort((a, b) => a.size - b.size)) {
    const within = said.length === 0 ? region.size : count(all, (i) => region.has(i) && said.every((other) => other.has(i)));
    if (!isTelling({ ...region, size: within }, left, scatter)) continue;
    said.push(region);
    left = within;
  }
  return said;
}

function singleElement({ samples, shape, elements }: WrongElements, flat: number): string[] {
  const times = samples.filter((sample) => sample.flat.length > 0).length;
  const at = `[${coordinates(flat, shape).join(', ')}]`;
  if (elements === 1) return [];
  return [times > 1 ? `only element ${at}` : `a single element, ${at}`];
}

/** Elements that are wrong in any sample, rising. */
function positionsOf({ samples, elements }: WrongElements): number[] {
  if (samples.length === 1) return [...(samples[0]?.flat ?? [])];
  const mask = new Uint8Array(elements);
  for (const { flat } of samples) for (const i of flat) mask[i] = 1;
  const positions: number[] = [];
  for (let i = 0; i < elements; i++) if (mask[i] === 1) positions.push(i);
  return positions;
}

function count(all: number, has: (flat: number) => boolean): number {
  let n = 0;
  for (let i = 0; i < all; i++) if (has(i)) n++;
  return n;
}

/** ", 41 % of their elements" where not all of a region is wrong in every sample. */
function coverage({ wrong, samples }: WrongElements, size: number, whose: string): string {
  const share = wrong / (size * samples.length);
  if (share >= 1) return '';
  return `, ${share < 0.01 ? 'under 1' : Math.min(99, Math.round(share * 100))} % of ${whose} elements`;
}
