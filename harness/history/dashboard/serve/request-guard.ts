import type { IncomingMessage } from 'node:http';

export interface Refusal { readonly status: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> }

/**
 * What a page elsewhere can make a browser ask of 127.0.0.1 is refused: a Host that is not this server (a foreign name that was
 * made to resolve to 127.0.0.1 reads answers else), an Origin or a fetch from another site. And nothing but reading is done.
 * @returns null: it may be answered
 */
export function refusalOf({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>, port: number): Refusal | null {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`, ...(port === 80 ? ['127.0.0.1', 'localhost'] : [])];
  if (!own.includes((headers.host ?? '').toLowerCase())) return { status: 421, text: 'This server answers to 127.0.0.1 and localhost only.' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'Only GET and HEAD.', headers: { Allow: 'GET, HEAD' } };
  const { origin } = headers;
  if (origin !== undefined && !own.some((name) => origin.toLowerCase() === `http://${name}`)) return { status: 403, text: 'Not for other sites.' };
  // A link from elsewhere to a page is fine (it is shown to the person, not to the site); everything that a script can read is not.
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && headers['sec-fetch-mode'] !== 'navigate') return { status: 403, text: 'Not for other sites.' };
  return null;
}

/**
 * The segments of a request's path, each a plain name; null where it is anything else (a path that climbs, hides, or is damaged).
 * @param url as the request line has it
 */
export function plainPath(url: string): readonly string[] | null {
  const [path = ''] = url.split(/[?#]/, 1);
  if (!path.startsWith('/') || path.length > 1000) return null;
  const segments: string[] = [];
  for (const raw of path.slice(1).split('/')) {
    let segment: string;
    try {
      segment = decodeURIComponent(raw);
    } catch {
      return null;
    }
    // Names that hil gives to files of a site; a dot file is none of it.
    if (segment !== '' && !/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment)) return null;
    segments.push(segment);
  }
  if (segments.slice(0, -1).includes('')) return null;
  return segments;
}
