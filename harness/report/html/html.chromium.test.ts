import { createServer, type AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import t from 'tap';
import { noBrowser, startBrowser } from '../testing/browser.ts';
import { HOSTILE, hostileReport } from '../testing/hostile.ts';
import { failCase, matrixReport, passCase, report, sampleReports, wideCase } from '../testing/sample-reports.ts';
import { renderHtml } from './html.ts';

t.setTimeout(180_000);
t.test('report.html in Chromium', { skip: noBrowser, timeout: 180_000 }, async (t) => {
  const { open } = await startBrowser(t);

  await t.test('every sample opens without an error or a request', async (t) => {
    for (const [name, sample] of Object.entries(sampleReports())) {
      const { page, complaints } = await open(sample);
      t.same(complaints, [], name);
      t.match(await page.locator('.verdict').first().textContent(), /Pass|Fail|error|Skipped|Interrupted/, name);
      await page.close();
    }
  });

  await t.test('layers: rows, keyboard, details', async (t) => {
    const { page, complaints } = await open(report([failCase()]));
    t.equal(await page.locator('tr.layer').count(), 2);
    const second = page.locator('.toggle').nth(1);
    t.equal(await second.getAttribute('aria-expanded'), 'false');
    await second.focus();
    await page.keyboard.press('Enter');
    t.equal(await second.getAttribute('aria-expanded'), 'true');
    t.match(await page.locator('tr.detail').nth(1).innerText(), /Right by itself[\s\S]*expected 88, got 87/);
    await page.keyboard.press('Space');
    t.equal(await page.locator('tr.detail').nth(1).isVisible(), false);
    t.match(await page.locator('tr.detail').nth(0).innerText(), /step 37, element \[0, 5\]: expected -3, got -4/, 'what is wrong is open at once');
    t.equal(await page.locator('.bar').count() >= 7, true, 'histograms');
    await page.locator('tr.layer td').nth(10).click();
    t.equal(await second.getAttribute('aria-expanded'), 'true', 'a click on the row');
    t.same(complaints, []);
    await page.close();
  });

  await t.test('of many layers, only those that differ', async (t) => {
    const wide = wideCase();
    const [wrong] = failCase().layers;
    const { page } = await open(report([{ ...wide, verdict: 'fail', layers: wide.layers.map((layer) => (layer.index === 60 && wrong !== undefined ? { ...wrong, index: 60 } : layer)) }]));
    t.equal(await page.locator('tr.layer').count(), 100);
    await page.getByRole('button', { name: 'Only what differs' }).click();
    t.equal(await page.locator('tr.layer:visible').count(), 1);
    t.equal(await page.locator('tr.detail:visible').count(), 1);
    await page.close();
  });

  await t.test('plots are drawn, and the sequence can be chosen', async (t) => {
    const { page, complaints } = await open(report([passCase()]));
    t.equal(await page.locator('canvas').count(), 2);
    const first = await inkOf(page);
    t.ok(first.every((ink) => ink.pixels > 500), 'ink on both');
    const before = await page.locator('.plot-figures').innerText();
    await page.locator('.plot-bar select').selectOption('3');
    t.not(await page.locator('.plot-figures').innerText(), before);
    t.not((await inkOf(page))[0]?.hash, first[0]?.hash, 'another picture');
    await page.getByRole('button', { name: 'Next sequence' }).click();
    t.equal(await page.locator('.plot-bar select').inputValue(), '4');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 800 });
    await page.waitForFunction('document.querySelector("canvas").clientWidth < 390');
    t.ok((await inkOf(page)).every((ink) => ink.pixels > 200), 'still drawn, dark and narrow');
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, 'nothing sticks out');
    t.same(complaints, []);
    await page.close();
  });

  await t.test('several cases: the worst first, each can be linked to', async (t) => {
    const { page, complaints } = await open(sampleReports()['mixed'] ?? report([]));
    t.match(await page.locator('.case').first().innerText(), /engine torque LSTM\s+host/);
    await page.locator('.case').nth(1).click();
    await page.getByRole('heading', { name: 'Fault', exact: true }).waitFor();
    t.match(await page.locator('.fault').innerText(), /hil_fully_connected kernels\/fully_connected\.c:88[\s\S]*cfsr\s+0x01000000/);
    t.match(page.url(), /#case=2$/);
    t.same(complaints, []);
    await page.close();
  });

  await t.test('several devices: a column each, every figure with its unit, and the way to each case', async (t) => {
    const { page, complaints } = await open(matrixReport());
    const cases = page.getByRole('region', { name: 'Cases on every device' });
    t.same(await cases.locator('thead th').allInnerTexts(), ['Case', 'qemu-m4\ncortex-m4, simulated', 'nucleo\ncortex-m4', 'host\nx86-64']);
    const cells = await cases.locator('tbody tr').first().locator('td').allInnerTexts();
    t.match(cells, [/Pass[\s\S]*22.391 instructions\s+modelled[\s\S]*flash 18\.1.KiB, RAM 6\.1.KiB, stack 616.B/, /Fail[\s\S]*31.204 cycles\s+hardware/, /^✓?\s*Pass$/]);
    t.match(await cases.locator('tbody tr').nth(1).locator('td').allInnerTexts(), [/Pass/, /Skipped[\s\S]*quarantined: needs/, /not meant for it/]);
    t.match(await page.locator('.not-here').innerText(), /qemu-old: QEMU with the machine old\s+fvp: FVP_Model/);
    const layers = page.getByRole('region', { name: 'Layers on every device' });
    t.same(await layers.locator('thead th').allInnerTexts(), ['Layer', 'qemu-m4\ncortex-m4, simulated', 'nucleo\ncortex-m4', 'host\nx86-64']);
    t.match(await layers.locator('tbody tr').nth(0).locator('td').allInnerTexts(), [/equal\s+21.874 instructions\s+modelled/, /1.488 differ\s+21.874 cycles\s+hardware/, /equal/]);
    t.match(await layers.locator('tbody tr').nth(1).locator('td').nth(1).innerText(), /64 differ\s+inherited/);
    t.equal(await page.locator('.banner .of').textContent(), 'engine torque LSTM on nucleo', 'the worst is shown first');
    await cases.getByRole('button', { name: 'Pass: pump on qemu-m4' }).click();
    await page.waitForFunction('document.querySelector("#case").dataset.index === "3"');
    t.equal(await page.locator('.banner .of').textContent(), 'pump on qemu-m4');
    t.equal(await layers.count(), 0, 'one device alone got to layers');
    t.equal(await page.locator('.matrix [aria-current]').count(), 1);
    await page.setViewportSize({ width: 390, height: 800 });
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, 'nothing sticks out');
    t.same(complaints, []);
    await page.close();
    const single = await open(report([passCase()]));
    t.equal(await single.page.locator('.matrix, .not-here').count(), 0, 'one device needs no table');
    await single.page.close();
  });

  await t.test('hostile names are text and do nothing', async (t) => {
    const hostile = hostileReport();
    const { page, complaints } = await open(hostile);
    for (let index = 0; index < HOSTILE.length; index++) {
      await page.evaluate(`location.hash = 'case=${index}'`);
      await page.waitForFunction(`document.querySelector('#case').dataset.index === '${index}'`);
      t.equal(await page.locator('#case img, #case script, #case iframe, #case b > script, #case failure').count(), 0, `case ${index}`);
    }
    t.equal(await page.evaluate('window.hacked'), undefined);
    await page.evaluate('location.hash = "case=1"');
    await page.waitForFunction('document.querySelector("#case").dataset.index === "1"');
    t.equal(await page.locator('.banner .of').textContent(), `${HOSTILE[1]} on ${HOSTILE[1]}`);
    t.notMatch(await page.locator('body').innerText(), /[\u001b\u009b\u202e\u2028]/);
    t.same(complaints, []);
    await page.close();
  });

  await t.test('the policy holds: markup that got in runs nothing and loads nothing', async (t) => {
    // A server of our own: a browser announces requests that its policy then stops, and opens a connection ahead for a
    // frame that it then refuses. What counts is what is sent.
    let sent = 0;
    const server = createServer((socket) => { socket.on('data', (data) => { sent += data.length; socket.destroy(); }).on('error', () => undefined); });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    t.teardown(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { page } = await open(report([passCase()]));
    await page.evaluate(`
      document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.1:${port}/x.png" onerror="window.hacked=1"><iframe src="http://127.0.0.1:${port}/"></iframe>');
      fetch('http://127.0.0.1:${port}/').catch(() => undefined);`);
    await page.waitForTimeout(200);
    t.equal(await page.evaluate('window.hacked'), undefined);
    t.equal(sent, 0);
    await page.close();
  });
});

t.test('stays small: 100 layers and very long plots', async (t) => {
  t.ok(renderHtml(sampleReports()['wide'] ?? report([])).length < 1_000_000);
  const values = Array.from({ length: 1_000_000 }, (_, step) => (step === 777_777 ? 50 : 1));
  const [plot] = passCase().plots;
  const long = report([{ ...passCase(), plots: plot === undefined ? [] : [{ ...plot, series: [{ name: 'plant', values: values.map(() => 1) }, { name: 'device', values }] }] }]);
  const html = renderHtml(long);
  t.ok(html.length < 3_000_000, `${html.length}`);
  t.match(html, /every 7th step/);
  t.match(html, /1,50,1/, 'the worst step is kept');
});

/** Run in the page, and so text: the program's types know no browser. */
const INK = `[...document.querySelectorAll('canvas')].map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let pixels = 0;
  let hash = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) { pixels++; hash = (hash * 31 + at) | 0; }
  return { pixels, hash };
})`;

/** How much is drawn on each canvas, and a hash of it. */
async function inkOf(page: Page): Promise<{ pixels: number; hash: number }[]> {
  await page.waitForTimeout(100); // uPlot draws in a microtask after layout
  return page.evaluate<{ pixels: number; hash: number }[]>(INK);
}
