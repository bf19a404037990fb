import { readRunning, type FoundRun, type LiveRunPlace } from '../../live/index.ts';
import { SiteKeeper, type SiteRecipe } from './site-keeper.ts';
import { startSiteServer } from './site-server.ts';

/** How often the runs under way are looked at while somebody reads. */
const LOOK_EVERY_MS = 500;

export interface ServeOptions {
  /** `reportUrl` is set by the server, which renders reports when they are asked for. null: no history is kept, so only what runs now is shown. */
  readonly recipe: SiteRecipe | null;
  /** An empty folder that the caller removes. */
  readonly dir: string;
  /** 0: a free one. */
  readonly port: number;
  /** Where runs tell of themselves. */
  readonly running: Pick<LiveRunPlace, 'dir' | 'ownerOf'>;
  readonly signal: AbortSignal;
  /** Told once it answers. */
  readonly onUrl: (url: string) => void;
}

/** What /api/running and the events named "running" hold. */
interface RunningAnswer { readonly jobs: readonly FoundRun[] }

/**
 * Serves the dashboard until the signal aborts.
 * @throws HilError 'config' dashboard.port; what the history throws; the reason of the abort
 */
export async function serveDashboard({ recipe, dir, port, running, signal, onUrl }: ServeOptions): Promise<never> {
  const look = async (): Promise<RunningAnswer> => ({ jobs: await readRunning(running) });
  let keeper: SiteKeeper | null = null;
  let timer: NodeJS.Timeout | null = null;
  const tick = async (): Promise<void> => {
    server.events.send('running', await look());
    if (timer !== null) timer = setTimeout(() => void tick(), LOOK_EVERY_MS);
  };
  const onReaders = (count: number): void => {
    if (count === 0 && timer !== null) clearTimeout(timer);
    if (count === 0) timer = null;
    else if (timer === null) timer = setTimeout(() => void tick(), 0);
  };
  const server = await startSiteServer({ dirs: () => keeper?.dirs ?? [], running: look, report: (key) => keeper?.report(key) ?? Promise.resolve(null), onReaders }, port);
  const url = `http://127.0.0.1:${server.port}`;
  try {
    keeper = recipe === null ? null : new SiteKeeper({ ...recipe, site: { ...recipe.site, reportUrl: `${url}/reports/{key}.html` } }, dir, (state) => server.events.send('site', state));
    server.events.send('site', keeper?.state ?? { version: null, building: 'No history is kept: HIL_HISTORY is off.' });
    onUrl(`${url}/`);
    return await Promise.race([aborted(signal), ...(keeper === null ? [] : [keeper.failed])]);
  } finally {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    await server.close();
    await keeper?.close();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
