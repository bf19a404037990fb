/** Seeded random numbers: the same seed gives the same design on every machine. */

/** Uniform numbers in [0, 1) from a 32-bit counter, each step mixed by multiply-xorshift (the finaliser form of splitmix generators). */
export class Random {
  #counter: number;

  constructor(seed: number) {
    this.#counter = seed >>> 0;
  }

  /** The next 32 random bits, as an unsigned integer. */
  bits(): number {
    this.#counter = (this.#counter + 0x9e3779b9) >>> 0;
    let z = this.#counter;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  uniform(): number {
    return this.bits() / 2 ** 32;
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      const held = copy[i] as T;
      copy[i] = copy[j] as T;
      copy[j] = held;
    }
    return copy;
  }
}
