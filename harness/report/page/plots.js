/** Outputs over time against the truth, and their error. uPlot draws; the page says the same in figures. */
const LINES = ['--line-truth', '--line-1', '--line-2', '--line-3', '--line-4'];

function plotsCard(one) {
  if (one.plots.length === 0) return null;
  const titles = new Set(one.plots.map((plot) => plot.title));
  const select = el('select', { id: newId('sequence'), on: { change: () => draw() } },
    one.plots.map((plot, index) => el('option', { value: index }, titles.size > 1 ? `${plot.sequence} – ${plot.title}` : plot.sequence)));
  const step = (by) => { select.selectedIndex = (select.selectedIndex + by + one.plots.length) % one.plots.length; draw(); };
  const figures = el('div', { class: 'plot-figures', 'aria-live': 'polite' });
  const main = el('div', { class: 'plot', role: 'img' });
  const errors = el('div', { class: 'plot plot-error', role: 'img' });
  let charts = [];
  let release = () => {};
  const draw = () => {
    const plot = one.plots[select.selectedIndex];
    for (const chart of charts) chart.destroy();
    charts = drawPlot(plot, main, errors, figures);
  };
  const result = card('Against the truth', titles.size === 1 ? [...titles][0] : null,
    el('div', { class: 'plot-bar' }, el('label', { for: select.id }, 'Sequence'), select,
      one.plots.length > 1 ? [el('button', { type: 'button', class: 'quiet', 'aria-label': 'Previous sequence', on: { click: () => step(-1) } }, '‹'), el('button', { type: 'button', class: 'quiet', 'aria-label': 'Next sequence', on: { click: () => step(1) } }, '›')] : null, figures),
    main, errors, el('p', { class: 'note' }, 'Drag to zoom, double-click to see all.'));
  // Width and colours are known only once the card is in the page; both may change.
  const watch = new ResizeObserver(() => { for (const chart of charts) chart.setSize({ width: main.clientWidth, height: chart.height }); });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  result.start = () => { draw(); watch.observe(main); dark.addEventListener('change', draw); release = () => { watch.disconnect(); dark.removeEventListener('change', draw); for (const chart of charts) chart.destroy(); }; };
  result.stop = () => release();
  return result;
}

function drawPlot(plot, main, errors, figures) {
  const length = Math.max(0, ...plot.series.map((series) => series.values.length));
  const time = Array.from({ length }, (_, step) => Number((step * plot.stepSeconds).toPrecision(12)));
  const values = plot.series.map((series) => time.map((_, step) => drawable(series.values[step])));
  const differences = values.slice(1).map((series) => series.map((value, step) => (value === null || values[0][step] === null ? null : value - values[0][step])));
  const names = plot.series.map((series) => series.name);
  figures.replaceChildren(...differences.map((series, at) => figuresOf(series, names[at + 1], plot.unit, names[0])));
  main.setAttribute('aria-label', `${plot.title} over time in sequence ${plot.sequence}: ${names.join(', ')}`);
  errors.setAttribute('aria-label', `Error against ${names[0]} in sequence ${plot.sequence}`);
  errors.hidden = differences.length === 0;
  const sync = { key: newId('sync') };
  const top = chart(main, 260, plot.unit, time, values, names.map((name, at) => line(name, LINES[at % LINES.length], at === 0 ? 2.5 : 1.5)), sync);
  if (differences.length === 0) return [top];
  return [top, chart(errors, 150, plot.unit, time, differences, differences.map((_, at) => line(differences.length === 1 ? 'error' : `error of ${names[at + 1]}`, at === 0 ? '--line-error' : LINES[(at + 1) % LINES.length], 1.25)), sync)];
}

function figuresOf(series, name, unit, truth) {
  const there = series.filter((value) => value !== null);
  if (there.length === 0) return el('span', null, `${name}: nothing to compare`);
  const rmse = Math.sqrt(there.reduce((sum, value) => sum + value * value, 0) / there.length);
  const most = there.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return el('span', null, `${name} against ${truth}: RMSE `, el('b', null, `${num(rmse)} ${unit}`), ', max |error| ', el('b', null, `${num(most)} ${unit}`));
}

function line(label, variable, width) {
  return { label, stroke: colour(variable), width, points: { show: false }, value: (_, value) => (value === null || value === undefined ? '–' : num(Number(value.toPrecision(5)))) };
}

function chart(into, height, unit, time, values, series, sync) {
  const grid = { stroke: colour('--grid'), width: 1 };
  const axis = { stroke: colour('--muted'), grid, ticks: grid, font: '12px system-ui, sans-serif', labelFont: '12px system-ui, sans-serif' };
  const options = {
    width: Math.max(200, into.clientWidth), height, cursor: { sync, drag: { x: true, y: false } },
    scales: { x: { time: false } },
    axes: [{ ...axis, values: (_, ticks) => ticks.map((tick) => `${tick} s`) }, { ...axis, label: unit, labelSize: 18, size: 56, space: height < 200 ? 20 : 30 }],
    series: [{ label: 't', value: (_, value) => (value === null || value === undefined ? '–' : `${num(value)} s`) }, ...series],
  };
  return new uPlot(options, [time, ...values], into);
}
