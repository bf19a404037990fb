import { MAX_ELEMENTS } from './nd-array.ts';
import type { NdArray } from './nd-array.ts';
import { FormatError } from './npy.ts';

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$|^[+-]?(?:nan|inf|infinity)$/i;

/**
 * Reads numbers in rows: one row a sample. Separated by commas, semicolons or tabs (whichever the first row has); lines
 * that are empty or begin with # are passed over; a first row without a single number is a header.
 * @throws FormatError with line and column
 */
export function parseCsv(bytes: Uint8Array): NdArray {
  const lines = decode(bytes).split(/\r\n|\n|\r/);
  const values: number[] = [];
  let columns = 0;
  let rows = 0;
  let anyInteger = true;
  let separator: string | null = null;
  let headerAllowed = true;
  lines.forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    separator ??= [',', ';', '\t'].find((each) => line.includes(each)) ?? ',';
    const cells = line.split(separator).map((cell) => cell.trim());
    if (headerAllowed && cells.every((cell) => !NUMBER.test(cell))) {
      headerAllowed = false;
      columns = cells.length;
      return;
    }
    headerAllowed = false;
    if (columns === 0) columns = cells.length;
    if (cells.length !== columns) throw new FormatError(`: line ${index + 1} has ${cells.length} columns, the lines before it ${columns}`);
    if (values.length + columns > MAX_ELEMENTS) throw new FormatError(`holds more than ${MAX_ELEMENTS} numbers`);
    cells.forEach((cell, column) => {
      if (!NUMBER.test(cell)) throw new FormatError(`: line ${index + 1}, column ${column + 1}: ${JSON.stringify(cell.slice(0, 40))} is no number`);
      if (!INTEGER.test(cell)) anyInteger = false;
      values.push(toNumber(cell));
    });
    rows += 1;
  });
  return { dtype: 'float64', shape: [rows, columns], data: Float64Array.from(values), anyInteger: anyInteger && rows > 0 };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FormatError('is not UTF-8 text');
  }
}

function toNumber(cell: string): number {
  const word = cell.toLowerCase();
  if (word.endsWith('nan')) return Number.NaN;
  if (word.includes('inf')) return word.startsWith('-') ? -Infinity : Infinity;
  return Number(cell);
}
