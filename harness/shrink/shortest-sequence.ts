/**
 * The shortest sequence of samples that still fails, found in two steps: the fewest last ones (1, 2, 4, ... of them), then
 * without those in between that are not needed.
 *
 * @param codes of all samples up to the failing one, which is the last
 * @param fails whether a sequence, from a reset on, fails. @param over no more tries are wanted
 * @returns null where not even the whole sequence fails
 */
export async function shortestSequence(codes: Uint8Array, sampleBytes: number, fails: (codes: Uint8Array) => Promise<boolean>, over: () => boolean): Promise<Uint8Array | null> {
  const samples = codes.length / sampleBytes;
  let best: Uint8Array | null = null;
  for (let last = 1; best === null; last = Math.min(samples, last * 2)) {
    const part = codes.slice((samples - last) * sampleBytes);
    if (await fails(part)) best = part;
    else if (last === samples) return null;
    if (over() && best === null) return await fails(codes) ? codes : null;
  }
  return fewerSamples(best, sampleBytes, fails, over);
}

/** Leaves out runs of samples, from half of them down to single ones, as long as the rest fails. @param codes fails */
export async function fewerSamples(codes: Uint8Array, sampleBytes: number, fails: (codes: Uint8Array) => Promise<boolean>, over: () => boolean): Promise<Uint8Array> {
  let best = codes;
  for (let run = Math.floor(best.length / sampleBytes / 2); run >= 1; run = Math.floor(run / 2)) {
    for (let first = 0; (first + run) * sampleBytes <= best.length && best.length > sampleBytes * run && !over();) {
      const [from, to] = [first * sampleBytes, (first + run) * sampleBytes];
      const rest = new Uint8Array(best.length - (to - from));
      rest.set(best.subarray(0, from));
      rest.set(best.subarray(to), from);
      if (await fails(rest)) best = rest;
      else first += run;
    }
  }
  return best;
}
