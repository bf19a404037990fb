import { visible } from './visible.ts';

/**
 * Text for a terminal, which in CI is also a log that a runner reads for commands: besides control characters this
 * breaks `##[command]`, `##vso[...]` and `##teamcity[...]`, which are obeyed anywhere in a line, and a leading `::`.
 */
export function escapeText(text: string, most?: number): string {
  return visible(text, most).replace(/##(?=\[|vso\[|teamcity\[)/gi, '#\\#').replace(/^\s*::/, (start) => start.replace('::', ':\\:'));
}

/** escapeText with one argument only, so that it can be given to map(). */
export function escapeTerminal(text: string): string {
  return escapeText(text);
}
