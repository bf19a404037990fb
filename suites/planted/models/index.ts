import { parseModel } from '../../../harness/model/index.ts';
import type { Model } from '../../../harness/model/graph.ts';
import { writeModel, type GraphDescription } from '../../../harness/model/writer/index.ts';
import { batches } from './batches.ts';
import { branch } from './branch.ts';
import { dilated } from './dilated.ts';
import { moves } from './moves.ts';
import { recurrent } from './recurrent.ts';
import { sums } from './sums.ts';
import { ties } from './ties.ts';
import { wide } from './wide.ts';

/** A small network with several layers, to plant a defect in one of them. */
export interface PlantedModel {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly model: Model;
  /** Its scales put sums on ties and next to them: the one to tell ways of rounding apart, where little else shows. */
  readonly forRounding: boolean;
  /** Random samples of each sequence; state is reset between sequences. */
  readonly samples: number;
  readonly sequences: readonly string[];
}

const of = (name: string, graph: GraphDescription, samples = 6, forRounding = false, sequences = ['random']): PlantedModel => {
  const bytes = writeModel(graph);
  return { name, bytes, model: parseModel(bytes), forRounding, samples, sequences };
};

export const MODELS: readonly PlantedModel[] = [
  of('branch', branch()), of('dilated', dilated()), of('moves', moves()), of('batches', batches()), of('recurrent', recurrent(), 5, false, ['first', 'second']), of('wide', wide()),
  of('ties', ties(), 8, true), of('sums', sums(), 8, true),
];
