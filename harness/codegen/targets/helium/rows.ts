import type { EmitContext } from '../../context.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { int32Items, int8Items } from '../../quantised.ts';
import { biasesAndShifts, formOf, type Channel, type Form } from './channels.ts';
import { exceeds, factorsText, packChannels, packedLines, storage, type Packed } from './packed.ts';

/** Rows that the kernels multiply at once, and bytes of a vector. */
export const GROUP = 4;
const VECTOR = 16;
const BYTES_PER_FACTOR = 4;
/** Rows that must be saved for it to pay that every pixel is filled with constants first. */
const LEAST_CONSTANT = 2 * GROUP;

/** An nn_mve_rows (firmware/kernels/nn_mve_rows.h). */
export interface Rows {
  readonly layer: ProductLayer;
  /** Output channels. */
  readonly count: number;
  /** Weights of one. */
  readonly bytes: number;
  readonly weights: readonly number[];
  readonly factors: readonly number[];
  /** Items of `factors` before those of the rows that are left over. */
  readonly wholeFactors: number;
  readonly form: Form;
  /** Codes of all channels (those that are computed: anything) where the constant ones are left out; null where none are. */
  readonly constants: readonly number[] | null;
  /** What is in flash instead of the factors, which are unpacked into scratch memory; null: the factors are. */
  readonly packed: Packed | null;
}

/** Four bytes as the int32 that has them in memory, little-endian. */
export const packBytes = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number => (a & 255) | ((b & 255) << 8) | ((c & 255) << 16) | (d << 24);

/** Four rows as the kernels read them: [4][bytes % 16], then [bytes / 16][4][16]. */
export function interleave(rows: readonly Int8Array[]): number[] {
  const bytes = rows[0]?.length ?? 0;
  const packed: number[] = [];
  for (let end = bytes % VECTOR === 0 ? VECTOR : bytes % VECTOR, start = 0; start < bytes; start = end, end += VECTOR) {
    for (const row of rows) packed.push(...row.subarray(start, end));
  }
  return packed;
}

/** Zeros to be put behind interleaved rows, of which `more` other bytes follow: short rows are read in whole vectors. */
export const padding = (bytes: number, more: number): number[] => new Array<number>(Math.max(0, VECTOR - bytes - more)).fill(0);

/**
 * Weights and factors in the order of nn_mve_rows.
 * @param each whether a group has its factors, or its biases only
 */
export function packRows(layer: ProductLayer, channels: readonly Channel[], each = true): Rows {
  const count = channels.length;
  const bytes = channels[0]?.weights.length ?? 0;
  const whole = count - (count % GROUP);
  const form = formOf(layer, channels, each);
  const weights: number[] = [];
  const factors: number[] = [];
  for (let first = 0; first < whole; first += GROUP) {
    const group = channels.slice(first, first + GROUP);
    weights.push(...interleave(group.map((channel) => channel.weights)));
    if (each) factors.push(...biasesAndShifts(group, form), ...group.map(({ factor }) => factor.multiplier));
    else factors.push(...group.map(({ bias }) => bias));
  }
  const wholeFactors = factors.length;
  for (const channel of channels.slice(whole)) {
    weights.push(...channel.weights);
    factors.push(channel.bias, channel.factor.shift, channel.factor.multiplier);
  }
  weights.push(...padding(bytes, (count - whole) * bytes));
  return { layer, count, bytes, weights, factors, wholeFactors, form, constants: null, packed: null };
}

