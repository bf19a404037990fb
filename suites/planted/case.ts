import type { Cause } from '../../harness/diff/hypotheses/causes.ts';
import type { PlantedModel } from './models/index.ts';
import type { Files } from './plant/planting.ts';

/** A network to be run, and what diagnosis must say of it. */
export interface PlantedCase {
  /** Unique; also the network's C identifier. */
  readonly network: string;
  /** For people: operator, defect, model and layer. */
  readonly name: string;
  readonly model: PlantedModel;
  readonly files: Files;
  /** Rounding profile of the reference; absent: the default. */
  readonly profile?: string;
  readonly kind: 'control' | 'planted' | 'mutation';
  /** Operator of the culprit layer and what was done to it; rows of the table. */
  readonly operator: string;
  readonly what: string;
  /** Layers with own error; none for a control. */
  readonly culprits: readonly number[];
  /** Any of them is right, as they are the same thing here; none for a control or a mutation, which must stay unexplained. */
  readonly causes: readonly Cause[];
}
