/** C element types that generated constants use. */
export type ConstantType = 'int8_t' | 'uint16_t' | 'int32_t' | 'nn_requant';

export interface Constant {
  /** C identifier, prefix of the network included. */
  readonly symbol: string;
  readonly type: ConstantType;
  readonly length: number;
  readonly bytes: number;
  /** One line for the comment, already safe for C. */
  readonly comment: string;
  /** Initialiser items, in order. */
  readonly items: readonly string[];
}

const BYTES: Readonly<Record<ConstantType, number>> = { int8_t: 1, uint16_t: 2, int32_t: 4, nn_requant: 8 };

/** Collects the constants of a network in the order of their first use; the same symbol twice is one array. */
export class ConstantPool {
  readonly #prefix: string;
  readonly #constants = new Map<string, Constant>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  get all(): readonly Constant[] {
    return [...this.#constants.values()];
  }

  get bytes(): number {
    return this.all.reduce((sum, constant) => sum + constant.bytes, 0);
  }

  /**
   * Adds an array and returns its C symbol, '<network>_<suffix>'. The caller gives equal content for an equal suffix.
   *
   * @param suffix e.g. 't5' for the data of tensor 5, 'layer0_bias' for what one layer alone uses
   */
  add(suffix: string, type: ConstantType, comment: string, items: readonly string[]): string {
    const symbol = `${this.#prefix}_${suffix}`;
    if (!this.#constants.has(symbol)) {
      this.#constants.set(symbol, { symbol, type, length: items.length, bytes: items.length * BYTES[type], comment, items });
    }
    return symbol;
  }
}

/** Initialiser items in lines of at most 110 columns, indented by two. */
export function wrapItems(items: readonly string[]): string {
  const lines: string[] = [];
  let line = ' ';
  for (const item of items) {
    if (line.length + item.length + 2 > 110) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${item},`;
  }
  lines.push(line);
  return lines.join('\n');
}

/** int32 as a C expression; -2147483648 is no literal in C. */
export const int32Text = (value: number): string => (value === -(2 ** 31) ? '(-2147483647 - 1)' : String(value));
