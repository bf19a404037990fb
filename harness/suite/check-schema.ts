import { readFileSync } from 'node:fs';
import type { ErrorObject } from 'ajv';
import { closest } from '../closest.ts';
import { lazyValidator } from '../json-schema.ts';
import { show, suiteError } from './suite-error.ts';
import type { SuiteJson } from './suite.ts';

const validator = lazyValidator(() => JSON.parse(readFileSync(new URL('./suite.schema.json', import.meta.url), 'utf8')) as object);

/** @throws HilError 'config' at the first thing that is not as suite.schema.json says, with its JSON path */
export function checkSuiteSchema(value: unknown, file: string): SuiteJson {
  const validate = validator();
  if (validate(value)) return value as SuiteJson;
  // "if" only says that one of its branches, reported by itself, does not fit.
  const error = (validate.errors ?? []).find((each) => each.keyword !== 'if');
  if (error === undefined) throw suiteError('invalid', { file, json: '$' }, 'does not fit the schema');
  throw explain(error, file);
}

/** `/cases/0/model` as `$.cases[0].model`. */
function jsonPath(pointer: string): string {
  const parts = pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return `$${parts.map(member).join('')}`;
}

export function member(name: string): string {
  if (/^\d+$/.test(name)) return `[${name}]`;
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function explain(error: ErrorObject, file: string): Error {
  const place = jsonPath(error.instancePath);
  const params = error.params as Record<string, unknown>;
  const got = error.data;
  if (error.keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
    const near = closest(name, known);
    const hint = near === null ? `Known fields here: ${known.join(', ')}.` : `Did you mean ${near}?`;
    return suiteError('unknown-field', { file, json: place + member(name) }, 'unknown field', { expected: known, got: name }, hint);
  }
  if (error.keyword === 'required') {
    const name = String(params['missingProperty']);
    return suiteError('missing-field', { file, json: place + member(name) }, 'is missing', { expected: name });
  }
  const expected = expectation(error.keyword, params, error);
  return suiteError('invalid', { file, json: place }, `expected ${expected}, got ${show(got)}`, { expected, got });
}

function expectation(keyword: string, params: Record<string, unknown>, error: ErrorObject): string {
  switch (keyword) {
    case 'type': return String(params['type']);
    case 'enum': return `one of ${(params['allowedValues'] as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'const': return params['allowedValue'] === 'builtin' ? '"builtin" or {"kind": "c", "dir": ...}' : JSON.stringify(params['allowedValue']);
    case 'pattern': return `text that matches ${String(params['pattern'])}`;
    case 'minimum': return `at least ${String(params['limit'])}`;
    case 'maximum': return `at most ${String(params['limit'])}`;
    case 'exclusiveMinimum': return `more than ${String(params['limit'])}`;
    case 'exclusiveMaximum': return `less than ${String(params['limit'])}`;
    case 'minItems': return `at least ${String(params['limit'])} of them`;
    case 'maxItems': return `at most ${String(params['limit'])} of them`;
    case 'minLength': return `at least ${String(params['limit'])} characters`;
    case 'maxLength': return `at most ${String(params['limit'])} characters`;
    default: return (error.message ?? keyword).replace(/^must /, '');
  }
}