/** As packRows, without the rows of constant channels where there are enough of them to be worth it. */
export function packLiveRows(layer: ProductLayer, channels: readonly Channel[]): Rows {
  const all = channels.map((channel, place) => ({ channel, place }));
  const isConstant = ({ channel }: { readonly channel: Channel }): boolean => channel.constant !== null;
  const live = all.filter((one) => !isConstant(one));
  // Filled up with constant ones, which come out right too.
  live.push(...all.filter(isConstant).slice(0, live.length === 0 ? GROUP : (GROUP - (live.length % GROUP)) % GROUP));
  if (live.length % GROUP !== 0 || live.length + LEAST_CONSTANT > channels.length || channels.length > 256) return packRows(layer, channels);
  const rows = packRows(layer, live.map(({ channel }) => channel));
  const each = rows.factors.length / (live.length / GROUP);
  const factors: number[] = [];
  for (let group = 0; group < live.length / GROUP; group += 1) {
    factors.push(...rows.factors.slice(group * each, (group + 1) * each), packBytes(live.slice(group * GROUP, (group + 1) * GROUP).map(({ place }) => place)));
  }
  const constants = channels.map(({ constant }) => constant ?? 0);
  return { ...rows, count: channels.length, bytes: channels[0]?.weights.length ?? 0, factors, wholeFactors: factors.length, constants };
}

/** The same with channels packed, where that is worth it and there are `room` bytes of scratch memory for the factors. */
export function keepRows(rows: Rows, channels: readonly Channel[], room: number): Rows {
  const bytes = unpackedBytes(rows);
  if (rows.constants !== null || bytes > room || !exceeds(rows.layer, rows.weights.length + BYTES_PER_FACTOR * rows.factors.length)) return rows;
  const places = Array.from({ length: GROUP * Math.ceil(rows.count / GROUP) }, (_, place) => (place < rows.count ? place : null));
  return { ...rows, packed: packChannels(rows.layer, channels, places, rows.form) };
}

/** Rows that are left over are unpacked as a group of four. */
const unpackedBytes = ({ factors, count }: Rows): number => BYTES_PER_FACTOR * Math.max(factors.length, 2 * GROUP * Math.ceil(count / GROUP));

/** Scratch memory for unpacked factors, at its start. */
export const factorBytes = (rows: Rows): number => (rows.packed === null ? 0 : unpackedBytes(rows));

/**
 * Statements that define `layer`, a struct of that type whose first member is an nn_mve_rows, and unpack what has to be; adds the constants.
 * @param others initialisers of the other members
 */
export function layerLines(type: string, rows: Rows, others: readonly string[], context: EmitContext): string[] {
  const { packed } = rows;
  return [
    ...(packed === null ? [] : packedLines(packed, rows.layer, context)),
    `${storage(packed, context)} ${type} layer = {`,
    `  .rows = ${rowsText(rows, context)},`,
    ...others,
    '};',
    ...(packed === null ? [] : [`nn_mve_unpack_rows(&channels, &layer.rows, ${factorsText(rows.layer, context)});`]),
  ];
}

/** Headers of what layerLines() makes. */
export const rowsHeaders = ({ packed }: Rows): string[] => (packed === null ? [] : ['nn_mve_channels.h']);

/** Initialiser of an nn_mve_rows; adds its constants. */
function rowsText(rows: Rows, context: EmitContext): string {
  const { layer, count, bytes } = rows;
  const { operator, filter } = layer;
  const w = context.constants.add(`t${filter.index}_rows`, 'int8_t', `weights of layer ${operator.index} [${count}, ${bytes}], four rows interleaved`, int8Items(Int8Array.from(rows.weights)));
  const f = rows.packed !== null ? factorsText(layer, context) : context.constants.add(`layer${operator.index}_factors`, 'int32_t', `of layer ${operator.index}: bias with the input zero point folded in, and what it is scaled by`, int32Items(rows.factors));
  const constants = rows.constants === null ? '0' : context.constants.add(`layer${operator.index}_constants`, 'int8_t', `outputs of layer ${operator.index} that no input changes`, int8Items(Int8Array.from(rows.constants)));
  const place = `${f} + ${rows.wholeFactors}`;
  return `{${Math.floor((bytes - 1) / VECTOR)}, ${bytes % VECTOR}, ${place}, ${layer.outputZeroPoint}, ${layer.low}, ${layer.high}, ${w}, ${f}, ${count}, ${bytes}, ${constants}}`;
}

/** The nn_mve_pair for them. */
export function pairOf({ form, count, constants }: Rows): string {
  const layout = constants !== null ? 'sparse' : count % GROUP === 0 ? 'dense' : 'odd';
  return `nn_mve_pair_${form}_${layout}`;
}
