/** What needs somebody now, and the whole at a glance. */
const STALE = 7 * DAY;

/** What a bench and device did in the last days before the newest run. */
function benchSum(bench, days) {
  const from = days === null ? '' : dayText(start.totals.lastMs - days * DAY);
  const sum = { cases: 0, errors: 0, retries: 0, lostMs: 0 };
  for (const [day, cases, errors, retries, lostMs] of bench.days) if (day > from) { sum.cases += cases; sum.errors += errors; sum.retries += retries; sum.lostMs += lostMs; }
  return sum;
}

/** More than one attempt in twenty fails, and more than one: of a single failure nothing can be said. What a repeat healed counts too. */
function inTrouble(bench) {
  const sum = benchSum(bench, 14);
  const failed = sum.errors + sum.retries;
  return failed >= 2 && failed / (sum.cases + sum.retries) >= 0.05;
}

const todayText = () => dayText(Date.now());
const isExpired = (one) => one.until !== null && one.until < todayText();

/** Its newest run is much older than the newest run of all: a part of the suite was run, or its device was not there. */
const isOld = (cell) => start.totals.lastMs - cell.atMs > STALE;

function overviewView() {
  const here = start.cells.filter((cell) => !cell.gone);
  const red = here.filter((cell) => cell.red !== null).sort((a, b) => b.red.firstMs - a.red.firstMs);
  const troubled = start.benches.filter(inTrouble);
  const undecided = here.filter((cell) => cell.verdict === 'bench-error' || cell.verdict === 'interrupted');
  const flaky = here.filter((cell) => cell.flaky !== null);
  const expired = start.quarantines.filter(isExpired);
  return [headline(here, red, undecided), overviewTiles(here, red, troubled, undecided, flaky, expired), gridCard(), redCard(red),
    el('div', { class: 'two' }, benchCard(troubled, undecided), regressionCard()), flaky.length > 0 ? flakyCard(flaky) : null, newestCard()];
}

function headline(here, red, undecided) {
  const open = start.regressions.count;
  const stale = Date.now() - start.totals.lastMs > STALE;
  const passing = here.filter((cell) => cell.verdict === 'pass').length;
  const old = here.filter(isOld).length;
  const verdict = red.length > 0 ? 'fail' : undecided.length > 0 || stale || open > 0 || old > 0 || passing === 0 ? 'bench-error' : 'pass';
  const words = red.length > 0 ? `${plural(red.length, 'case')} of ${num(here.length)} ${red.length === 1 ? 'is' : 'are'} red` : undecided.length > 0 ? `${plural(undecided.length, 'case')} of ${num(here.length)} could not be judged` : `${num(passing)} of ${plural(here.length, 'case')} pass`;
  const more = [red.length > 0 && undecided.length > 0 ? `${undecided.length} could not be judged: the bench failed` : '', old > 0 ? `${old} did not run for more than a week` : '', open > 0 ? plural(open, 'open regression') : '', start.regressions.note ? `figures are not judged: ${start.regressions.note}` : '']
    .filter((text) => text !== '');
  return el('section', { class: `banner is-${verdict}`, 'aria-label': 'State' }, el('div', { class: 'big-mark', 'aria-hidden': 'true' }, VERDICTS[verdict].mark),
    el('div', { class: 'banner-text' }, el('h1', { class: 'verdict', tabindex: '-1' }, words), more.length > 0 ? el('p', { class: 'main-reason' }, more.join(' · ')) : null,
      el('p', { class: 'note' }, 'Newest run ', when(start.totals.lastMs), stale ? el('b', null, ' – nothing has run for more than a week') : null, `. A case on a device counts as one; ${start.filters.some((one) => one.startsWith('--branch')) ? 'runs of pull requests' : 'pull requests, other branches than the main one'} and files in no commit are left aside.`)));
}

function linkTile(name, value, note, tone, href) {
  return el('a', { class: `tile link-tile${tone ? ` tile-${tone}` : ''}`, href }, el('span', { class: 'tile-name' }, name), el('span', { class: 'value' }, value), el('span', { class: 'note' }, note));
}

