import { visible } from './visible.ts';

/** Message of a GitHub workflow command (`::error ::message`). */
export function escapeText(text: string, most?: number): string {
  return visible(text, most).replaceAll('%', '%25');
}

/** Property of a workflow command (`title=...`), where `:` and `,` also part. */
export function escapeProperty(text: string, most?: number): string {
  return escapeText(text, most).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
