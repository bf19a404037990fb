import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HilError } from '../../../errors.ts';
import { EventStream } from './event-stream.ts';
import { livePage } from './live-page.ts';
import { plainPath, refusalOf } from './request-guard.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', json: 'application/json; charset=utf-8', svg: 'image/svg+xml', png: 'image/png', txt: 'text/plain; charset=utf-8',
};
/** On every answer. Pages bring a stricter policy of their own, by hash; both hold. */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cross-Origin-Resource-Policy': 'same-origin', 'Cross-Origin-Opener-Policy': 'same-origin',
};
const MOST_CONNECTIONS = 128;
const REQUEST_TIMEOUT_MS = 10_000;

export interface ServedSite {
  /** Folders of built sites, newest first: an open page loads files of its own build. Empty: there is none yet. */
  readonly dirs: () => readonly string[];
  /** Page of a run's report by the first 16 digits of its key; null: there is none. */
  readonly report: (key: string) => Promise<string | null>;
  /** Answer of /api/running. */
  readonly running: () => Promise<unknown>;
  /** Told how many read /api/events. */
  readonly onReaders: (count: number) => void;
}

export interface SiteServer {
  readonly port: number;
  readonly events: EventStream;
  close(): Promise<void>;
}

/**
 * Serves a site and its events on 127.0.0.1.
 * @param port 0: a free one
 * @throws HilError 'config' dashboard.port where it is taken or may not be used
 */
export async function startSiteServer(site: ServedSite, port: number): Promise<SiteServer> {
  const events = new EventStream(site.onReaders);
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS, maxHeaderSize: 16 << 10 }, (request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  const bound = await listen(server, port).catch((error: unknown) => { events.close(); throw error; });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request, bound);
    if (refusal !== null) return say(request, response, refusal.status, refusal.text, refusal.headers);
    const path = plainPath(request.url ?? '');
    if (path === null) return say(request, response, 404, 'No such page.');
    const [first = '', second] = path;
    if (first === 'api') return answerApi(request, response, path.length === 2 ? second ?? '' : '');
    if (path.length === 1 && first === 'live.html') return send(request, response, 'html', livePage());
    const key = path.length === 2 && first === 'reports' ? /^([0-9a-f]{16})\.html$/.exec(second ?? '')?.[1] : undefined;
    if (key !== undefined) {
      const html = await site.report(key);
      return html === null ? say(request, response, 404, 'No such report.') : send(request, response, 'html', html);
    }
    const dirs = site.dirs();
    // Where there is nothing to show yet, what runs now can be.
    if (path.length === 1 && first === '' && dirs.length === 0) return say(request, response, 302, '', { Location: '/live.html#until-made' });
    const wanted = path.at(-1) === '' ? [...path.slice(0, -1), 'index.html'] : path;
    for (const dir of dirs) if (await sendFile(request, response, join(dir, ...wanted), wanted[0] === 'data')) return;
    return say(request, response, 404, dirs.length === 0 ? 'The site is not made yet.' : 'No such page.');
  }

  async function answerApi(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    if (name === 'running') return send(request, response, 'json', `${JSON.stringify(await site.running())}\n`);
    if (name !== 'events') return say(request, response, 404, 'No such page.');
    if (events.isFull) return say(request, response, 503, 'Too many read already.', { 'Retry-After': '10' });
    if (request.method === 'HEAD') return say(request, response, 200, '', { 'Content-Type': 'text/event-stream; charset=utf-8' });
    events.add(response, HEADERS);
  }

  return {
    port: bound, events,
    close: () => new Promise((resolve) => {
      events.close();
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'another program has it' : cause.code === 'EACCES' ? 'this user may not have it' : cause.message;
      reject(new HilError('config', 'dashboard.port', `cannot serve on port ${port} of 127.0.0.1: ${why}`, { hint: 'Name another one with --port, or leave it out for a free one.', cause }));
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve((server.address() as { port: number }).port));
  });
}

function say(request: IncomingMessage, response: ServerResponse, status: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
  const body = text === '' ? '' : `${text}\n`;
  response.writeHead(status, { ...HEADERS, 'Content-Type': TYPES['txt']!, 'Cache-Control': 'no-store', ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function send(request: IncomingMessage, response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES[type]!, 'Cache-Control': 'no-store', 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/**
 * @param keeps its name changes whenever it does
 * @returns false where there is no such file
 */
async function sendFile(request: IncomingMessage, response: ServerResponse, path: string, keeps: boolean): Promise<boolean> {
  const type = TYPES[/\.([a-z]+)$/.exec(path)?.[1] ?? ''];
  const file = type === undefined ? null : await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => null);
  if (file === null || type === undefined) return false;
  try {
    const info = await file.stat();
    if (!info.isFile()) return false;
    response.writeHead(200, { ...HEADERS, 'Content-Type': type, 'Cache-Control': keeps ? 'private, max-age=31536000, immutable' : 'no-cache', 'Content-Length': info.size });
    if (request.method === 'HEAD' || info.size === 0) response.end();
    else await pipeline(file.createReadStream({ autoClose: false, end: info.size - 1 }), response);
    return true;
  } finally {
    await file.close();
  }
}
