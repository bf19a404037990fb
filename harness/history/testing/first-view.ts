import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noBrowser, startBrowser } from '../../report/testing/browser.ts';

const TIMES = 5;

/**
 * How long the dashboard in a folder takes until its overview can be read: from the start of the navigation to the mark that the
 * page sets when its first view stands, in Chromium, the median of five; also with the processor slowed down, as a phone has it.
 * @returns milliseconds, or why there are none
 */
export async function firstViews(dir: string): Promise<Record<string, number | string>> {
  if (noBrowser !== false) return { skipped: noBrowser };
  const ends: (() => Promise<void>)[] = [];
  const { context } = await startBrowser({ teardown: (work) => ends.push(work) });
  try {
    const median = async (slowdown: number): Promise<number> => {
      const took: number[] = [];
      for (let time = 0; time < TIMES; time++) {
        const page = await context.newPage();
        const session = await context.newCDPSession(page);
        await session.send('Network.setCacheDisabled', { cacheDisabled: true });
        await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
        await page.addInitScript(`new MutationObserver(() => { if (document.documentElement?.dataset.ready === 'yes') window.readyAt ??= performance.now(); }).observe(document, { attributes: true, subtree: true });`);
        await page.goto(pathToFileURL(join(dir, 'index.html')).href);
        took.push(Number(await (await page.waitForFunction('window.readyAt', undefined, { timeout: 60_000 })).jsonValue()));
        await page.close();
      }
      return Math.round(took.sort((a, b) => a - b)[Math.floor(TIMES / 2)]!);
    };
    return { firstViewMs: await median(1), firstViewMsFourTimesSlower: await median(4) };
  } finally {
    for (const end of ends) await end();
  }
}
