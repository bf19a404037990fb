import { HilError } from '../errors.ts';

/** Where something in a suite is wrong: the file, and the place in its JSON, e.g. `$.cases[0].model.sha256`. */
export interface Place {
  readonly file: string;
  readonly json: string;
}

/** A config error about a place of suite.json. `expected` and `got` go into the message and, raw, into the facts. */
export function suiteError(code: string, place: Place, what: string, facts: { readonly expected?: unknown; readonly got?: unknown } = {}, hint?: string): HilError {
  return new HilError('config', `suite.${code}`, `${place.file}: ${place.json}: ${what}`, {
    ...(hint === undefined ? {} : { hint }),
    facts: { file: place.file, jsonPath: place.json, ...facts },
  });
}

/** A value for a message: JSON, cut short. */
export function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
