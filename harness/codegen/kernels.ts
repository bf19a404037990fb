import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../firmware/kernels/', import.meta.url);
const INCLUDE = /^#include "(nn_[a-z0-9_]+\.h)"$/gm;

/**
 * The kernel headers that the given ones need, themselves included: file name -> text, in order of the names.
 * They are copied beside the generated C, so that its folder is complete.
 */
export function kernelFiles(headers: readonly string[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const wanted = [...headers];
  for (let header = wanted.pop(); header !== undefined; header = wanted.pop()) {
    if (texts.has(header)) continue;
    const text = readFileSync(new URL(header, FOLDER), 'utf8');
    texts.set(header, text);
    for (const match of text.matchAll(INCLUDE)) if (match[1] !== undefined) wanted.push(match[1]);
  }
  return new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Version of hil, from package.json. */
export function hilVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const version = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : undefined;
  return typeof version === 'string' ? version : '0.0.0';
}
