import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { test, type Test } from 'tap';
import { plainPath } from './request-guard.ts';
import { startSiteServer, type ServedSite, type SiteServer } from './site-server.ts';

const SECRET = 'what no request may read';

async function server(t: Test, changes: Partial<ServedSite> = {}): Promise<SiteServer> {
  const base = mkdtempSync(join(tmpdir(), 'hil-serve-'));
  const dir = join(base, 'site');
  mkdirSync(join(dir, 'data/v1'), { recursive: true });
  mkdirSync(join(base, 'old/data/v0'), { recursive: true });
  for (const [file, text] of [['secret.txt', SECRET], ['site/index.html', '<title>site</title>'], ['site/data/v1/start.js', 'hilData(1)'], ['site/.hil-dashboard', SECRET], ['site/.txt', SECRET], ['site/empty.js', ''], ['old/data/v0/start.js', 'hilData(0)'], ['site/key.pem', SECRET]]) writeFileSync(join(base, file!), text!);
  const made = await startSiteServer({ dirs: () => [dir, join(base, 'old')], running: async () => ({ jobs: [] }), report: async (key) => (key === '0123456789abcdef' ? '<title>report</title>' : null), onReaders: () => undefined, ...changes }, 0);
  t.teardown(async () => {
    await made.close();
    rmSync(base, { recursive: true, force: true });
  });
  return made;
}

interface Answer { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

/** As it is given, without the tidying that fetch does. */
function ask(port: number, path: string, { method = 'GET', headers = {} }: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers }, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text })).on('error', reject);
    });
    request.on('error', reject).end();
  });
}

test('the site, its reports and what runs now are served, with headers that allow no more', async (t) => {
  const { port } = await server(t);
  for (const [path, type, text] of [['/', 'text/html', '<title>site</title>'], ['/index.html?x=1', 'text/html', '<title>site</title>'], ['/data/v1/start.js', 'text/javascript', 'hilData(1)'], ['/data/v0/start.js', 'text/javascript', 'hilData(0)'], ['/empty.js', 'text/javascript', ''],
    ['/reports/0123456789abcdef.html', 'text/html', '<title>report</title>'], ['/api/running', 'application/json', '{"jobs":[]}\n']] as const) {
    const answer = await ask(port, path);
    t.match(answer, { status: 200, text, headers: { 'content-type': new RegExp(`^${type}`), 'x-content-type-options': 'nosniff', 'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/, 'referrer-policy': 'no-referrer' } }, path);
    const head = await ask(port, path, { method: 'HEAD' });
    t.match(head, { status: 200, text: '', headers: { 'content-length': answer.headers['content-length'] } }, `HEAD ${path}`);
  }
  t.match((await ask(port, '/live.html')).text, /<title>Now running/);
  t.match((await ask(port, '/data/v1/start.js')).headers, { 'cache-control': /immutable/ });
  for (const path of ['/nothing.html', '/reports/0123456789abcdee.html', '/reports/0123.html', '/api/', '/api', '/api/other', '/data', '/data/', '/key.pem', '/data/v1']) t.equal((await ask(port, path)).status, 404, path);
});

test('no path leads out of the site or to hidden files', async (t) => {
  const { port } = await server(t);
  const paths = ['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/data/../../secret.txt', '/data/%2e%2e/%2e%2e/secret.txt', '/..\\secret.txt', '/%5c..%5csecret.txt', '//secret.txt', '/.hil-dashboard', '/.txt', '/%00', '/secret.txt%00.js', '/%', '/%ff',
    '/data//v1/start.js', '/./index.html', '/index.html/', '/index.html/x', `/${'a'.repeat(3000)}`, 'http://evil.example/secret.txt', '*', '/~root', '/C:/x.txt', '/con', '/index.html::$DATA'];
  for (const path of paths) {
    const answer = await ask(port, path);
    t.not(answer.status, 200, path.slice(0, 60));
    t.notMatch(answer.text, SECRET);
  }
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('.', '/', '%', '2', 'e', 'f', '5', 'c', '\\', 'a', '\0') })), (text) => {
    const path = plainPath(`/${text}`);
    return path === null || path.every((segment, at) => /^[\w-][\w.-]*$/.test(segment) || (segment === '' && at === path.length - 1));
  }), { numRuns: 2000 });
});

