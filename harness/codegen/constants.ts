import { BYTES_PER_ELEMENT, type DType, type Tensor } from '../model/graph.ts';
import { cTypeOf } from './c-types.ts';

/** C element types that generated constants use. */
export type ConstantType = 'int8_t' | 'uint8_t' | 'int16_t' | 'uint16_t' | 'int32_t' | 'uint32_t' | 'int64_t' | 'float' | 'nn_requant' | 'nn_channel';

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
  /** A function by its values (sigmoid, exp): code rather than data of the model. */
  readonly isTable: boolean;
}

const BYTES: Readonly<Record<ConstantType, number>> = { int8_t: 1, uint8_t: 1, int16_t: 2, uint16_t: 2, int32_t: 4, uint32_t: 4, int64_t: 8, float: 4, nn_requant: 8, nn_channel: 8 };

/** Collects the constants of a network in the order of their first use; the same symbol twice is one array. */
export class ConstantPool {
  readonly #prefix: string;
  readonly #constants: Map<string, Constant>;

  constructor(prefix: string, constants = new Map<string, Constant>()) {
    this.#prefix = prefix;
    this.#constants = constants;
  }

  /** The same pool under another prefix: for a graph whose tensors have the numbers of the main graph's. */
  within(prefix: string): ConstantPool {
    return new ConstantPool(`${this.#prefix}_${prefix}`, this.#constants);
  }

  get all(): readonly Constant[] {
    return [...this.#constants.values()];
  }

  get bytes(): number {
    return this.all.reduce((sum, constant) => sum + constant.bytes, 0);
  }

  /** Of these, tables of functions. */
  get tableBytes(): number {
    return this.all.reduce((sum, { bytes, isTable }) => (isTable ? sum + bytes : sum), 0);
  }

  /**
   * Adds an array and returns its C symbol, '<network>_<suffix>'. The caller gives equal content for an equal suffix.
   *
   * @param suffix e.g. 't5' for the data of tensor 5, 'layer0_bias' for what one layer alone uses
   */
  add(suffix: string, type: ConstantType, comment: string, items: readonly string[], isTable = false): string {
    const symbol = `${this.#prefix}_${suffix}`;
    const known = this.#constants.get(symbol);
    if (known === undefined) {
      this.#constants.set(symbol, { symbol, type, length: items.length, bytes: items.length * BYTES[type], comment, items, isTable });
    } else if (known.type !== type || known.items.length !== items.length || known.items.some((item, i) => item !== items[i])) {
      throw new Error(`two constants are called ${symbol}`);
    }
    return symbol;
  }

  /** As add(), for a function by its values. */
  addTable(name: string, type: ConstantType, comment: string, items: readonly string[]): string {
    return this.add(name, type, comment, items, true);
  }

  /** The data of a constant tensor as it is in the model, as 't<index>_data'. Throws Error for a type that C has no array of. */
  addTensor(tensor: Tensor): string {
    const type = cTypeOf(tensor.dtype);
    if (tensor.data === null || type === null) throw new Error(`tensor ${tensor.index} is no constant with a C type`);
    return this.add(`t${tensor.index}_data`, type as ConstantType, `constant t${tensor.index} [${tensor.shape.join(', ')}]`, itemsOf(tensor.dtype, tensor.data));
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

/** Little-endian elements as initialiser items. */
function itemsOf(dtype: DType, data: Uint8Array): string[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = BYTES_PER_ELEMENT[dtype];
  return Array.from({ length: data.byteLength / size }, (_, i) => {
    switch (dtype) {
      case 'int8': return String(view.getInt8(i));
      case 'int16': return String(view.getInt16(2 * i, true));
      case 'uint16': return String(view.getUint16(2 * i, true));
      case 'int32': return int32Text(view.getInt32(4 * i, true));
      case 'uint32': return `${view.getUint32(4 * i, true)}u`;
      case 'int64': return int64Text(view.getBigInt64(8 * i, true));
      case 'float32': return floatText(view.getFloat32(4 * i, true));
      default: return String(view.getUint8(i));
    }
  });
}

const int64Text = (value: bigint): string => (value === -(2n ** 63n) ? '(-9223372036854775807 - 1)' : String(value));

/** A finite float32 as a C literal of type float that reads back as the same value; NaN and infinities by their expressions. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return '(0.0f / 0.0f)';
  if (!Number.isFinite(value)) return value > 0 ? '(1.0f / 0.0f)' : '(-1.0f / 0.0f)';
  if (Object.is(value, -0)) return '-0.0f';
  const text = value.toPrecision(9).replace(/(\.\d*?)0+(e|$)/, '$1$2');
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`.replace(/\.(e|f)/, '.0$1');
}

/** int32 as a C expression; -2147483648 is no literal in C. */
export const int32Text = (value: number): string => (value === -(2 ** 31) ? '(-2147483647 - 1)' : String(value));
