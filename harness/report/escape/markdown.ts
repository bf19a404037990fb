import { visible } from './visible.ts';

const ENTITY: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Text for GitHub and GitLab Markdown, in a table cell or a line (never at a line's start). A zero-width space parts what
 * would become a mention, an issue link or a web address: an entity for the mark itself would still be linked.
 */
export function escapeText(text: string, most?: number): string {
  return visible(text, most)
    .replace(/[&<>]/g, (mark) => ENTITY[mark] ?? mark)
    .replace(/[\\`*_{}[\]|~$]/g, (mark) => `\\${mark}`)
    .replace(/[@#!](?=[\w&\\])/g, (mark) => `${mark}&#8203;`)
    .replace(/:(?=\/\/)|www(?=\.)/gi, (mark) => `${mark}&#8203;`);
}
