/** Takes blocks of lines while they fit into a number of bytes. */
export class BoundedText {
  readonly limit: number;
  #used = 0;
  readonly #lines: string[] = [];

  constructor(limitBytes: number) {
    this.limit = limitBytes;
  }

  /** @param reserve bytes that must stay free behind the block. @returns false where it does not fit; nothing is added then. */
  add(lines: readonly string[], reserve = 0): boolean {
    const size = Buffer.byteLength(lines.join('\n')) + 1;
    if (this.#used + size + reserve > this.limit) return false;
    this.#used += size;
    this.#lines.push(...lines);
    return true;
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}