function overviewTiles(here, red, troubled, undecided, flaky, expired) {
  const sums = start.benches.map((bench) => benchSum(bench, 7));
  const total = (key) => sums.reduce((sum, one) => sum + one[key], 0);
  const quarantined = start.quarantines.length;
  return el('div', { class: 'tiles', role: 'group', 'aria-label': 'Figures' },
    linkTile('Red', num(red.length), red.length === 0 ? `of ${plural(here.length, 'case')}` : `since ${dayText(Math.min(...red.map((cell) => cell.red.firstMs)))}`, red.length > 0 ? 'bad' : '', '#red'),
    linkTile('Not judged', num(undecided.length), undecided.length > 0 ? 'newest run: bench error' : 'bench errors, now', undecided.length > 0 ? 'warn' : '', '#bench'),
    linkTile('Benches in trouble', `${num(troubled.length)}`, `of ${start.benches.length}; ${percent(total('errors'), total('cases'))} errors in 7 days`, troubled.length > 0 ? 'warn' : '', '#bench'),
    linkTile('Open regressions', start.regressions.note ? '?' : num(start.regressions.count), start.regressions.note ? 'not judged' : `in ${num(start.regressions.series)} series`, start.regressions.count > 0 ? 'bad' : '', '#regressions'),
    linkTile('Flaky targets', num(flaky.length), 'same image passed and failed', flaky.length > 0 ? 'warn' : '', '#flaky'),
    linkTile('Quarantined', num(quarantined), expired.length > 0 ? `${expired.length} expired` : quarantined > 0 ? 'none expired' : 'nothing is left out', expired.length > 0 ? 'bad' : '', '#quarantine'));
}

function gridCard() {
  const suites = unique(start.grid.map((one) => one.suite));
  const devices = unique(start.grid.map((one) => one.device)).sort();
  const at = new Map(start.grid.map((one) => [JSON.stringify([one.suite, one.device]), one]));
  const cell = (one) => {
    if (!one) return el('span', { class: 'grid-none' }, 'not run here');
    const run = runAt(one.run);
    const stale = start.totals.lastMs - one.atMs > STALE;
    const old = start.cells.filter((cell) => !cell.gone && cell.suite === one.suite && cell.device === one.device && isOld(cell)).length;
    const days = (ms) => Math.floor((start.totals.lastMs - ms) / DAY);
    return el('a', { class: `grid-cell is-${one.verdict}`, href: address('suite', { suite: one.suite, device: one.device }), title: run ? `${run.id}, ${timeText(run.atMs)}` : null },
      el('span', { class: 'grid-head' }, el('span', { class: 'dot', 'aria-hidden': 'true' }, VERDICTS[one.verdict].mark), el('span', { class: 'grid-word' }, VERDICTS[one.verdict].word)),
      strip(one.strip), el('span', { class: 'grid-foot' }, el('span', null, countsText(one.counts)), el('span', { class: stale || old > 0 ? 'stale' : null }, stale ? `not run for ${days(one.atMs)} days` : old > 0 ? `${old} not run for a week` : ago(one.atMs))));
  };
  return card('Suites and devices', 'the newest verdict of each case; bars are the last 30 runs, the newest on the right',
    el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Suites by devices' }, el('table', { class: 'grid' }, el('caption', { class: 'hidden-text' }, 'Suites by devices'),
      el('thead', null, el('tr', null, el('th', { scope: 'col' }, 'Suite'), devices.map((device) => el('th', { scope: 'col' }, device)))),
      el('tbody', null, suites.map((suite) => el('tr', null, el('th', { scope: 'row' }, link('suite', { suite }, suite)), devices.map((device) => el('td', null, cell(at.get(JSON.stringify([suite, device]))))))))),
    ), legend());
}

function countsText(counts) {
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const worst = counts[0];
  return `${num(worst[1])} of ${plural(all, 'case')}`;
}

function legend() {
  return el('p', { class: 'legend' }, Object.entries(LETTER_VERDICTS).map(([letter, verdict]) => el('span', null, el('span', { class: 'strip', 'aria-hidden': 'true' }, el('i', { class: `s-${letter}` })), VERDICTS[verdict].word.toLowerCase())));
}

/** What one commit did to a case on several devices is one thing to look at. */
function redGroups(red) {
  const groups = new Map();
  for (const cell of red) {
    const key = JSON.stringify([cell.suite, cell.case, cell.decided.verdict, runAt(cell.red.first)?.commit ?? cell.red.first, runAt(cell.red.lastGood)?.commit ?? null]);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()];
}

function devicesText(devices, brief = false) {
  if (devices.length === 1) return el('span', { class: 'names' }, devices[0]);
  return el('span', { class: 'names', title: devices.join(', ') }, el('b', null, `${devices.length} devices`), brief ? null : el('small', { class: 'block' }, devices.join(', ')));
}

