import type { DType } from '../../../model/graph.ts';
import { differenceOf } from '../../tensor-tally.ts';
import type { WrongElements } from '../wrong-elements.ts';
import { CHANCE } from './region.ts';

/** Fewer wrong elements than this have too much in common by chance. */
const FEW = 3;
const RANGES: Partial<Record<DType, readonly [number, number]>> = { int8: [-128, 127], uint8: [0, 255], int16: [-32768, 32767], uint16: [0, 65535] };

/** What the wrong values have in common, in words; [] where that is nothing. */
export function valueWords(found: WrongElements): string[] {
  if (found.wrong < FEW) return [];
  return [...sameValue(found), ...sameDifference(found), ...otherPlaces(found), ...signOfExpected(found)];
}

function sameValue(found: WrongElements): string[] {
  const values = new Set<number | bigint | undefined>();
  for (const { got, flat } of found.samples) {
    for (const i of flat) {
      values.add(got[i]);
      if (values.size > 2) return [];
    }
  }
  const range = RANGES[found.dtype] ?? [];
  const isEnd = (value: number | bigint | undefined): boolean => range.some((end) => end === value);
  if (values.size === 1) {
    const [value] = values;
    return [isEnd(value) ? `all wrong values are ${value} (saturated)` : `all wrong values are the same, ${value}`];
  }
  return [...values].every(isEnd) ? [`all wrong values are ${range.join(' or ')} (saturated)`] : [];
}

function sameDifference(found: WrongElements): string[] {
  const differences = new Set<number>();
  for (const { expected, got, flat } of found.samples) {
    for (const i of flat) {
      differences.add(differenceOf(expected[i], got[i]));
      if (differences.size > 2) return [];
    }
  }
  const [first = 0, second] = differences;
  if (second === undefined) return Number.isFinite(first) && first !== 0 ? [`a constant difference of ${first > 0 ? '+' : ''}${first}`] : [];
  return Math.abs(first) === 1 && Math.abs(second) === 1 ? ['always off by one'] : [];
}

/** Whole tensors that hold what they should, elsewhere. */
function otherPlaces({ samples }: WrongElements): string[] {
  const same = samples.every(({ expected, got, flat }) => {
    if (flat.length === 0) return true;
    const [a, b] = [expected.slice().sort(), got.slice().sort()];
    return flat.length > FEW && a.every((value, i) => Object.is(value, b[i]));
  });
  return same ? ['the right values in wrong places'] : [];
}

/** Where elements of one sign only are wrong, of those that have both. */
function signOfExpected({ samples, zeroPoint, elements, wrong }: WrongElements): string[] {
  let negative = 0;
  let wrongNegative = 0;
  let positive = 0;
  let wrongPositive = 0;
  for (const { expected, flat } of samples) {
    const sign = (i: number): number => Math.sign(Number(expected[i]) - zeroPoint);
    for (let i = 0; i < elements; i++) {
      negative += Number(sign(i) < 0);
      positive += Number(sign(i) > 0);
    }
    for (const i of flat) {
      wrongNegative += Number(sign(i) < 0);
      wrongPositive += Number(sign(i) > 0);
    }
  }
  const unlikely = (n: number): boolean => wrong * Math.log(n / (elements * samples.length)) < Math.log(CHANCE);
  if (wrongNegative === wrong && unlikely(negative)) return ['only where a negative value is expected'];
  return wrongPositive === wrong && unlikely(positive) ? ['only where a positive value is expected'] : [];
}
