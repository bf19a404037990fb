import t from 'tap';
import { noBrowser, startBrowser } from '../testing/browser.ts';
import { forgivenCase, notShownCase, wrongStateCase } from '../testing/diagnosed-reports.ts';
import { report } from '../testing/sample-reports.ts';

t.setTimeout(120_000);
// What is neither right nor wrong: forgiven, never shown, too little to tell.
t.test('forgiven, not shown and too few, in Chromium', { skip: noBrowser, timeout: 110_000 }, async (t) => {
  const { open } = await startBrowser(t);

  await t.test('what is forgiven is neither equal nor wrong, and is explained', async (t) => {
    const { page, complaints } = await open(report([forgivenCase()]));
    const graph = page.locator('.diagnosis-card');
    t.match(await graph.locator('.card-head').innerText(), /What differs\s+1 of 5 layers wrong by itself \(forgiven\), 2 more differ \(forgiven\), 1 output differs \(forgiven\)/);
    t.match(await graph.locator('.culprits').innerText(), /1 DEPTHWISE_CONV_2D\s+≈ forgiven\s+padded with 0/);
    t.match(await page.locator('.layer-detail').innerText(), /Layer 1 DEPTHWISE_CONV_2D\s+wrong by itself, forgiven[\s\S]*≈ Forgiven by the tolerance for operator DEPTHWISE\*: the vendor rounds once[\s\S]*padded with 0[\s\S]*only the last 3 channels/, 'the first is open');
    t.match(await page.evaluate<string[]>(`[...document.querySelectorAll('.node[data-layer]')].map((one) => one.getAttribute('aria-label'))`),
      [/equal$/, /720 of 11.520 wrong by itself, forgiven$/, /differs, forgiven, max \|d\| 3$/, /equal$/, /differs, forgiven, max \|d\| 3$/]);
    t.equal(await page.locator('.graph .mark-forgiven rect').count(), 2, 'a shape of its own');
    t.same([await page.locator('.graph .edge-forgiven').count(), await page.locator('.graph .edge-spreads').count()], [3, 0]);
    const layers = page.locator('.card', { has: page.locator('table.layers') });
    t.match(await layers.locator('.card-head').innerText(), /3 of 5 layers differ, forgiven/);
    t.same(await layers.locator('tr.layer .badge').allInnerTexts(), ['equal', '≈ differs, forgiven', '≈ differs, forgiven', 'equal', '≈ differs, forgiven']);
    const colours = await layers.locator('tr.layer .badge').evaluateAll((badges) => badges.map((badge) => badge.ownerDocument.defaultView?.getComputedStyle(badge).color ?? ''));
    t.not(colours[1], colours[0], 'not the green of equal');
    t.match(await layers.locator('tr.detail').nth(1).innerText(), /Wrong by itself[\s\S]*≈ Forgiven by the tolerance for operator DEPTHWISE[\s\S]*≈ differs, forgiven\s+255 LSB/);
    await page.getByRole('button', { name: 'Only what differs' }).click();
    t.equal(await page.locator('tr.layer:visible').count(), 3);
    await layers.getByRole('button', { name: 'Show it in the graph' }).click();
    t.ok(await graph.locator('.node[data-layer="1"][aria-current]').isVisible());
    t.match(await page.getByRole('region', { name: 'Outputs and their metrics' }).innerText(), /0 of 400 differ by more than is forgiven\s+max \|d\| 3\s+≈ differs, forgiven/);
    t.match(await page.getByRole('region', { name: 'Tolerances', exact: true }).last().innerText(), /in at most 99\.999.% of the elements/);
    t.match(await page.locator('.tiles').innerText(), /Mismatched\s+0\s+810 elements differ, forgiven/);
    t.same(complaints, []);
    await page.close();
  });

  await t.test('which tensor, too few for a cause, and long names leave the columns in view', async (t) => {
    const { page, complaints } = await open(report([wrongStateCase()]));
    t.match(await page.locator('.layer-detail').innerText(), /Too few wrong elements to name a cause[\s\S]*Where: in state tensor 17\s+Of its 3 tensors the one with the most/);
    t.match(await page.locator('.culprit').innerText(), /too few wrong elements/);
    const box = page.getByRole('region', { name: 'Tensors of layer 0' });
    const places = await box.evaluate((element) => ({ inner: element.scrollWidth, outer: element.clientWidth, longest: Math.max(...[...element.querySelectorAll('.tensor-cell small')].map((one) => (one.textContent ?? '').length)) }));
    t.ok(places.inner <= places.outer + 1, `${places.inner} px in ${places.outer}`);
    t.ok(places.longest <= 48);
    t.equal(await page.locator('.tensor-cell').first().getAttribute('title'), wrongStateCase().layers[0]?.name, 'the whole name is kept');
    t.same(complaints, []);
    await page.close();
  });

  await t.test('a layer that was never shown has no count', async (t) => {
    const { page, complaints } = await open(report([notShownCase()]), '#case=0&layer=0');
    t.match(await page.locator('.layer-detail').innerText(), /not executed or not shown\s[\s\S]*its tap was never called\. It was not executed, or executed without being shown/);
    t.notMatch(await page.locator('.layer-detail').innerText(), /1 of 16.000/);
    t.same(await page.locator('tr.layer .badge').allInnerTexts(), ['not shown', 'at least 1']);
    t.match(await page.locator('.tiles').innerText(), /Mismatched\s+at least 1\s/);
    t.same(complaints, []);
    await page.close();
  });
});
