import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { renderHtml } from '../html/html.ts';
import type { Report } from '../report.ts';

/** The report in a real browser, as from a CI artifact: a file, no network. */
const executable = [process.env['HIL_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => path !== undefined && existsSync(path));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** For tap's `skip`: why there is no browser, or false. */
export const noBrowser = executable === undefined ? 'no chromium: set HIL_CHROMIUM, or install the package chromium' : false;

export interface OpenPage {
  readonly page: Page;
  /** Whatever the console or the network said. */
  readonly complaints: string[];
}

export interface ReportBrowser {
  readonly context: BrowserContext;
  /** Temporary folder, removed at the end. */
  readonly dir: string;
  /** @param hash "#case=0&layer=3" */
  readonly open: (report: Report, hash?: string) => Promise<OpenPage>;
  /** A page of any other kind, from its file. */
  readonly openFile: (file: string, hash?: string) => Promise<OpenPage>;
}

/** Starts Chromium with a folder of its own; both end with the test. */
export async function startBrowser(t: { teardown: (work: () => Promise<void>) => void }): Promise<ReportBrowser> {
  const dir = mkdtempSync(join(tmpdir(), 'hil-report-'));
  const context = await chromium.launchPersistentContext(join(dir, 'profile'), { executablePath: executable ?? '', headless: true, args: FLAGS, viewport: { width: 1280, height: 900 } });
  t.teardown(async () => {
    await context.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const openFile: ReportBrowser['openFile'] = async (file, hash = '') => {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => { complaints.push(dialog.message()); void dialog.dismiss(); });
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href + hash);
    return { page, complaints };
  };
  return { context, dir, openFile, open: (report, hash) => {
    const file = join(dir, 'report.html');
    writeFileSync(file, renderHtml(report));
    return openFile(file, hash);
  } };
}
