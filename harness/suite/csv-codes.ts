import { HilError } from '../errors.ts';
import type { Tensor } from '../model/graph.ts';
import type { InputFile } from './input-file.ts';
import type { NdData } from './nd-array.ts';

const LIMITS: Readonly<Record<string, readonly [number, number, new (length: number) => Exclude<NdData, BigInt64Array | BigUint64Array>]>> = {
  bool: [0, 1, Uint8Array], int8: [-128, 127, Int8Array], uint8: [0, 255, Uint8Array], int16: [-32_768, 32_767, Int16Array],
  uint16: [0, 65_535, Uint16Array], int32: [-(2 ** 31), 2 ** 31 - 1, Int32Array], uint32: [0, 2 ** 32 - 1, Uint32Array],
};

/** Integers of a text file as a tensor's raw codes. @throws HilError 'config' where one does not fit the tensor's type */
export function rawCodes(file: InputFile, tensor: Tensor, values: Float64Array): ArrayBufferView {
  const limits = Object.hasOwn(LIMITS, tensor.dtype) ? LIMITS[tensor.dtype] : undefined;
  if (limits === undefined) throw new HilError('config', 'input.dtype', `${file.name}: a text file cannot give ${tensor.dtype} codes; use .npy`, { facts: { file: file.name, expected: tensor.dtype } });
  const [least, most, Codes] = limits;
  const codes = new Codes(values.length);
  values.forEach((value, index) => {
    if (!(value >= least && value <= most)) {
      const row = Math.floor(index / tensor.elements);
      throw new HilError('config', 'input.range', `${file.name}: row ${row + 1}, column ${(index % tensor.elements) + 1}: ${value} is no ${tensor.dtype} code (${least} to ${most})`, {
        hint: 'Whole numbers are taken as raw codes. If they are real values, write at least one with a decimal point.',
        facts: { file: file.name, expected: [least, most], got: value },
      });
    }
    codes[index] = value;
  });
  return codes;
}
