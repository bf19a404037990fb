import type { OperatorGenerator } from '../context.ts';
import { fullyConnected } from './fully_connected.ts';
import { reshape } from './reshape.ts';
import { softmax } from './softmax.ts';
import { unidirectionalSequenceLstm } from './unidirectional_sequence_lstm.ts';

const GENERATORS: ReadonlyMap<string, OperatorGenerator> = new Map(
  [fullyConnected, reshape, softmax, unidirectionalSequenceLstm].map((generator) => [generator.op, generator]),
);

/** Names of the operators that generateC() can turn into C, sorted. */
export const SUPPORTED_OPERATORS: readonly string[] = [...GENERATORS.keys()].sort();

export const generatorOf = (op: string): OperatorGenerator | undefined => GENERATORS.get(op);
