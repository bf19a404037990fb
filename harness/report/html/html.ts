import { sharePercent } from '../diagnosis/checks.ts';
import { layerGraph } from '../diagnosis/graph.ts';
import { differsAtAll, layerState, STATE_WORDS } from '../diagnosis/states.ts';
import { forgivenElements, mismatchedTotal } from '../diagnosis/totals.ts';
import { tooFewWrong, whereTensorText } from '../diagnosis/words.ts';
import { escapeJson, escapeText } from '../escape/html.ts';
import { toFileForm } from '../json.ts';
import type { Report } from '../report.ts';
import { pageFile, uplot } from './assets.ts';
import { boundForPage } from './bound.ts';
import { renderPage } from './page-shell.ts';

/** The page's own program; joined in this order into one function. */
const SCRIPTS: readonly string[] = ['dom.js', 'format.js', 'overview.js', 'layers.js', 'graph.js', 'where-map.js', 'values.js', 'layer-view.js', 'diagnosis.js', 'checks.js', 'results.js', 'plots.js', 'fault.js', 'facts.js', 'devices.js', 'main.js'];

/** Functions that the page and the writers of text share, so that both say the same; they use nothing but their arguments and each other. */
const SHARED: readonly ((...args: never[]) => unknown)[] = [differsAtAll, layerState, layerGraph, whereTensorText, tooFewWrong, sharePercent, forgivenElements, mismatchedTotal];

interface Assets { readonly css: string; readonly scripts: readonly string[] }
let assets: Assets | undefined;

/** Read once: these files are part of the program. */
function loadAssets(): Assets {
  const chart = uplot();
  return {
    css: `${chart.css}\n${pageFile('page.css')}\n${pageFile('diagnosis.css')}`,
    scripts: [chart.script, `(() => {\n'use strict';\n${[`const STATES = ${JSON.stringify(STATE_WORDS)};`, ...SHARED.map(String), ...SCRIPTS.map(pageFile)].join('\n')}})();\n`],
  };
}

/** report.html: one file that needs no network and may use none. */
export function renderHtml(report: Report): string {
  assets ??= loadAssets();
  const { css, scripts } = assets;
  return renderPage({
    title: `${report.verdict}: ${report.suite.name}`, css, scripts,
    body: `<noscript><p>This report needs JavaScript. The same facts are in summary.md and report.json beside it.</p></noscript>
<div id="app" class="verdict-${escapeText(report.verdict)}"></div>
<script id="report" type="application/json">${escapeJson(boundForPage(toFileForm(report) as Report), ['expected', 'got'])}</script>`,
  });
}
