import { visible } from './visible.ts';

/** Text for HTML content and double-quoted attributes. */
export function escapeText(text: string, most?: number): string {
  return visible(text, most).replace(/[&<>"'`]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** Of these letters nothing can be made that acts. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * A value as JSON inside `<script type="application/json">`: no `</script>`, `<!--` or entity can form, and every string
 * in it, keys too, is already made visible, so that the page's textContent shows what it is.
 * @param base64 keys below which text that is base64 is not shortened
 */
export function escapeJson(value: unknown, base64: readonly string[] = []): string {
  return JSON.stringify(visibleDeep(value, base64, '')).replace(/[<>&\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function visibleDeep(value: unknown, base64: readonly string[], key: string): unknown {
  if (typeof value === 'string') return base64.includes(key) && BASE64.test(value) ? value : visible(value);
  if (Array.isArray(value)) return value.map((item) => visibleDeep(item, base64, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [visible(name), visibleDeep(item, base64, name)]));
}
