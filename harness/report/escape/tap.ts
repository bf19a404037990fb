import { visible } from './visible.ts';

/** Description of a TAP 14 test point: `#` would start a directive, `\` an escape. */
export function escapeText(text: string, most?: number): string {
  return visible(text, most).replace(/[\\#]/g, (mark) => `\\${mark}`);
}

/** A scalar of a TAP YAML block; a JSON string is a YAML double-quoted one. */
export function yamlScalar(value: string | number | boolean | null): string {
  if (typeof value === 'string') return JSON.stringify(visible(value));
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  return String(value);
}
