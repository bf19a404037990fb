import type { SampleElements } from './sample-elements.ts';

export interface MinimiseOptions {
  readonly elements: SampleElements;
  /** Which of the candidates still fail, each on its own. May try them together: what is kept is confirmed alone. */
  readonly fail: (candidates: readonly Uint8Array[]) => Promise<readonly boolean[]>;
  /** No more tries are wanted; what is best so far counts. */
  readonly over: () => boolean;
  /** Told of each better one. */
  readonly onBetter: (codes: Uint8Array, left: number) => void;
}

/** Candidates that are tried together. */
const MOST_TOGETHER = 64;

/**
 * Delta debugging (Zeller and Hildebrandt, 2002) on the elements of an input that fails: blocks of elements are set to their
 * zero point, ever smaller ones down to single elements, as long as the failure stays; then the values that are left go
 * towards the zero point. One-minimal where `over` allows: no single element that is left can be set to its zero point.
 * @param codes fails. @returns codes that fail
 */
export async function minimise(codes: Uint8Array, options: MinimiseOptions): Promise<Uint8Array> {
  const smaller = await fewerElements(codes, options);
  return smallerValues(smaller, options);
}

const activeOf = (codes: Uint8Array, { count, value, rest }: SampleElements): number[] => {
  const active: number[] = [];
  for (let element = 0; element < count; element++) if (value(codes, element) !== rest(element)) active.push(element);
  return active;
};

async function fewerElements(codes: Uint8Array, options: MinimiseOptions): Promise<Uint8Array> {
  const { elements, over, onBetter } = options;
  let best = codes;
  let active = activeOf(best, elements);
  const without = (changed: readonly number[]): Uint8Array => elements.withValues(best, changed, (element) => elements.rest(element));
  const take = (changed: readonly number[]): void => {
    best = without(changed);
    active = activeOf(best, elements);
    onBetter(best, active.length);
  };
  if (active.length > 0 && await failsAlone(without(active), options)) {
    take(active);
    return best;
  }
  for (let parts = 2; active.length > 1 && !over();) {
    const blocks = split(active, parts);
    const found = await reduceBlocks(blocks, active, without, options);
    if (found !== null) {
      take(found);
      parts = Math.max(2, Math.min(parts - 1, active.length));
    } else if (parts >= active.length) break;
    else parts = Math.min(active.length, parts * 2);
  }
  return best;
}

/** @returns elements that can be set to their zero point; null where no block can, nor all but one block */
async function reduceBlocks(blocks: readonly (readonly number[])[], active: readonly number[], without: (changed: readonly number[]) => Uint8Array, options: MinimiseOptions): Promise<readonly number[] | null> {
  for (let first = 0; first < blocks.length && !options.over(); first += MOST_TOGETHER / 2) {
    const part = blocks.slice(first, first + MOST_TOGETHER / 2);
    // All but one block is the larger step, and in two parts the same as one block.
    const rests = blocks.length === 2 ? [] : part.map((block) => { const kept = new Set(block); return active.filter((element) => !kept.has(element)); });
    const tried = [...rests, ...part];
    const fails = await options.fail(tried.map(without));
    const failing = tried.filter((_each, i) => fails[i] === true);
    for (const rest of rests) if (failing.includes(rest) && await failsAlone(without(rest), options)) return rest;
    const blocksFailing = failing.filter((each) => !rests.includes(each as number[]));
    const together = blocksFailing.flat();
    if (blocksFailing.length > 1 && together.length < active.length && await failsAlone(without(together), options)) return together;
    for (const block of blocksFailing) if (await failsAlone(without(block), options)) return block;
  }
  return null;
}

/** Each value goes as near to its zero point as it can, others held. */
async function smallerValues(codes: Uint8Array, options: MinimiseOptions): Promise<Uint8Array> {
  const { elements, over, onBetter } = options;
  let best = codes;
  const active = activeOf(best, elements);
  for (const element of active) {
    if (over()) break;
    const [rest, value] = [elements.rest(element), elements.value(best, element)];
    const nearer = nearerValues(rest, value).map((to) => elements.withValues(best, [element], () => to));
    if (nearer.length === 0) continue;
    const fails = await options.fail(nearer);
    for (const [i, candidate] of nearer.entries()) {
      if (fails[i] !== true || !await failsAlone(candidate, options)) continue;
      best = candidate;
      onBetter(best, active.length);
      break;
    }
  }
  return best;
}

/** From the zero point on, steps that double, short of the value itself. */
function nearerValues(rest: number, value: number): number[] {
  const [distance, sign] = [Math.abs(value - rest), Math.sign(value - rest)];
  const found: number[] = [];
  for (let step = 1; step < distance && found.length < MOST_TOGETHER; step *= 2) found.push(rest + sign * step);
  return found;
}

async function failsAlone(candidate: Uint8Array, { fail }: MinimiseOptions): Promise<boolean> {
  return (await fail([candidate]))[0] === true;
}

function split(list: readonly number[], parts: number): number[][] {
  const found: number[][] = [];
  for (let part = 0; part < parts; part++) {
    const block = list.slice(Math.floor((part * list.length) / parts), Math.floor(((part + 1) * list.length) / parts));
    if (block.length > 0) found.push(block);
  }
  return found;
}
