import { HilError } from '../../errors.ts';

/**
 * damaged: an offset or length that does not fit the file. invalid: a well-formed file that states something impossible.
 * unsupported: valid, but hil does not read it. too-large: valid perhaps, but beyond the stated limits.
 */
export type RefusalCode = 'model.damaged' | 'model.invalid' | 'model.unsupported' | 'model.too-large';

/**
 * The one way in which this room refuses a file.
 * @param offset byte offset in the file where the fault is
 * @param field path of the field, e.g. 'subgraphs[0].operators[3].inputs'; '' is the root table
 */
export function refusal(code: RefusalCode, offset: number, field: string, what: string): HilError {
  const name = field === '' ? 'root table' : field;
  return new HilError('config', code, `offset 0x${offset.toString(16)}: ${name}: ${what}`, {
    facts: { offset, field: name },
    ...(code === 'model.damaged' ? { hint: 'Compare the file with its SHA-256, or convert the model again.' } : {}),
  });
}