test('other names, other sites and other methods are refused', async (t) => {
  const { port } = await server(t);
  for (const host of ['evil.example', `evil.example:${port}`, `127.0.0.1.evil.example:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`, `[::1]:${port}`, `0.0.0.0:${port}`]) {
    for (const path of ['/', '/api/running', '/api/events']) t.equal((await ask(port, path, { headers: { host } })).status, 421, `${host} ${path}`);
  }
  t.equal((await ask(port, '/', { headers: { host: `LOCALHOST:${port}` } })).status, 200);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) t.match(await ask(port, '/', { method }), { status: 405, headers: { allow: 'GET, HEAD' } }, method);
  for (const headers of [{ origin: 'http://evil.example' }, { origin: 'null' }, { origin: `https://127.0.0.1:${port}` }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }]) t.equal((await ask(port, '/api/running', { headers })).status, 403, JSON.stringify(headers));
  t.equal((await ask(port, '/', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } })).status, 200, 'a link from a pull request works');
  t.equal((await ask(port, '/api/running', { headers: { origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-origin' } })).status, 200);
});

test('without a site the page of what runs now is shown', async (t) => {
  const { port } = await server(t, { dirs: () => [] });
  t.match(await ask(port, '/'), { status: 302, headers: { location: '/live.html#until-made' } });
  t.match(await ask(port, '/index.html'), { status: 404, text: /not made yet/ });
});

test('a port that is taken is told', async (t) => {
  const { port } = await server(t);
  await t.rejects(startSiteServer({ dirs: () => [], running: async () => null, report: async () => null, onReaders: () => undefined }, port), { kind: 'config', code: 'dashboard.port', message: /another program has it/, hint: /--port/ });
});

test('events: the newest at once, the same never twice, so many readers and no more, slow ones dropped', async (t) => {
  const counts: number[] = [];
  const made = await server(t, { onReaders: (count) => counts.push(count) });
  made.events.send('running', { jobs: 1 });
  const open = async (): Promise<{ socket: ReturnType<typeof connect>; text: () => string; until: (pattern: RegExp) => Promise<void> }> => {
    const socket = connect(made.port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('error', () => undefined);
    socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${made.port}\r\n\r\n`);
    const until = async (pattern: RegExp): Promise<void> => {
      for (const deadline = Date.now() + 10_000; !pattern.test(text); await sleep(5)) if (Date.now() > deadline) throw new Error(`no ${pattern} in ${text}`);
    };
    await until(/\n\n|503/);
    return { socket, text: () => text, until };
  };
  const first = await open();
  await first.until(/event: running\ndata: \{"jobs":1\}\n\n/);
  t.match(first.text(), /^HTTP\/1.1 200 OK.*text\/event-stream.*retry: 2000/s);
  made.events.send('running', { jobs: 1 });
  made.events.send('running', { jobs: 2 });
  await first.until(/"jobs":2/);
  t.equal(first.text().match(/"jobs":1/g)?.length, 1);
  const more = await Promise.all(Array.from({ length: 31 }, open));
  t.ok(more.every((one) => /200 OK/.test(one.text())));
  t.match((await open()).text(), /^HTTP\/1.1 503 .*Retry-After: 10/s);
  for (const one of more.slice(1)) one.socket.destroy();
  const slow = more[0]!;
  slow.socket.pause();
  const gone = once(slow.socket, 'close');
  for (let k = 0; k < 400 && counts.at(-1) !== 1; k++) {
    made.events.send('running', { jobs: k, text: 'x'.repeat(200_000) });
    await sleep(5);
  }
  t.equal(counts.at(-1), 1, 'the slow reader and those that left are gone, the quick one is there');
  slow.socket.resume();
  await gone;
  const end = once(first.socket, 'close');
  await made.close();
  await end;
});

test('a symbolic link is not followed: a site has none', { skip: process.platform === 'win32' ? 'no symbolic links' : false }, async (t) => {
  const base = mkdtempSync(join(tmpdir(), 'hil-serve-'));
  mkdirSync(join(base, 'site'));
  writeFileSync(join(base, 'secret.txt'), SECRET);
  symlinkSync(join(base, 'secret.txt'), join(base, 'site/link.txt'));
  const made = await server(t, { dirs: () => [join(base, 'site')] });
  t.teardown(() => rmSync(base, { recursive: true, force: true }));
  t.equal((await ask(made.port, '/link.txt')).status, 404);
});
