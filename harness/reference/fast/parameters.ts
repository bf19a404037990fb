/** Parameters of a layer as kernels.wat reads them: addresses and byte counts of the engine's memory, in this order. */
const FIELDS = [
  'source', 'target', 'sourceRows', 'sourceColumns', 'targetStep', 'inputZeroPoint', 'image', 'rows', 'columns', 'rowStep', 'columnStep', 'sums', 'channels',
  'factors', 'outputZeroPoint', 'least', 'greatest', 'output', 'outputStep', 'isWide', 'weights', 'offsets', 'segments', 'steps', 'blocks',
] as const;

export type Parameters = Readonly<Record<(typeof FIELDS)[number], number>>;

export const PARAMETER_BYTES = 4 * FIELDS.length;

export function writeParameters(memory: ArrayBuffer, address: number, parameters: Parameters): void {
  new Int32Array(memory, address, FIELDS.length).set(FIELDS.map((name) => parameters[name]));
}

/** How sums of one channel become codes. */
export interface Factor {
  readonly multiplier: number;
  readonly shift: number;
  /** What the sum begins with. */
  readonly start: number;
}

export const FACTOR_BYTES = 16;

export function writeFactors(memory: ArrayBuffer, address: number, factors: readonly Factor[]): void {
  new Int32Array(memory, address, 4 * factors.length).set(factors.flatMap(({ multiplier, shift, start }) => [multiplier, Math.max(shift, 0), Math.max(-shift, 0), start]));
}
