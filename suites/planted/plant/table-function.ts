import { constantArray } from './c-text.ts';
import { codeOf, type Site } from './site.ts';
import type { Plant } from './planting.ts';

/** Real functions of the operators that have a table. */
export const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = { LOGISTIC: (x) => 1 / (1 + Math.exp(-x)), TANH: Math.tanh };

/** Codes -128..127 through a real function. @param zeroPoint of the input */
export function table(site: Site, f: (x: number) => number, zeroPoint = codeOf(site.input(0)).zeroPoint): number[] {
  const [x, y] = [codeOf(site.input(0)), codeOf(site.output)];
  return Array.from({ length: 256 }, (_, i) => Math.max(-128, Math.min(127, Math.round(f((i - 128 - zeroPoint) * x.scale) / y.scale) + y.zeroPoint)));
}

/** The layer as a look-up of every element. */
export const tableBody = (site: Site, codes: readonly number[]): string => `${constantArray('int8_t', 'codes', codes)}  for (int32_t i = 0; i < ${site.output.elements}; i++) {
    ${site.address(site.output)}[i] = codes[${site.address(site.input(0))}[i] + 128];
  }
`;

export const spoilTable = (change: (site: Site) => readonly number[] | null): Plant => (site) => {
  const codes = change(site);
  return codes === null ? null : { kind: 'body', text: tableBody(site, codes) };
};
