import { createHash } from 'node:crypto';
import type { ValidateFunction } from 'ajv';
import { lazyValidator } from '../json-schema.ts';
import type { Report, RunFacts, Verdict } from '../report/index.ts';

export const BUNDLE_SCHEMA = 'hil-bundle/1';
export const BUNDLE_FILE = 'bundle.json';

/** bundle.json: what is in a bundle, what it was cut from, and how to run it again. */
export interface BundleManifest {
  readonly schema: typeof BUNDLE_SCHEMA;
  /** Of the hil that made the bundle. */
  readonly hilVersion: string;
  readonly run: {
    readonly id: string;
    /** Of the whole run in a history: SHA-256 of its canonical report. */
    readonly key: string;
    readonly startedAt: string;
    readonly suite: string;
    readonly commit: string | null;
    /** Of the run's own files. */
    readonly sha256: { readonly report: string; readonly plan: string; readonly transcript: string };
  };
  readonly cut: {
    readonly cases: readonly { readonly name: string; readonly device: string; readonly verdict: Verdict }[];
    /** Cases of the whole run. */
    readonly of: number;
    /** Why there is more than was asked for; null: there is not. */
    readonly wider: string | null;
  };
  readonly versions: {
    readonly hil: string; readonly node: string; readonly os: string; readonly arch: string;
    readonly compilers: readonly string[]; readonly generators: readonly string[];
    /** What was found of each device's tools: "qemu-system-arm 8.2.2". */
    readonly devices: Readonly<Record<string, readonly string[]>>;
  };
  readonly replay: {
    /** Whether it came to the same in the hil that made it; and why not. */
    readonly identical: boolean; readonly why: string | null;
    /** Command lines; FILE stands for the bundle. */
    readonly commands: readonly string[];
  };
  /** SHA-256 of every other file, by name. */
  readonly files: Readonly<Record<string, string>>;
}

const text = { type: 'string', maxLength: 1000 };
const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const texts = { type: 'array', maxItems: 1000, items: text };
const object = (properties: Readonly<Record<string, object>>): object => ({ type: 'object', required: Object.keys(properties), additionalProperties: false, properties });

const validator = lazyValidator<BundleManifest>(() => object({
  schema: { const: BUNDLE_SCHEMA }, hilVersion: text,
  run: object({ id: text, key: sha256, startedAt: text, suite: text, commit: { type: ['string', 'null'] }, sha256: object({ report: sha256, plan: sha256, transcript: sha256 }) }),
  cut: object({ cases: { type: 'array', minItems: 1, items: object({ name: text, device: text, verdict: text }) }, of: { type: 'integer' }, wider: { type: ['string', 'null'] } }),
  versions: object({ hil: text, node: text, os: text, arch: text, compilers: texts, generators: texts, devices: { type: 'object', additionalProperties: texts } }),
  replay: object({ identical: { type: 'boolean' }, why: { type: ['string', 'null'] }, commands: texts }),
  files: { type: 'object', additionalProperties: sha256 },
}));

/** @returns what is wrong, with its JSON path; null: nothing */
export function manifestProblem(value: unknown): string | null {
  const validate: ValidateFunction<BundleManifest> = validator();
  if (validate(value)) return null;
  const [first] = validate.errors ?? [];
  return `${first?.instancePath === '' ? '/' : first?.instancePath}: ${first?.message ?? 'is wrong'}`;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Versions as a report tells them. @param found by device, from its probe */
export function versionsOf(report: Report, recordedBy: string, found: Readonly<Record<string, readonly string[]>>): BundleManifest['versions'] {
  const { node, os, arch }: RunFacts['hostFingerprint'] = report.run.hostFingerprint;
  const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();
  return {
    hil: recordedBy, node, os, arch,
    compilers: unique(report.cases.flatMap(({ image }) => (image === null ? [] : [`${image.compiler} ${image.flags.join(' ')}`.trim().slice(0, 1000)]))),
    generators: unique(report.cases.flatMap(({ generator }) => (generator === null ? [] : [`${generator.name} ${generator.version}`.slice(0, 1000)]))),
    devices: found,
  };
}
