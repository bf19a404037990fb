import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const browser = [process.env['HIL_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => file !== undefined && existsSync(file));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Why `openQuietly` cannot be used; false where it can. */
export const noBrowser: string | false = browser === undefined ? 'no chromium' : false;

/**
 * Opens a report as a person would, shows each of its cases, and returns whatever a browser would complain or ask about.
 * @param profile folder for the browser's profile
 */
export async function openQuietly(file: string, profile: string): Promise<string[]> {
  const context = await chromium.launchPersistentContext(profile, { executablePath: browser ?? '', headless: true, args: FLAGS });
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
    page.on('request', (request) => { if (!/^(file|data):/.test(request.url())) complaints.push(`request: ${request.url()}`); });
    await page.goto(pathToFileURL(file).href);
    const cases = await page.locator('.case').count();
    for (let index = 0; index < cases; index += 1) await page.evaluate(`location.hash = 'case=${index}'`);
    await sleep(100);
  } finally {
    await context.close();
  }
  return complaints;
}
