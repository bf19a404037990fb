/** A suite: its cases on its devices. */
function suiteView(params) {
  const suite = params.get('suite') ?? '';
  const device = params.get('device') ?? '';
  const cells = start.cells.filter((cell) => cell.suite === suite);
  if (cells.length === 0) return [pageHead('Suite', null), empty(`No suite “${suite}” is in this site.`, link('overview', {}, 'To the overview'))];
  const devices = unique(cells.map((cell) => cell.device)).sort();
  const shown = devices.includes(device) ? [device] : devices;
  const names = unique(cells.filter((cell) => shown.includes(cell.device)).map((cell) => cell.case));
  const worst = (name) => Math.min(...cells.filter((cell) => cell.case === name && shown.includes(cell.device)).map((cell) => (cell.gone ? 9 : ORDER.indexOf(cell.verdict))));
  names.sort((a, b) => worst(a) - worst(b));
  return [
    pageHead(suite, `${plural(names.length, 'case')} on ${plural(shown.length, 'device')}, what is red first`, choice('Device', [['', 'all devices'], ...devices.map((one) => [one, one])], shown.length === 1 ? shown[0] : '', (value) => go('suite', { suite, device: value })), action(address('runs', { suite, device: shown.length === 1 ? shown[0] : '' }), 'Runs')),
    card('Cases', null, el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Cases by devices' }, el('table', { class: 'grid' }, el('caption', { class: 'hidden-text' }, 'Cases by devices'),
      el('thead', null, el('tr', null, el('th', { scope: 'col' }, 'Case'), shown.map((one) => el('th', { scope: 'col' }, link('bench', { device: one }, one))))),
      el('tbody', null, names.map((name) => el('tr', null, el('th', { scope: 'row' }, link('trend', { suite, case: name }, name)), shown.map((one) => el('td', null, caseCell(cellOf(suite, name, one))))))))), legend()),
  ];
}

const ORDER = ['fail', 'build-error', 'bench-error', 'interrupted', 'pass', 'skipped'];

function caseCell(cell) {
  if (cell === null) return el('span', { class: 'grid-none' }, 'not meant for it');
  const before = cell.verdict !== cell.decided?.verdict && cell.decided ? el('small', { class: 'block' }, `before it: ${VERDICTS[cell.decided.verdict].word.toLowerCase()}, ${ago(cell.decided.atMs)}`) : null;
  const run = runAt(cell.run);
  return el('div', { class: `case-cell is-${cell.verdict}${cell.gone ? ' is-gone' : ''}` }, el('div', { class: 'grid-head' }, pill(cell.verdict), el('span', { class: 'grid-age' }, cell.gone ? `last run ${dayText(cell.atMs)}` : ago(cell.atMs))), strip(cell.strip),
    cell.verdict !== 'pass' ? el('p', { class: 'reason' }, reasonText(cell.reason, cell.endCode)) : null, before, cell.flaky ? el('p', null, badge('warn', 'flaky target')) : null,
    el('p', { class: 'actions' }, run ? reportLink(run) : null, link('trend', { suite: cell.suite, case: cell.case, devices: JSON.stringify([cell.device]) }, 'Trend'), cell.layers ? link('layers', { suite: cell.suite, case: cell.case, device: cell.device }, 'Layers') : null));
}
