import type { Files } from './planting.ts';

/** A constant array of a generated network: its name and how the text in <network>_weights.c lies. */
export interface ConstantArray { readonly name: string; readonly type: string; readonly comment: string; readonly start: number; readonly end: number; readonly values: readonly number[] }

/** Arrays of plain numbers (none of structures) in the file of constants. */
export function constantArrays(text: string): ConstantArray[] {
  return [...text.matchAll(/(?:\/\* ([^*]*) \*\/\n)?const (u?int(?:8|16|32)_t) (\w+)\[\d+\] = \{([-\d,\s]*)\};/g)].map((match) => {
    const [whole, comment = '', type = '', name = '', list = ''] = match;
    const start = match.index + whole.indexOf('= {') + 3;
    return { name, type, comment, start, end: start + list.length, values: list.split(',').map((item) => item.trim()).filter((item) => item !== '').map(Number) };
  });
}

/**
 * Other values for the arrays whose names fit.
 * @throws Error where none fits
 */
export function changeConstants(files: Files, network: string, fits: (name: string) => boolean, change: (array: ConstantArray) => readonly number[]): Files {
  const file = `${network}_weights.c`;
  const text = files.get(file) as string;
  const arrays = constantArrays(text).filter(({ name }) => fits(name));
  if (arrays.length === 0) throw new Error(`${file} has no such array`);
  let changed = text;
  for (const array of arrays.toReversed()) changed = `${changed.slice(0, array.start)}\n  ${change(array).join(', ')},\n${changed.slice(array.end)}`;
  return new Map([...files, [file, changed]]);
}
