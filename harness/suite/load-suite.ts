import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HilError } from '../errors.ts';
import { checkSuiteSchema, member } from './check-schema.ts';
import { resolveInside } from './inside.ts';
import { loadMetrics, loadTolerances } from './load-judgement.ts';
import { loadModelBytes, modelCacheFolder, type Archives } from './model-bytes.ts';
import { uniqueSlugs } from './slug.ts';
import { suiteError } from './suite-error.ts';
import type { Place } from './suite-error.ts';
import type { CaseJson, SequenceJson, Suite, SuiteCase, SuiteJson, SuiteSequence } from './suite.ts';

const SUITE_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Loads and checks a whole suite, model bytes included, before anything is built or run. Input files are only looked for;
 * `loadSequence` reads them when their tensor is known.
 * @param dirOrFile a suite's folder, or its JSON file
 * @throws HilError 'config' with file, JSON path, what was expected and what was there
 */
export function loadSuite(dirOrFile: string, env: NodeJS.ProcessEnv = process.env): Suite {
  const { file, json } = readSuiteJson(dirOrFile);
  const root = realpathSync(dirname(file));
  refuseDuplicates(json.cases.map((each) => each.name), file, '$.cases');
  const slugs = uniqueSlugs(json.cases.map((each) => each.name));
  const cacheFolder = modelCacheFolder(env);
  const archives: Archives = new Map();
  const cases = json.cases.map((each, index) => loadCase(each, slugs[index] ?? '', root, { file, json: `$.cases[${index}]` }, cacheFolder, archives));
  return { name: json.name, description: json.description ?? '', file, root, pack: json.pack ?? 1, cases };
}

/** suite.json as its schema leaves it, without looking at the files that it names. @throws HilError 'config' */
export function readSuiteJson(dirOrFile: string): { readonly file: string; readonly json: SuiteJson } {
  const { file, text } = readSuiteFile(resolve(dirOrFile));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HilError('config', 'suite.not-json', `${file}: is not JSON: ${(cause as Error).message}`, { facts: { file }, cause });
  }
  return { file, json: checkSuiteSchema(value, file) };
}

function readSuiteFile(path: string): { file: string; text: string } {
  const stat = statSync(path, { throwIfNoEntry: false });
  const file = stat?.isDirectory() === true ? join(path, 'suite.json') : path;
  try {
    if (statSync(file).size > SUITE_LIMIT_BYTES) throw new Error(`larger than ${SUITE_LIMIT_BYTES} bytes`);
    return { file, text: readFileSync(file, 'utf8') };
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new HilError('config', missing ? 'suite.not-found' : 'suite.unreadable', missing ? `there is no suite ${file}` : `cannot read the suite ${file}: ${(cause as Error).message}`, {
      hint: 'Give the folder that holds suite.json, or the file itself.', facts: { file }, cause,
    });
  }
}

function refuseDuplicates(names: readonly string[], file: string, json: string): void {
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const first = seen.get(name) ?? index;
    seen.set(name, first);
    if (first !== index) throw suiteError('duplicate-name', { file, json: `${json}[${index}].name` }, `the name ${JSON.stringify(name)} is already that of ${json}[${first}]`, { got: name });
  });
}

function loadCase(json: CaseJson, slug: string, root: string, place: Place, cacheFolder: string, archives: Archives): SuiteCase {
  const at = (below: string): Place => ({ ...place, json: `${place.json}.${below}` });
  const { given, bytes } = loadModelBytes(root, json.model, at('model'), cacheFolder, archives);
  refuseDuplicates(json.sequences.map((each) => each.name), place.file, `${place.json}.sequences`);
  refuseDuplicates((json.metrics ?? []).map((each) => each.name), place.file, `${place.json}.metrics`);
  if (json.quarantine !== undefined && Number.isNaN(Date.parse(`${json.quarantine.until}T00:00:00Z`))) {
    throw suiteError('invalid', at('quarantine.until'), `expected a day (YYYY-MM-DD), got ${JSON.stringify(json.quarantine.until)}`, { got: json.quarantine.until });
  }
  const slugs = uniqueSlugs(json.sequences.map((each) => each.name));
  return {
    name: json.name, slug,
    model: { given, sha256: json.model.sha256, bytes },
    generator: json.generator === 'builtin' ? { kind: 'builtin' } : { kind: 'c', dir: resolveInside(root, json.generator.dir, 'folder', at('generator.dir')).path },
    profile: json.profile ?? 'tflm',
    tolerances: loadTolerances(json, at),
    judge: json.judge ?? 'values',
    ...(json.determinism === undefined ? {} : { determinism: json.determinism }),
    sequences: json.sequences.map((each, index) => loadSequenceJson(each, slugs[index] ?? '', root, at(`sequences[${index}]`))),
    metrics: loadMetrics(json, at),
    score: json.score ?? 'output',
    mlperf: json.mlperf ?? null,
    budgets: json.budgets ?? {},
    sampleRateHz: json.sampleRateHz ?? null,
    devices: json.devices ?? null,
    quarantine: json.quarantine ?? null,
  };
}

function loadSequenceJson(json: SequenceJson, slug: string, root: string, place: Place): SuiteSequence {
  const find = (given: string, below: string): ReturnType<typeof resolveInside> => resolveInside(root, given, 'file', { ...place, json: place.json + below });
  const { input, random, codes } = json;
  if ([input, random, codes].filter((given) => given !== undefined).length !== 1) {
    throw suiteError('invalid', place, 'expected one of input, random and codes', { expected: 'input, random or codes', got: Object.keys(json) });
  }
  if (json.truth !== undefined && json.labels !== undefined) throw suiteError('invalid', place, 'expected truth or labels, not both', { got: ['truth', 'labels'] });
  return {
    name: json.name, slug, random: random ?? null, codes: codes === undefined ? null : new Uint8Array(Buffer.from(codes, 'base64')),
    inputs: input === undefined ? [] : typeof input === 'string'
      ? [{ tensor: null, file: find(input, '.input') }]
      : Object.entries(input).map(([tensor, given]) => ({ tensor, file: find(given, `.input${member(tensor)}`) })),
    truth: json.truth === undefined ? null : find(json.truth, '.truth'),
    labels: json.labels === undefined ? null : find(json.labels, '.labels'),
    oracle: json.oracle === undefined ? null : find(json.oracle, '.oracle'),
    resetEach: json.resetEach ?? false,
  };
}
