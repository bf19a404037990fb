import { BYTES_PER_ELEMENT } from '../../../harness/model/graph.ts';
import type { Plant } from './planting.ts';
import { dims, type Site } from './site.ts';

export interface Around {
  /** Output as [batches, rows, columns, channels], bytes an element, and where it lies. */
  readonly shape: readonly [number, number, number, number];
  readonly elementBytes: number;
  readonly bytes: number;
  readonly output: string;
  readonly site: Site;
}

/**
 * Statements before and after the layer's own, which stays as generated. They may use `shape` (planted_shape) of the output, `data` (uint8_t *) and
 * `kept` (static uint8_t array of the output's size).
 */
export const around = (write: (about: Around) => { readonly before?: string; readonly after?: string } | null): Plant => (site) => {
  const [batches, rows, columns, channels] = dims(site.output.shape);
  const bytes = site.bytes(site.output);
  const elementBytes = BYTES_PER_ELEMENT[site.output.dtype];
  const text = write({ shape: [batches, rows, columns, channels], elementBytes, bytes, output: site.address(site.output), site });
  if (text === null) return null;
  const head = `  static uint8_t kept[${bytes}];\n  static const planted_shape shape = {${[batches, rows, columns, channels, elementBytes].join(', ')}};\n  uint8_t *const data = (uint8_t *)${site.address(site.output)};\n  (void)kept;\n  (void)shape;\n  (void)data;\n`;
  return { kind: 'around', before: `${head}${text.before ?? ''}`, after: text.after ?? '' };
};
