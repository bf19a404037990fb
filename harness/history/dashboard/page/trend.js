/** Figures of a case over its runs: a chart for each unit and quality, since nothing else may share an axis. */
async function trendView(params) {
  const cells = start.cells;
  const suite = params.get('suite') ?? cells[0].suite;
  const names = unique(cells.filter((cell) => cell.suite === suite).map((cell) => cell.case)).sort();
  const name = params.get('case') ?? names[0] ?? '';
  const own = cells.filter((cell) => cell.suite === suite && cell.case === name);
  const head = trendHead('trend', params, suite, names, name);
  if (own.length === 0) return [head, empty(`No case “${name}” of “${suite}” is in this site.`, 'It may have another name now, or be older than what the site was made of.', link('overview', {}, 'To the overview'))];
  const metrics = unique(own.flatMap((cell) => cell.metrics));
  if (metrics.length === 0) return [head, empty('No run of this case got as far as a figure.', 'Trends need runs that were not ended by a bench or build error. ', link('suite', { suite }, 'What its runs ended in'))];
  const metric = metrics.includes(params.get('metric')) ? params.get('metric') : metrics[0];
  const devices = own.map((cell) => cell.device).sort();
  const state = { suite, case: name, metric, devices: chosenDevices(params, devices), x: params.get('x') ?? 'run', relative: params.get('relative') === 'true', zero: params.get('zero') === 'true', pr: params.get('pr') === 'true', run: params.get('run') ?? '' };
  const place = el('div', { class: 'panels' });
  const set = (changes) => { Object.assign(state, changes); adjust('trend', { ...state, devices: state.devices.length === devices.length ? '' : JSON.stringify(state.devices) }); failing(place, draw()); };
  let turn = 0;
  const draw = async () => {
    turn += 1;
    const mine = turn;
    const loaded = await Promise.all(state.devices.map(async (device) => [device, await load(`series-${cellOf(suite, name, device).file}`)]));
    if (mine === turn) showPanels(place, loaded, devices, state);
  };
  const chips = devices.map((device, order) => el('label', { class: 'chip' }, el('input', { type: 'checkbox', checked: state.devices.includes(device), on: { change: (event) => set({ devices: devices.filter((one) => (one === device ? event.target.checked : state.devices.includes(one))) }) } }), el('span', { class: 'swatch', style: { background: `var(--device-${order % DEVICE_COLOURS})` }, 'aria-hidden': 'true' }), device));
  await draw();
  return [head, card('Trend', null, el('div', { class: 'controls' }, choice('Figure', metrics.map((one) => [one, metricWord(one)]), metric, (value) => set({ metric: value })), choice('Order', [['run', 'by run'], ['commit', 'by commit'], ['time', 'by time']], state.x, (value) => set({ x: value })),
    check('relative', state.relative, (on) => set({ relative: on }), 'each line in percent of its first figure'), check('from zero', state.zero, (on) => set({ zero: on })), check('pull requests', state.pr, (on) => set({ pr: on }), 'also runs of pull requests')),
    el('fieldset', { class: 'chips' }, el('legend', { class: 'hidden-text' }, 'Devices'), chips), place)];
}

function chosenDevices(params, devices) {
  let asked = [];
  try { asked = JSON.parse(params.get('devices') ?? '[]'); } catch { /* an address that somebody typed */ }
  const chosen = Array.isArray(asked) ? devices.filter((device) => asked.includes(device)) : [];
  return chosen.length > 0 ? chosen : devices;
}

function trendHead(view, params, suite, names, name) {
  const suites = unique(start.cells.map((cell) => cell.suite)).sort();
  return pageHead(name, suite, choice('Suite', suites.map((one) => [one, one]), suite, (value) => go(view, { suite: value })), choice('Case', names.map((one) => [one, one]), name, (value) => go(view, { suite, case: value, metric: params.get('metric') })));
}

