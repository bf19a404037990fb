import schema from './report.schema.json' with { type: 'json' };
import type { Report } from './report.ts';

/** As much of JSON Schema as report.schema.json uses. */
interface Node {
  readonly $ref?: string;
  readonly anyOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node;
}
const ROOT = schema as unknown as Node & { readonly $defs: Readonly<Record<string, Node>> };
const NOT_FINITE: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];

/** A name is looked up among own keys only: a report may hold a key called "constructor". */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Follows $ref and "or null"; says whether the place is a figure, which may be NaN or infinite. */
function resolve(node: Node | undefined): { node: Node | undefined; figure: boolean } {
  if (node?.$ref !== undefined) {
    const name = node.$ref.slice('#/$defs/'.length);
    return name === 'figure' ? { node: undefined, figure: true } : resolve(own(ROOT.$defs, name));
  }
  if (node?.anyOf !== undefined) return resolve(node.anyOf[0]);
  return { node, figure: false };
}

function walk(value: unknown, at: Node | undefined, convert: (figure: unknown) => unknown): unknown {
  const { node, figure } = resolve(at);
  if (figure) return convert(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, node?.items, convert));
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Readonly<Record<string, unknown>>;
  const known = Object.keys(node?.properties ?? {}).filter((key) => Object.hasOwn(record, key));
  const others = Object.keys(record).filter((key) => !known.includes(key)).sort(byNumberThenText);
  const extra = typeof node?.additionalProperties === 'object' ? node.additionalProperties : undefined;
  // Not an object literal: a "__proto__" key out of a model's metadata must stay a plain key.
  return Object.fromEntries([...known, ...others].map((key) => [key, walk(record[key], own(node?.properties, key) ?? extra, convert)]));
}

/** Keys of maps: numbers (histogram bins) in their order, then the rest by code unit, so that equal reports are equal bytes. */
function byNumberThenText(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference) && difference !== 0) return difference;
  if (Number.isNaN(Number(a)) !== Number.isNaN(Number(b))) return Number.isNaN(Number(a)) ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The report as it stands in the file: keys in the schema's order, NaN and infinities as strings. */
export function toFileForm(report: Report): unknown {
  return walk(report, ROOT, (figure) => (typeof figure === 'number' && !Number.isFinite(figure) ? String(figure) : figure));
}

/** The reverse, for a value that was validated. */
export function fromFileForm(value: unknown): Report {
  return walk(value, ROOT, (figure) => (NOT_FINITE.includes(figure) ? Number(figure) : figure)) as Report;
}

/** report.json: pretty, stable key order, arrays of plain values on one line (a shape, a series). */
export function renderJson(report: Report): string {
  return `${pretty(toFileForm(report), '')}\n`;
}

function pretty(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) return `[${value.map((item) => pretty(item, '')).join(', ')}]`;
    return `[\n${value.map((item) => inner + pretty(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  // JavaScript puts keys like "1" before "-1", whatever order they were given in.
  if (entries.some(([key]) => /^\d+$/.test(key))) entries.sort(([a], [b]) => byNumberThenText(a, b));
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${pretty(item, inner)}`).join(',\n')}\n${indent}}`;
}
