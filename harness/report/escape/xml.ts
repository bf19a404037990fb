import { visible } from './visible.ts';

/** Text for XML 1.0 content and attributes. Illegal characters go first, then each mark is escaped, once. */
export function escapeText(text: string, most?: number): string {
  return visible(text, most).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
