import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type Test } from 'tap';
import { openHistory } from '../../open-history.ts';
import { simulateRuns } from '../../testing/simulated-runs.ts';
import { serveDashboard, type ServeOptions } from './serve-dashboard.ts';

interface Served { readonly url: string; readonly dir: string; readonly stop: AbortController; readonly end: Promise<unknown> }

async function serve(t: Test, history: string | null): Promise<Served> {
  const base = mkdtempSync(join(tmpdir(), 'hil-served-'));
  const stop = new AbortController();
  const dir = join(base, 'site');
  const recipe: ServeOptions['recipe'] = history === null ? null : { where: history, filter: {}, site: { title: 'T', hilVersion: '0', filters: [], commitUrl: null, reportUrl: null, mostReportBytes: 0, quarantines: [] } };
  let end: Promise<unknown> = Promise.resolve();
  const url = await new Promise<string>((resolve) => { end = serveDashboard({ recipe, dir, port: 0, running: { dir: join(base, 'running'), ownerOf: () => null }, signal: stop.signal, onUrl: resolve }).catch((error: unknown) => error); });
  t.teardown(async () => {
    stop.abort();
    await end;
    rmSync(base, { recursive: true, force: true });
  });
  return { url, dir, stop, end };
}

/** Reads events until one of the name fits. */
async function event(url: string, name: string, fits: (value: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
  const quit = AbortSignal.timeout(60_000);
  const { body } = await fetch(`${url}api/events`, { signal: quit });
  let text = '';
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (const [, data = ''] of text.matchAll(new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`, 'g'))) {
      const value = JSON.parse(data) as Record<string, unknown>;
      if (fits(value)) return value;
    }
  }
  throw new Error(`no event ${name}`);
}

const dataFolder = async (url: string): Promise<string> => /data-from="([^"]+)"/.exec(await (await fetch(url)).text())?.[1] ?? '';

test('the site is there when it is made, made again when a run has landed, and gone from nobody who has it open', async (t) => {
  const base = mkdtempSync(join(tmpdir(), 'hil-served-history-'));
  t.teardown(() => rmSync(base, { recursive: true, force: true }));
  const history = await openHistory(join(base, 'history.sqlite'));
  const [first, second] = [...simulateRuns({ runs: 2, casesPerSuite: 1 }).runs()];
  await history.add({ report: first!, dir: null });
  const { url, dir, stop, end } = await serve(t, history.where);
  t.match(await event(url, 'site', ({ version }) => version === 1), { building: '' });
  const old = await dataFolder(url);
  t.match(await (await fetch(`${url}${old}/start.js`)).text(), /^hilData\("start"/);
  const { key } = await history.add({ report: second!, dir: null });
  t.equal((await fetch(`${url}reports/${key.slice(0, 16)}.html`)).status, 200, 'a report needs no site');
  t.equal((await fetch(`${url}reports/${'0'.repeat(16)}.html`)).status, 404);
  await event(url, 'site', ({ version }) => version === 2);
  t.not(await dataFolder(url), old);
  t.equal((await fetch(`${url}${old}/start.js`)).status, 200, 'a page that is open still finds its data');
  await history.close();
  stop.abort(new Error('enough'));
  t.match(await end, { message: 'enough' });
  await t.rejects(fetch(url));
  const left = readdirSync(dir).length;
  await sleep(100);
  t.equal(readdirSync(dir).length, left, 'nothing writes any more');
});

test('a history that cannot be read ends the server, and says why', async (t) => {
  const base = mkdtempSync(join(tmpdir(), 'hil-served-history-'));
  t.teardown(() => rmSync(base, { recursive: true, force: true }));
  writeFileSync(join(base, 'no-history'), 'this is no database, and longer than a header of one would be '.repeat(20));
  const { end } = await serve(t, join(base, 'no-history'));
  t.match(await end, { kind: 'bench', code: 'history.not-a-history', hint: /HIL_HISTORY/ });
});

test('without a history what runs now is all there is, and the page says so', async (t) => {
  const { url } = await serve(t, null);
  t.match(await event(url, 'site', () => true), { version: null, building: /HIL_HISTORY is off/ });
  t.match(await event(url, 'running', () => true), { jobs: [] });
});