function showPanels(place, loaded, devices, state) {
  place.stop?.();
  const parts = loaded.map(([device, series]) => linesOf(device, devices.indexOf(device), series, state.metric, state.pr));
  const lines = parts.flatMap((part) => part.lines);
  const runs = new Map(parts.flatMap((part) => part.runs.map((run) => [run.key, run])));
  const all = (key) => parts.flatMap((part) => part[key]);
  const panels = unique(lines.map((line) => JSON.stringify([line.unit, line.quality]))).map((name) => {
    const [unitName, qualityName] = JSON.parse(name);
    const own = lines.filter((line) => line.unit === unitName && line.quality === qualityName);
    const has = (one) => own.some((line) => line.device === one.device);
    return { metric: state.metric, unit: unitName, quality: qualityName, lines: own, changes: all('changes').filter(has), marks: all('marks').filter(has), baselines: all('baselines').filter(has) };
  });
  const detail = el('div', { class: 'point', 'aria-live': 'polite' }, el('p', { class: 'note' }, 'Choose a point, by a click or with the arrow keys in the chart, to see its run, commit and report. Drag to zoom, double-click to see all.'));
  const pick = (entry) => { state.run = entry.point.run.key; detail.replaceChildren(...pointDetail(entry, state.suite, state.case)); };
  const charts = panels.map((panel) => trendChart(panel, { mode: state.x, relative: state.relative, zero: state.zero, pick }));
  const leftOut = Math.max(0, ...parts.map((part) => part.leftOut));
  place.replaceChildren(); // what follows may be empty
  append(place, [
    state.devices.length === 0 ? empty('No device is chosen.') : lines.length === 0 ? empty(`No figure “${metricWord(state.metric)}” of the devices that are chosen.`) : null,
    panels.map((panel, at) => el('div', { class: 'panel' }, el('h3', null, `${metricWord(state.metric)}${panel.unit ? `, ${unit(panel.unit)}` : ''} `, quality(panel.quality), el('span', { class: 'panel-note' }, panel.lines.some((line) => !line.exact) ? 'varies from run to run' : 'repeats exactly')), charts[at].element)),
    panels.length > 0 ? [chartLegend(all('marks'), all('changes'), all('baselines'), lines), detail] : null, leftOut > 0 ? el('p', { class: 'note' }, `${plural(leftOut, 'older run')} of a device left out; hil history export has all.`) : null,
    section('Change points', all('changes'), (list) => changesTable(list, runs, state.suite), start.regressions.note ? `Not judged: ${start.regressions.note}` : 'None: no figure shown here has changed for good.'),
    all('marks').length > 0 ? section('What else changed', all('marks').sort((a, b) => b.run.atMs - a.run.atMs).slice(0, 60), marksTable) : null,
    all('baselines').length > 0 ? section('Accepted figures', all('baselines'), baselinesTable) : null, lines.length > 0 ? laterTable(lines, state.suite) : null,
  ]);
  place.stop = () => { for (const chart of charts) chart.stop(); };
  whenShown(place, () => { for (const chart of charts) chart.start(); if (state.run) charts.some((chart) => chart.choose(state.run)); });
}

function section(title, list, make, none) {
  return el('div', { class: 'section' }, el('h3', null, title), list.length > 0 ? make(list) : el('p', { class: 'note' }, none));
}

function laterTable(lines, suite) {
  const details = el('details', { class: 'section', on: { toggle: () => { if (details.open && details.childElementCount === 1) details.append(figuresTable(lines, suite)); } } }, el('summary', null, `Figures as a table (the newest ${MOST_FIGURES})`));
  return details;
}

function chartLegend(marks, changes, baselines, lines) {
  const parts = [changes.some((one) => one.direction === 'worse') ? [el('b', { class: 'bad' }, '▲▼'), ' became worse'] : null, changes.some((one) => one.direction === 'better') ? [el('b', { class: 'good' }, '▲▼'), ' became better'] : null, changes.some((one) => one.state !== 'open' && one.direction === 'worse') ? [el('b', { class: 'warn' }, '△▽'), ' accepted or undone'] : null,
    ...unique(marks.map((mark) => mark.letter)).map((letter) => [el('b', null, letter), ` ${marks.find((mark) => mark.letter === letter).word.toLowerCase()} changed`]), baselines.length > 0 ? [el('b', null, '┄'), ' accepted figure'] : null,
    lines.some((line) => line.points.some((point) => point.run.dirty)) ? [el('b', null, '○'), ' files differed from the commit'] : null].filter((part) => part !== null);
  const broken = unique(lines.map((line) => line.device)).some((device) => lines.filter((line) => line.device === device).length > 1);
  return el('p', { class: 'legend' }, parts.map((part) => el('span', null, part)), broken ? el('span', null, 'A line ends where compiler, clock or flags change: what follows is not compared with it.') : null);
}
