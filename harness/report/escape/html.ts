import { visible } from './visible.ts';

/** Text for HTML content and double-quoted attributes. */
export function escapeText(text: string, most?: number): string {
  return visible(text, most).replace(/[&<>"'`]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/**
 * A value as JSON inside `<script type="application/json">`: no `</script>`, `<!--` or entity can form, and every string
 * in it, keys too, is already made visible, so that the page's textContent shows what it is.
 */
export function escapeJson(value: unknown): string {
  return JSON.stringify(visibleDeep(value)).replace(/[<>&\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function visibleDeep(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return value.map(visibleDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [visible(key), visibleDeep(item)]));
}
