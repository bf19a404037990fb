import { readFileSync } from 'node:fs';
import { pageFile, sourceHash } from '../../../report/html/assets.ts';

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
  if (page !== undefined) return page;
  const css = pageFile('page.css');
  const policy = `default-src 'none'; script-src ${sourceHash(liveScript())}; style-src ${sourceHash(css)}; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'`;
  page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Now running</title>
<link rel="icon" href="data:,">
<style>${css}</style>
</head>
<body data-live="page">
<noscript><p>This page needs JavaScript. /api/running tells the same as JSON.</p></noscript>
<script>${liveScript()}</script>
</body>
</html>
`;
  return page;
}
