import { HilError } from '../errors.ts';

const NAME = /^[a-z][a-z0-9_]{0,39}$/;

/**
 * Names whose files or symbols would hide others: '<name>.h' beside the sources is found before a header of the C library,
 * and the prefixes are those of the kernels and of the agent.
 */
const RESERVED = new RegExp(
  '^(assert|complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|' +
    'stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|tgmath|threads|time|uchar|unistd|wchar|wctype|features|main|' +
    'arm_[a-z0-9_]*|cmsis[a-z0-9_]*|core_cm[a-z0-9_]*|hil|hil_[a-z0-9_]*|nn|nn_[a-z0-9_]*)$',
);

/**
 * The C identifier for a network, from the name of a model file: 'Motor (v2).tflite' -> 'motor_v2'.
 * Folders and the last extension are dropped; whatever is no letter, digit or underscore becomes one underscore.
 */
export function networkNameFrom(fileName: string): string {
  const base = fileName.split(/[/\\]/).pop() ?? '';
  const stem = base.replace(/\.[^.]*$/, '');
  const clean = stem.toLowerCase().replace(/[^a-z0-9_]+/g, '_').replace(/^_+|_+$/g, '');
  const name = /^[a-z]/.test(clean) && !RESERVED.test(clean) ? clean : `net_${clean}`;
  return name.slice(0, 40).replace(/_+$/, '');
}

/** Returns `name` if it may become a C identifier, else throws HilError config. */
export function checkNetworkName(name: string): string {
  if (!NAME.test(name) || RESERVED.test(name)) {
    throw new HilError('config', 'codegen.name', 'The name of a network must match [a-z][a-z0-9_]{0,39}, and be none that a C library, hil or its kernels use.', {
      facts: { name },
    });
  }
  return name;
}

/**
 * Untrusted text for a C comment: only letters, digits, space and _ . / : ; - stay, at most `limit` characters. No comment can
 * be ended or begun by it: stars, backslashes, line ends and question marks never stay, nor slashes at its ends.
 */
export function commentText(text: string, limit = 60): string {
  const clean = text.slice(0, 4 * limit).replace(/[^A-Za-z0-9_./:; -]+/g, '_').replace(/\/{2,}/g, '/');
  // A comment's end is star, slash: a leading slash would make one with a star that the template puts before it.
  const safe = clean.replace(/^[/ ]+|[/ ]+$/g, '');
  return safe.length > limit ? `${safe.slice(0, limit - 3)}...` : safe;
}

/** '[1, 16]' */
export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
