import { join } from 'node:path';
import t from 'tap';
import { noBrowser, startBrowser } from '../../report/testing/browser.ts';
import { passCase, report } from '../../report/testing/sample-reports.ts';
import type { CaseReport, Report, RunSource } from '../../report/index.ts';
import { builtSite, historyOf, runAt, scratchDir } from './testing/built-site.ts';

const DAY = 86_400_000;
const now = Date.now();
const one = (name: string): CaseReport => ({ ...passCase(), name });
const run = (id: string, daysAgo: number, cases: readonly CaseReport[], source: Partial<RunSource> = {}): Report => runAt(report(cases), id, now - daysAgo * DAY - 1000, source);
const skipped = (name: string): CaseReport => ({ ...one(name), verdict: 'skipped', reasons: ['loose (quarantined until 2099-01-31, by ana)'] });

t.test('green is only what ran of late on the line that is shown', { skip: noBrowser, timeout: 120_000 }, async (t) => {
  const { openFile } = await startBrowser(t);
  const banner = async (reports: readonly Report[]): Promise<string> => {
    const site = scratchDir(t);
    await builtSite(await historyOf(t, reports), site);
    const { page } = await openFile(join(site, 'index.html'), '');
    const found = page.locator('.banner');
    await found.waitFor();
    const text = `${(await found.getAttribute('class')) ?? ''}: ${await found.innerText()} ${(await page.locator('a.grid-cell').allInnerTexts()).join(' ')}`;
    await page.close();
    return text;
  };
  t.match(await banner([run('1', 2, [one('a'), one('b')]), run('2', 1, [one('a'), one('b')])]), /is-pass: [\s\S]*2 of 2 cases pass/);
  const part = await banner([run('1', 20, [one('a'), one('b')]), run('2', 1, [one('a')])]);
  t.match(part, /is-bench-error: [\s\S]*1 did not run for more than a week/, 'only a part of the suite was run since');
  t.match(part, /1 not run for a week/);
  t.match(await banner([run('1', 20, [one('a')]), run('2', 1, [one('a')], { branch: 'wip' }), run('3', 1, [one('a')], { dirty: true })]), /is-bench-error: [\s\S]*1 did not run for more than a week/, 'another branch says nothing of main');
  t.match(await banner([run('1', 20, [one('a')])]), /is-bench-error: [\s\S]*nothing has run for more than a week/);
  t.match(await banner([run('1', 1, [skipped('a')])]), /is-bench-error: [\s\S]*0 of 1 case pass/, 'nothing but skips is no pass');
});
