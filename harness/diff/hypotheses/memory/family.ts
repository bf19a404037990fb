import type { LayerEvidence } from '../../evidence.ts';
import type { Candidate, Hypothesis } from '../hypothesis.ts';
import { foldedPlaces } from './folded-places.ts';
import { constantPlaces, inputPlaces, outputPlace, type Place } from './place.ts';
import { placed, type NamedChange } from './placed.ts';

/** Changes of values of one kind, that may happen in what a layer writes, in what it reads, or in its constants. */
export interface Family {
  readonly name: string;
  /** [] where none applies to the tensors of this place. */
  changes(place: Place, evidence: LayerEvidence): readonly NamedChange[];
}

type Where = Place['kind'] | 'folded constant';

const PLACES: Readonly<Record<Where, (evidence: LayerEvidence) => Iterable<Place>>> = {
  output: (evidence) => [outputPlace(evidence)], input: inputPlaces, constant: constantPlaces, 'folded constant': foldedPlaces,
};

/** A hypothesis for each family in one kind of place. */
export function hypothesesAt(kind: Where, families: readonly Family[]): Hypothesis[] {
  return families.map((family) => ({ name: `${family.name} (${kind})`, candidates: (evidence) => candidates(evidence, kind, family) }));
}

function* candidates(evidence: LayerEvidence, kind: Where, family: Family): Iterable<Candidate> {
  for (const place of PLACES[kind](evidence)) {
    if (place.tensors.length > 0) yield* placed(evidence, place, family.changes(place, evidence));
  }
}
