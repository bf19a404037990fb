import { readFileSync } from 'node:fs';
import { pageFile } from '../../../report/html/assets.ts';
import { renderPage } from '../../../report/html/page-shell.ts';

const own = (name: string): string => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');

let script: string | undefined;
let page: string | undefined;

/** Shows on any page of the site what runs now. Its look comes as a constructed style sheet, which the pages' policies by hash allow. */
export function liveScript(): string {
  script ??= `(() => {\n'use strict';\nconst LIVE_CSS = ${JSON.stringify(own('live.css')).replaceAll('<', '\\u003c')};\n${[pageFile('dom.js'), pageFile('format.js'), own('live-job.js'), own('live.js')].join('\n')}})();\n`;
  return script;
}

/** A page of what runs now alone, for where there is no history, or for a screen on the wall. */
export function livePage(): string {
  page ??= renderPage({
    title: 'Now running', css: pageFile('page.css'), scripts: [liveScript()], mayConnect: true, bodyAttributes: ' data-live="page"',
    body: '<noscript><p>This page needs JavaScript. /api/running tells the same as JSON.</p></noscript>',
  });
  return page;
}
