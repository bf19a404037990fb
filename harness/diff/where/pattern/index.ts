import type { LayerEvidence } from '../../evidence.ts';
import type { WrongElements } from '../wrong-elements.ts';
import { timeWords } from './time-words.ts';
import { valueWords } from './value-words.ts';
import { whereWords } from './where-words.ts';

/** Words for what all wrong elements have in common, the most telling first: their place, their values, the time. */
export function patternWords(evidence: LayerEvidence, found: WrongElements): string[] {
  return [...whereWords(found), ...valueWords(found), ...timeWords(evidence)];
}
