import { HilError } from '../errors.ts';

/** The value of a command-line option. @throws HilError 'config' cli.number unless it is a whole number from `least` to `most` */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new HilError('config', 'cli.number', `${option}: expected a whole number from ${least} to ${most}, got "${text}"`);
  }
  return value;
}
