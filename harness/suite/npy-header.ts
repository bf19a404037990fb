export interface NpyHeader {
  /** e.g. '<f4' */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** One `'key': value,` of the header; values are a string, True or False, or a tuple of integers. */
const ENTRY = /\s*(['"])(descr|fortran_order|shape)\1\s*:\s*(?:(['"])([^'"\\]{1,16})\3|(True|False)|\(([\d\sL,]{0,600})\))\s*(,|(?=\}))/y;

/**
 * Reads the Python dictionary at the head of a .npy file. It is not Python's grammar, only what NumPy writes: the three keys
 * in any order, each once, nothing else.
 * @returns what is wrong where it is not that
 */
export function parseNpyHeader(text: string): NpyHeader | string {
  const body = text.trim();
  const strange = `has a header that is not understood: ${JSON.stringify(body.slice(0, 80))}`;
  if (!body.startsWith('{') || !body.endsWith('}')) return strange;
  const found = new Map<string, string | boolean | number[]>();
  ENTRY.lastIndex = 1;
  for (let match = ENTRY.exec(body); match !== null; match = ENTRY.exec(body)) {
    const [, , key = '', , descr, truth, tuple] = match;
    if (found.has(key)) return strange;
    found.set(key, descr ?? (truth === undefined ? integers(tuple ?? '') : truth === 'True'));
    if (body.slice(ENTRY.lastIndex).trim() === '}') break;
  }
  const [descr, fortranOrder, shape] = ['descr', 'fortran_order', 'shape'].map((key) => found.get(key));
  if (typeof descr !== 'string' || typeof fortranOrder !== 'boolean' || !Array.isArray(shape) || shape.some(Number.isNaN)) return strange;
  if (shape.length > 32) return `has ${shape.length} dimensions; at most 32 are read`;
  return { descr, fortranOrder, shape };
}

/** `3, 4L,` as [3, 4]; NaN for what is no integer (Python 2 wrote the L). */
function integers(tuple: string): number[] {
  const parts = tuple.split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  return parts.map((part) => (/^\d{1,15}L?$/.test(part) ? Number.parseInt(part, 10) : Number.NaN));
}
