import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { HilError } from '../../../errors.ts';
import { renderHtml } from '../../../report/index.ts';
import type { History } from '../../history.ts';
import { openHistory } from '../../open-history.ts';
import { buildSite } from '../build-site.ts';
import { liveScript } from './live-page.ts';
import type { SiteRecipe, ToKeeper, ToWorker } from './site-keeper.ts';

/**
 * A thread that builds the site whenever the history has changed, and renders reports; so that the server answers meanwhile.
 * Started by site-keeper.ts.
 */
const LOOK_EVERY_MS = 3000;
/** Runs that are older than the newest (an import) are noticed so often: to look at all of them takes a while. */
const LOOK_AT_ALL_MS = 60_000;
/** A build takes a core from the runs that the page is about: at most this share of the time. */
const BUILD_SHARE = 0.1;
/** Pages that are open still load files of the build before. */
const KEPT_BUILDS = 2;
const PROGRESS_MS = 500;

const { recipe, dir } = workerData as { recipe: SiteRecipe; dir: string };
const port = parentPort!;
const tell = (message: ToKeeper): void => port.postMessage(message);
const stop = new AbortController();

try {
  const history = await openHistory(recipe.where);
  port.on('message', (message: ToWorker) => void answer(history, message));
  await keepSite(history).finally(() => history.close());
} catch (error) {
  if (!stop.signal.aborted) tell({ kind: 'failed', error: error instanceof HilError ? { kind: error.kind, code: error.code, message: error.message, hint: error.hint ?? null } : { kind: 'bench', code: 'hil.internal', message: String(error instanceof Error ? error.stack : error), hint: null } });
} finally {
  port.close();
}

async function answer(history: History, message: ToWorker): Promise<void> {
  if (message.kind === 'stop') return stop.abort();
  const report = await history.report(message.key).catch(() => null);
  tell({ kind: 'report', id: message.id, html: report === null ? null : renderHtml(report) });
}

async function keepSite(history: History): Promise<void> {
  let shown = '';
  let newest = '';
  let lookedAtAll = -Infinity;
  const builds: string[] = [];
  for (let count = 1; !stop.signal.aborted;) {
    let pauseMs = LOOK_EVERY_MS;
    const before = newest;
    newest = await newestOf(history);
    const due = newest !== before || performance.now() - lookedAtAll >= LOOK_AT_ALL_MS;
    if (due) lookedAtAll = performance.now();
    const found = due ? await fingerprint(history) : shown;
    if (found !== shown) {
      const started = performance.now();
      const built = await build(history, join(dir, String(count)));
      if (built) {
        builds.push(join(dir, String(count)));
        for (const old of builds.splice(0, builds.length - KEPT_BUILDS)) await rm(old, { recursive: true, force: true });
        tell({ kind: 'built', version: count, dirs: builds.toReversed() });
        count += 1;
      }
      shown = found;
      pauseMs = Math.max(pauseMs, (performance.now() - started) * (1 / BUILD_SHARE - 1));
    }
    await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}

async function newestOf(history: History): Promise<string> {
  return JSON.stringify([(await history.runs({ ...recipe.filter, limit: 1 }))[0]?.key, await history.baselines()]);
}

/** Changes whenever the site would. */
async function fingerprint(history: History): Promise<string> {
  const hash = createHash('sha256');
  for (const { key } of await history.runs(recipe.filter)) hash.update(key);
  return hash.update(JSON.stringify(await history.baselines())).digest('hex');
}

/** False where there is nothing to show yet. */
async function build(history: History, target: string): Promise<boolean> {
  let said = 0;
  const progress = (text: string): void => {
    if (performance.now() - said < PROGRESS_MS) return;
    said = performance.now();
    tell({ kind: 'building', text });
  };
  try {
    await buildSite(history, recipe.filter, { ...recipe.site, dir: target, now: new Date(), signal: stop.signal, progress, live: [liveScript()] });
    return true;
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    if (!(error instanceof HilError) || error.code !== 'dashboard.empty') throw error;
    tell({ kind: 'empty', text: error.message });
    return false;
  }
}
