import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The chart library with its licence, for pages that carry all they need. */
export function uplot(): { readonly css: string; readonly script: string } {
  const root = createRequire(import.meta.url).resolve('uplot/package.json').replace(/package\.json$/, '');
  const licence = readFileSync(`${root}LICENSE`, 'utf8').trim();
  return { css: readFileSync(`${root}dist/uPlot.min.css`, 'utf8'), script: `/*\nuPlot\n${licence}\n*/\n${readFileSync(`${root}dist/uPlot.iife.min.js`, 'utf8')}` };
}

/** A file of the report page, which the dashboard shares in part. */
export function pageFile(name: string): string {
  return readFileSync(new URL(`../page/${name}`, import.meta.url), 'utf8');
}

/** For a content security policy that allows just this script or style. */
export function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
