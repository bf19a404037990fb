import { readFileSync } from 'node:fs';
import { pageFile, uplot } from '../../report/html/assets.ts';
import { renderPage } from '../../report/html/page-shell.ts';
import { escapeText } from '../../report/escape/html.ts';

/** Of the report page, whose look and ways the site shares. */
const SHARED_SCRIPTS: readonly string[] = ['dom.js', 'format.js'];
/** The site's own program; joined in this order into one function. */
const SCRIPTS: readonly string[] = ['data.js', 'route.js', 'words.js', 'parts.js', 'search.js', 'overview.js', 'suite.js', 'runs.js', 'marks.js', 'chart.js', 'trend-lists.js', 'trend.js', 'heat-map.js', 'layers.js', 'bench.js', 'regressions.js', 'quarantine.js', 'main.js'];
const STYLES: readonly string[] = ['site.css', 'views.css'];

export interface SitePageOptions {
  readonly title: string;
  /** Folder of the data files, relative to the page, e.g. "data/20261121T101530Z-0a1b2c3d". */
  readonly data: string;
  /** Scripts of a server that adds to the page; each runs after the page's own. A page with them may connect to its own server. */
  readonly live?: readonly string[];
}

let assets: { readonly css: string; readonly scripts: readonly string[] } | undefined;

function loadAssets(): { readonly css: string; readonly scripts: readonly string[] } {
  const own = (name: string): string => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');
  const chart = uplot();
  return {
    css: [chart.css, pageFile('page.css'), ...STYLES.map(own)].join('\n'),
    scripts: [chart.script, `(() => {\n'use strict';\n${[...SHARED_SCRIPTS.map(pageFile), ...SCRIPTS.map(own)].join('\n')}})();\n`],
  };
}

/**
 * index.html: the program and nothing of the history. Data come as scripts from its own folder, since a page from a file
 * system may fetch nothing. The policy allows the scripts in it (by hash) and files beside it; 'self' alone means nothing
 * for a file in some browsers, and "file:" nothing where the page came from a server.
 */
export function renderSitePage({ title, data, live = [] }: SitePageOptions): string {
  assets ??= loadAssets();
  return renderPage({
    title, css: assets.css, scripts: [...assets.scripts, ...live], scriptSources: ["'self'", 'file:'], mayConnect: live.length > 0, generator: 'hil dashboard',
    body: `<noscript><p>This page needs JavaScript. hil history tells the same in a terminal.</p></noscript>
<div id="app" data-from="${escapeText(data)}"></div>`,
  });
}
