import { escapeText } from '../escape/html.ts';
import { sourceHash } from './assets.ts';

export interface PageShell {
  /** Untrusted text. */
  readonly title: string;
  readonly css: string;
  /** Run in this order, at the end of the body. */
  readonly scripts: readonly string[];
  /** Further sources of scripts, as a policy names them, e.g. "'self'". */
  readonly scriptSources?: readonly string[];
  /** Whether its scripts may talk to the server that it came from; default: to nobody. */
  readonly mayConnect?: boolean;
  /** What made it, for the head. */
  readonly generator?: string;
  /** Markup, already escaped. */
  readonly body: string;
  readonly bodyAttributes?: string;
}

/**
 * A page that carries all it needs. Its policy allows exactly the scripts and the style in it (by hash) and what is named,
 * so that even markup that got into the page could run nothing and load nothing.
 */
export function renderPage({ title, css, scripts, scriptSources = [], mayConnect = false, generator, body, bodyAttributes = '' }: PageShell): string {
  const policy = `default-src 'none'; script-src ${[...scriptSources, ...scripts.map(sourceHash)].join(' ')}; style-src ${sourceHash(css)}; img-src data:;${mayConnect ? " connect-src 'self';" : ''} base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${generator === undefined ? '' : `<meta name="generator" content="${escapeText(generator)}">\n`}<title>${escapeText(title, 200)}</title>
<link rel="icon" href="data:,">
<style>${css}</style>
</head>
<body${bodyAttributes}>
${body}
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}
