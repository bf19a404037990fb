import { HilError } from '../../errors.ts';
import { BYTES_PER_ELEMENT, type DType } from '../../model/index.ts';
import type { TensorData } from '../../reference/index.ts';

/** One tensor of every sample of a dump. `state` is the value after the sample. */
export interface DumpTensor {
  /** Tensor index of the .tflite. */
  readonly index: number;
  /** Operator that writes it; null for inputs of the graph. */
  readonly opIndex: number | null;
  /** Untrusted text, as the name is. */
  readonly op: string | null;
  readonly role: 'input' | 'output' | 'state';
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** Samples that follow each other from a reset. */
export interface DumpSequence {
  /** Untrusted text. */
  readonly name: string;
  readonly samples: number;
}

/** Every tensor of some samples, wherever they come from. */
export interface Dump {
  /** As the user named it. */
  readonly label: string;
  /** Of the .tflite that was run. */
  readonly sha256: string;
  /** Files in which that .tflite may be; untrusted, to be checked by its SHA-256. */
  readonly modelFiles: readonly string[];
  /** Name of the rounding profile by which it was computed; null where it is not known. */
  readonly profile: string | null;
  /** State was reset before each sample, not only before each sequence. */
  readonly resetEach: boolean;
  readonly tensors: readonly DumpTensor[];
  readonly sequences: readonly DumpSequence[];
  /** Elements of one tensor in one sample; an array of its own. @throws HilError 'config' where the file changed or cannot be read */
  read(sequence: number, sample: number, tensor: DumpTensor): TensorData;
  close(): void;
}

/** What is wrong with what the user gave: exit code 2. */
export const badInput = (code: string, message: string, hint?: string): HilError => new HilError('config', `diff.${code}`, message, hint === undefined ? {} : { hint });

/** Dimensions and elements that are read; hil's own files stay far below. */
const MOST_DIMENSIONS = 16;
const MOST_ELEMENTS = 2 ** 28;

/** @throws HilError 'config' diff.invalid where a description makes no sense */
export function checkTensor(tensor: DumpTensor, where: string): DumpTensor {
  const { dtype, shape } = tensor;
  if (!Object.hasOwn(BYTES_PER_ELEMENT, dtype) || BYTES_PER_ELEMENT[dtype] === 0) throw badInput('invalid', `${where}: type ${JSON.stringify(dtype)} is none that hil compares`);
  if (shape.length > MOST_DIMENSIONS) throw badInput('invalid', `${where}: ${shape.length} dimensions`);
  if (!(elementsOf(shape) <= MOST_ELEMENTS)) throw badInput('invalid', `${where}: shape [${shape.join(', ')}] has more than ${MOST_ELEMENTS} elements`);
  return tensor;
}

export const elementsOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
export const bytesOf = ({ dtype, shape }: Pick<DumpTensor, 'dtype' | 'shape'>): number => elementsOf(shape) * BYTES_PER_ELEMENT[dtype];

/** Tells the tensors of a dump apart: a variable is an input of one operator and the state of another, or of the same. */
export const keyOf = ({ role, index }: Pick<DumpTensor, 'role' | 'index'>): string => `${role} ${index}`;
