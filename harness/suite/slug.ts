import { createHash } from 'node:crypto';

/**
 * A file name made of any text: lower-case ASCII letters, digits and `-`, at most 60 characters, never empty, never a name
 * with a meaning (`.`, `CON`). Different texts with one slug are told apart by `uniqueSlugs`.
 */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60).replace(/-+$/, '');
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/.test(plain);
  return plain === '' || reserved ? `x-${shortHash(text)}` : plain;
}

/** Slugs in the order of the texts; where two would be one, both carry a piece of their text's hash, so order does not matter. */
export function uniqueSlugs(texts: readonly string[]): string[] {
  const plain = texts.map(slug);
  return plain.map((each, index) => (plain.indexOf(each) === plain.lastIndexOf(each) ? each : `${each}-${shortHash(texts[index] ?? '')}`));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
