import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import t from 'tap';
import { noBrowser, startBrowser } from '../../report/testing/browser.ts';
import { HOSTILE } from '../../report/testing/hostile.ts';
import { failCase, report } from '../../report/testing/sample-reports.ts';
import { simulateRuns } from '../testing/simulated-runs.ts';
import { builtSite, dataDir, historyOf, runAt, scratchDir } from './testing/built-site.ts';
import { ENGINE, engineRuns } from './testing/engine-runs.ts';

t.setTimeout(180_000);
const VIEWS = ['overview', 'runs', 'trend', 'layers', 'bench', 'regressions', 'quarantine', 'red', 'flaky', `suite?suite=${ENGINE.suite}`];

t.test('the dashboard in Chromium', { skip: noBrowser, timeout: 180_000 }, async (t) => {
  const { openFile, context } = await startBrowser(t);
  const quarantines = [{ kind: 'device', name: 'board-z', suite: null, device: null, reason: 'forgotten', until: '2026-01-01', by: 'ana', from: 'device file' }] as const;
  const now = Date.now();
  const history = await historyOf(t, [...simulateRuns({ runs: 90, startDay: new Date(now - 14 * 86_400_000).toISOString().slice(0, 10) }).runs(), ...engineRuns(now - 3_600_000)]);
  const site = scratchDir(t);
  await builtSite(history, site, { quarantines });
  const index = join(site, 'index.html');
  const open = async (hash = '') => {
    const opened = await openFile(index, hash);
    await isReady(opened.page);
    return opened;
  };
  const show = async (page: Page, hash: string): Promise<void> => {
    await page.evaluate(`delete document.querySelector('main').dataset.view; location.hash = ${JSON.stringify(hash)}`);
    await isShown(page, hash.replace(/^#/, '').split('?')[0] ?? '');
  };

  await t.test('every view: light, dark and on a phone; nothing complains, nothing sticks out, all can be read', async (t) => {
    const { page, complaints } = await open();
    for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['dark', 360]] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      for (const view of VIEWS) {
        await show(page, `#${view}`);
        t.ok(await page.locator('main h1').count() === 1, `${view}: one heading`);
        t.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${view} at ${width}`);
        t.same(await page.evaluate(LOW_CONTRAST), [], `${view} in ${colorScheme}`);
        t.same(await page.evaluate(NAMELESS), [], `${view}: everything that can be used has a name`);
      }
    }
    t.same(complaints, []);
    await page.close();
  });

  await t.test('the overview: what is red since when, the bench apart, and the way to each', async (t) => {
    const { page, complaints } = await open();
    t.match(await page.locator('.banner').innerText(), /1 case of \d+ is red/);
    const red = page.getByRole('region', { name: 'What is red, since when' });
    t.match(await red.locator('tbody tr').allInnerTexts(), [/torque\s+engine\s+board-a\s+25 hours ago\s+2 runs[\s\S]*cccc[\s\S]*…[\s\S]*Fail/]);
    t.equal(await red.locator('tbody tr').count(), 1, 'a pull request and a bench error are no red');
    t.equal(await red.getByRole('link', { name: /…/ }).getAttribute('href'), `https://git.example/me/it/compare/${(22).toString(16).padStart(40, 'c')}...${(23).toString(16).padStart(40, 'c')}`);
    t.match(await page.getByRole('region', { name: 'Devices whose bench fails' }).innerText(), /board-b[\s\S]*%/);
    const grid = page.getByRole('region', { name: 'Suites by devices' });
    t.match(await grid.locator('a.is-bench-error').innerText(), /Bench error/);
    t.match(await grid.locator('a.is-skipped').innerText(), /Skipped/);
    await grid.locator('a.is-fail').click();
    await isShown(page, 'suite');
    t.match(await page.locator('.case-cell').innerText(), /Fail[\s\S]*Report[\s\S]*Trend/);
    const report = page.locator('.case-cell').getByRole('link', { name: 'Report' });
    t.match(await report.getAttribute('href'), /^reports\/[0-9a-f]{16}\.html$/);
    await report.click();
    await page.waitForSelector('.verdict');
    t.match(await page.locator('.banner').innerText(), /Fail/, 'the report itself opens');
    await page.goBack();
    await isReady(page);
    t.match(page.url(), /#suite\?suite=engine&device=board-a$/, 'and the way back');
    t.same(complaints, []);
    await page.close();
  });

  await t.test('a trend: drawn, split where the compiler changed, gone through by keys, linked to', async (t) => {
    const { page, complaints } = await open(`#trend?suite=${ENGINE.suite}&case=${ENGINE.case}&metric=latency`);
    t.match(await page.locator('.panel h3').allInnerTexts(), [/Latency, instructions[\s\S]*modelled/]);
    t.ok(await inkOf(page) > 1000, 'ink');
    t.match(await page.locator('main').innerText(), /A line ends where compiler, clock or flags change/);
    t.match(await page.getByRole('region', { name: 'What else changed' }).locator('tbody tr').first().innerText(), /S Compiler, clock or flags[\s\S]*12\.2\.1[\s\S]*13\.2\.1/);
    t.match(await page.getByRole('region', { name: 'Change points' }).locator('tbody tr').first().innerText(), /worse[\s\S]*board-a[\s\S]*\+4\.5.%[\s\S]*20.000 → 20.900[\s\S]*repeats exactly/);
    const [before, chart] = [await inkOf(page), page.getByRole('group', { name: /^Latency in instructions/ })];
    await chart.focus();
    await page.keyboard.press('End');
    t.match(await page.locator('.point').innerText(), /20.900 instructions[\s\S]*board-a|31.000 instructions[\s\S]*board-b/);
    await page.keyboard.press('Home');
    t.match(await page.locator('.point').innerText(), /night-0[\s\S]*gcc 12\.2\.1/);
    await page.keyboard.press('ArrowRight');
    t.match(await page.locator('.point').innerText(), /night-1\b/);
    await page.keyboard.press('ArrowDown');
    t.match(await page.locator('.point').innerText(), /board-b|13\.2\.1/, 'another line');
    await chart.hover({ position: { x: 500, y: 150 } });
    t.match(await page.locator('.tip').innerText(), /instructions[\s\S]*(night-\d+)/);
    await page.getByRole('checkbox', { name: 'board-b' }).uncheck();
    await page.getByRole('checkbox', { name: 'board-c' }).uncheck();
    await until(page, `new URLSearchParams(location.hash.split('?')[1]).get('devices') === '["board-a"]' && document.querySelector('.trend-plot canvas') !== null && !document.querySelector('.trend-plot').getAttribute('aria-label').includes('board-b')`);
    t.not(await inkOf(page), before, 'another picture');
    await page.getByLabel('Order').selectOption('commit');
    await page.getByLabel('relative').check();
    t.match(page.url(), /x=commit&relative=true/);
    const copy = await open(new URL(page.url()).hash);
    t.equal(await copy.page.getByLabel('Order').inputValue(), 'commit', 'the address says it all');
    t.equal(await copy.page.getByRole('checkbox', { name: 'board-b' }).isChecked(), false);
    t.same([complaints, copy.complaints], [[], []]);
    await copy.page.close();
    await page.close();
  });

  await t.test('layers over time: own error apart from inherited, by keys', async (t) => {
    const { page, complaints } = await open(`#layers?suite=${ENGINE.suite}&case=${ENGINE.case}&device=${ENGINE.board}`);
    t.match(await page.locator('.point').innerText(), /#0 [\s\S]*wrong by itself[\s\S]*night-23/, 'the newest culprit is chosen');
    await page.getByRole('group', { name: /Where it differs|What differs/ }).focus();
    await page.keyboard.press('ArrowDown');
    t.match(await page.locator('.point').innerText(), /#1 [\s\S]*right by itself: it inherited the error/);
    for (let step = 0; step < 2; step++) await page.keyboard.press('ArrowLeft');
    t.match(await page.locator('.point').innerText(), /night-21[\s\S]*/);
    t.match(await page.locator('.point').innerText(), /Equal to the reference/);
    t.ok(await inkOf(page) > 500, 'ink');
    await page.getByLabel('Show').selectOption('cost');
    await page.getByText('What each layer costs').waitFor();
    t.match(await page.locator('.point').innerText(), /instructions|cycles/);
    await show(page, `#layers?suite=${ENGINE.suite}&case=${ENGINE.case}&device=board-c`);
    t.match(await page.locator('.empty').innerText(), /No run on board-c compared layers/);
    t.same(complaints, []);
    await page.close();
  });

  await t.test('runs: filters, search, what is not there', async (t) => {
    const { page, complaints } = await open('#runs');
    await page.getByRole('region', { name: 'Runs that fit' }).waitFor();
    t.equal(await page.locator('tbody tr').count(), 60);
    await page.getByRole('button', { name: 'Show more' }).click();
    await until(page, 'document.querySelectorAll("tbody tr").length > 60');
    await page.getByLabel('Suite').selectOption(ENGINE.suite);
    await page.getByLabel('Verdict').selectOption('fail');
    await until(page, 'document.querySelectorAll("tbody tr").length === 3');
    await page.getByLabel('Of').selectOption('pr');
    await until(page, 'document.querySelectorAll("tbody tr").length === 1');
    t.match(await page.locator('tbody tr').innerText(), /#12/);
    await page.getByLabel('Commit, branch, id or subject').fill('no such thing');
    await page.getByText('No run fits.').waitFor();
    const search = page.getByRole('combobox', { name: /Search/ });
    await search.fill('torque board-b');
    await page.getByRole('option', { name: /torque on board-b/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await isShown(page, 'trend');
    t.equal(await page.getByRole('checkbox', { name: 'board-a' }).isChecked(), false);
    t.match(await page.evaluate('document.activeElement.tagName'), /H1|INPUT/);
    for (const [hash, text] of [['#nonsense', /There is no view/], ['#suite?suite=gone', /No suite “gone”/], [`#trend?suite=${ENGINE.suite}&case=gone`, /No case “gone”/], ['#bench?bench=gone', /No such bench/], ['#regressions?metric=gone', /None fits/]] as const) {
      await show(page, hash);
      t.match(await page.locator('.empty').first().innerText(), text, hash);
    }
    await show(page, '#quarantine');
    t.match(await page.getByRole('region', { name: 'What is in quarantine' }).locator('tbody tr').allInnerTexts(), [/board-z[\s\S]*expired \d+ days ago[\s\S]*2026-01-01/, /board-c[\s\S]*torque|torque[\s\S]*board-c[\s\S]*days left/]);
    t.same(complaints, []);
    await page.close();
  });

  await t.test('by keyboard alone: skip link, views, visible focus', async (t) => {
    const { page } = await open();
    await page.keyboard.press('Tab');
    t.equal(await page.evaluate('document.activeElement.textContent'), 'To the content');
    await page.keyboard.press('Enter');
    t.equal(await page.evaluate('document.activeElement.id'), 'content');
    await page.keyboard.press('Tab');
    const seen: string[] = [];
    for (let step = 0; step < 40; step++) {
      const focus = await page.evaluate(`(() => { const e = document.activeElement; const s = getComputedStyle(e); return { text: (e.textContent || e.getAttribute('aria-label') || '').slice(0, 40), ring: e === document.body || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || e.tagName === 'INPUT' }; })()`) as { text: string; ring: boolean };
      if (!focus.ring) t.fail(`no ring on ${focus.text}`);
      seen.push(focus.text);
      await page.keyboard.press('Tab');
    }
    t.ok(seen.some((text) => /^Red/.test(text)) && seen.some((text) => /Fail/.test(text)), 'tiles and grid are on the way');
    await page.getByRole('link', { name: 'Benches' }).first().focus();
    await page.keyboard.press('Enter');
    await isShown(page, 'bench');
    t.equal(await page.evaluate('document.activeElement.textContent'), 'Bench health', 'the new view is announced');
    t.equal(await page.locator('.site-nav [aria-current="page"]').innerText(), await page.locator('.site-nav a').nth(4).innerText());
    await page.close();
  });

  await t.test('what is missing is said; the policy holds', async (t) => {
    const { page } = await open();
    const file = readdirSync(dataDir(site)).find((name) => name.startsWith('month-'));
    const copy = scratchDir(t);
    await builtSite(history, copy);
    rmSync(join(dataDir(copy), file!));
    rmSync(join(dataDir(copy), 'start.js'));
    const broken = await openFile(join(copy, 'index.html'));
    t.match(await broken.page.locator('.problem').innerText(), /could not be loaded[\s\S]*start\.js is not there[\s\S]*Reload/);
    await broken.page.close();
    const violations = await page.evaluate(`new Promise((resolve) => {
      const seen = [];
      document.addEventListener('securitypolicyviolation', (event) => { seen.push(event.effectiveDirective); if (seen.length === 4) resolve(seen.sort()); });
      const inline = document.createElement('script'); inline.textContent = 'window.hacked = 1'; document.body.append(inline);
      const far = document.createElement('script'); far.src = 'https://evil.example/x.js'; document.body.append(far);
      const image = document.createElement('img'); image.src = 'https://evil.example/x.png'; document.body.append(image);
      fetch('https://evil.example/').catch(() => undefined);
    })`);
    t.same(violations, ['connect-src', 'img-src', 'script-src-elem', 'script-src-elem']);
    t.equal(await page.evaluate('window.hacked'), undefined);
    await page.close();
  });

  await t.test('hostile names are text and do nothing', async (t) => {
    const names = HOSTILE.slice(0, 17).filter((name) => !name.includes('\ud800'));
    const hostile = await historyOf(t, names.map((name, at) => runAt({ ...report([{ ...failCase(), name, device: name }]), devices: [{ id: name, kind: 'serial', core: name, clockHz: 1, simulated: false }], suite: { name, description: name, file: name } }, `run-${at}`, now - at * 1000,
      { subject: name, branch: name, bench: name, jobUrl: at % 2 === 0 ? `javascript:window.hacked=1//${name}` : name })));
    const dir = scratchDir(t);
    const { start } = await builtSite(hostile, dir, { title: names.join(' '), mostReportBytes: 0 });
    const { page, complaints } = await openFile(join(dir, 'index.html'));
    await isReady(page);
    for (const view of ['overview', 'runs', 'bench', 'regressions', 'quarantine', 'red']) {
      await show(page, `#${view}`);
      t.equal(await page.locator('img, iframe, object, main script, a[href^="javascript" i], [onerror]').count(), 0, view);
      t.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `${view}: nothing sticks out`);
    }
    for (const { suite, case: name, device } of start.cells.slice(0, 8)) {
      for (const view of ['trend', 'layers', 'suite']) {
        await show(page, `#${view}?${new URLSearchParams({ suite, case: name, device }).toString()}`);
        t.equal(await page.locator('.problem').count(), 0, `${view} of ${name}`);
        t.match(await page.locator('h1').innerText(), /\S/);
      }
    }
    t.equal(await page.evaluate('window.hacked'), undefined);
    t.notMatch(await page.locator('body').innerText(), /[\u001b\u009b\u202e\u2028]/);
    t.same(complaints, []);
    await page.close();
  });

  await t.test('the first view loads one file, whatever the history; sizes', async (t) => {
    const loaded: string[] = [];
    context.on('request', (request) => loaded.push(request.url().replace(/^data:.*/, 'data:').split('/').at(-1) ?? ''));
    const { page } = await open();
    t.same(loaded.filter((name) => name !== 'data:'), ['index.html', 'start.js']);
    const bytes = statSync(index).size;
    t.ok(bytes < 2_000_000, `page ${bytes} bytes`);
    t.comment(`page ${bytes} bytes, start.js ${statSync(join(dataDir(site), 'start.js')).size} bytes, first view after ${String(await page.evaluate('Math.round(performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1)'))} ms`);
    await page.close();
  });
});

const isReady = (page: Page): Promise<void> => page.locator('html[data-ready="yes"]').waitFor({ state: 'attached' });
const isShown = (page: Page, view: string): Promise<void> => page.locator(`main[data-view="${view}"]`).waitFor();

/** Playwright's own way compiles the text in the page, which the policy forbids. */
async function until(page: Page, expression: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (await page.evaluate(expression) !== true) {
    if (Date.now() > end) throw new Error(`not within 20 s: ${expression}`);
    await page.waitForTimeout(20);
  }
}

/** Coloured pixels of the canvases. */
async function inkOf(page: Page): Promise<number> {
  return Number(await page.evaluate(`[...document.querySelectorAll('canvas')].reduce((sum, canvas) => {
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 0) ink += 1;
    return sum + ink;
  }, 0)`));
}

/** Text with less than 4.5:1 against what is behind it (WCAG 2.2, 1.4.3); backgrounds that are see-through are laid over each other. */
const LOW_CONTRAST = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const rgba = (text) => { if (!known.has(text)) { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1); const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; known.set(text, [r, g, b, a / 255]); } return known.get(text); };
  const over = (top, under) => top.slice(0, 3).map((value, at) => value * top[3] + under[at] * (1 - top[3]));
  const back = (element) => { if (!element) return [255, 255, 255]; const own = rgba(getComputedStyle(element).backgroundColor); return own[3] >= 0.999 ? own.slice(0, 3) : over(own, back(element.parentElement)); };
  const light = (colour) => { const [r, g, b] = colour.map((value) => { const part = value / 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const bad = new Set();
  const walk = document.createTreeWalker(document.getElementById('app'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (walk.currentNode.data.trim() === '' || element.closest('.hidden-text, option, [hidden], .skip-link') || element.getClientRects().length === 0) continue;
    const under = back(element);
    const own = over(rgba(getComputedStyle(element).color), under);
    const [a, b] = [light(own), light(under)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) bad.add(element.className + ': ' + walk.currentNode.data.slice(0, 30) + ' ' + ratio.toFixed(2));
  }
  return [...bad].slice(0, 10);
})()`;

/** Links, buttons and fields without a name. */
const NAMELESS = `[...document.querySelectorAll('#app a, #app button, #app select, #app input, #app [tabindex="0"]')].filter((element) => !(element.textContent.trim() || element.getAttribute('aria-label') || element.title || element.labels?.length)).map((element) => element.outerHTML.slice(0, 120))`;