/** @param all more than the first rows */
function redCard(red, all = false) {
  const groups = redGroups(red);
  const shown = all ? groups : groups.slice(0, 8);
  const result = card('Red since', red.length > 0 ? 'the code under test, not the bench; newest first' : null, red.length === 0 ? empty('Nothing is red.', 'Every case that was compared in its newest run passes. What could not be judged is under Benches.')
    : table('What is red, since when', [{ head: 'Case' }, { head: 'On' }, { head: 'Since' }, { head: 'Came with' }, { head: 'Why' }, { head: '' }], shown.map((group) => {
      const [cell] = group;
      const { first, lastGood, firstMs, runs } = cell.red;
      return [
        el('span', null, link('trend', { suite: cell.suite, case: cell.case, devices: JSON.stringify(group.map((one) => one.device)) }, cell.case), el('small', { class: 'block' }, cell.suite)), devicesText(group.map((one) => one.device)),
        el('span', { class: 'nowrap' }, when(firstMs), el('small', { class: 'block' }, group.length > 1 ? `${plural(runs, 'run')} on each` : plural(runs, 'run'))),
        lastGood === null ? el('span', { class: 'muted' }, 'never passed') : commitRange(runAt(lastGood), runAt(first)),
        el('span', { class: 'reason' }, badge('bad', VERDICTS[cell.decided.verdict].word), ' ', cell.decided.reason, cell.culprit ? el('small', { class: 'block' }, `first wrong by itself: ${cell.culprit}`) : null),
        el('span', { class: 'actions' }, reportLink(runAt(cell.decided.run)), cell.layers ? link('layers', { suite: cell.suite, case: cell.case, device: cell.device }, 'Layers') : null),
      ];
    })), !all && groups.length > shown.length ? el('p', { class: 'more' }, link('red', {}, `All ${groups.length}`)) : null);
  result.id = 'red-card';
  return result;
}

function benchCard(troubled, undecided) {
  const rows = troubled.map((bench) => { const sum = benchSum(bench, 14); return [el('span', null, link('bench', { bench: bench.bench, device: bench.device }, bench.device), el('small', { class: 'block' }, bench.bench)), rateBar(sum.errors, sum.cases, 'warn'), num(sum.retries), duration(sum.lostMs)]; });
  return card('Benches that fail', 'cables, boards, tools: not the code under test',
    rows.length === 0 ? empty('No bench is in trouble.', undecided.length > 0 ? `${plural(undecided.length, 'case')} ended in a bench error in the newest run.` : 'Fewer than one attempt in twenty failed for reasons of the bench in 14 days.')
      : table('Devices whose bench fails', [{ head: 'Device' }, { head: 'Bench errors, 14 days' }, { head: 'Retries', number: true }, { head: 'Lost', number: true }], rows), el('p', { class: 'more' }, link('bench', {}, 'Bench health')));
}

function regressionCard() {
  const { open, count } = start.regressions;
  return card('Open regressions', open.length > 0 ? 'figures that became worse' : null, open.length === 0 ? noRegressions() : regressionTable(tellingGroups(regressionGroups(open)).slice(0, 5), true), el('p', { class: 'more' }, link('regressions', {}, open.length > 0 ? `All ${plural(count, 'figure')}` : 'Regressions')));
}

function flakyCard(flaky) {
  const result = card('Flaky targets', 'the same image of the same commit passed and failed within 30 days: races, memory that is not set, or a board at its limits',
    table('Targets that are flaky', [{ head: 'Case' }, { head: 'On' }, { head: 'Passed', number: true }, { head: 'Failed', number: true }, { head: 'Commit' }, { head: 'Image' }], flaky.map((cell) => [link('trend', { suite: cell.suite, case: cell.case, devices: JSON.stringify([cell.device]) }, cell.case), cell.device, num(cell.flaky.passed), num(cell.flaky.failed), commitLink(cell.flaky.commit), el('span', { class: 'code' }, cell.flaky.image)])));
  result.id = 'flaky-card';
  return result;
}

function newestCard() {
  return card('Newest runs', null, table('The newest runs', RUN_COLUMNS, start.newest.slice(0, 12).map((key) => runRow(runAt(key)))), el('p', { class: 'more' }, link('runs', {}, `All ${num(start.totals.runs)} runs`)));
}
