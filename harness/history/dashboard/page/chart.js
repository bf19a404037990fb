/** One chart: lines of one unit and quality. uPlot draws the lines; marks, change points, accepted figures and the chosen point are drawn over them. */
const CHART_HEIGHT = 300;

/**
 * @param panel {unit, quality, lines, changes, marks, baselines}
 * @param options {mode, relative, zero, pick(point): a point was chosen}
 */
function trendChart(panel, options) {
  const { xs, labels, at, lines } = placesOf(panel.lines, options.mode);
  const base = (line) => (options.relative ? line.shown[0]?.value || 1 : 1);
  const scale = (line, value) => (options.relative ? (100 * value) / base(line) : value);
  const order = lines.flatMap((line) => line.shown.map((point) => ({ line, point }))).sort((a, b) => a.point.at - b.point.at || a.line.order - b.line.order);
  const tip = el('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });
  const holder = el('div', { class: 'plot trend-plot', tabindex: '0', role: 'group', 'aria-roledescription': 'chart', 'aria-label': `${metricWord(panel.metric)} in ${panel.unit || 'plain numbers'}, ${panel.quality}: ${plural(order.length, 'point')} of ${unique(lines.map((line) => line.device)).join(', ')}. Arrow keys go from point to point, up and down to another device.` }, tip);
  let chosen = null;
  let chart = null;

  const columns = lines.map((line) => { const column = new Array(xs.length).fill(null); for (const point of line.shown) column[point.at] = scale(line, point.value); return column; });
  const choose = (entry) => { chosen = entry; chart?.redraw(false, false); options.pick(entry, panel); };
  const near = (left, top) => {
    let [best, least] = [null, Infinity];
    for (const entry of order) {
      const [dx, dy] = [chart.valToPos(xs[entry.point.at], 'x') - left, chart.valToPos(scale(entry.line, entry.point.value), 'y') - top];
      const distance = dx * dx + dy * dy * 0.3;
      if (distance < least) { least = distance; best = entry; }
    }
    return best;
  };
  const hover = (u) => {
    const { left, top } = u.cursor;
    const entry = left === undefined || left < 0 ? null : near(left, top);
    tip.hidden = entry === null;
    if (entry === null) return;
    tip.replaceChildren(el('b', null, `${num(entry.point.value)} ${unit(panel.unit)}`), el('span', null, entry.line.device), el('span', null, timeText(entry.point.run.atMs)), el('span', { class: 'code' }, entry.point.run.commit ? shortCommit(entry.point.run.commit) : 'no commit'), entry.point.run.subject ? el('span', null, entry.point.run.subject.slice(0, 80)) : null, el('span', { class: 'code' }, entry.point.run.id));
    const x = u.valToPos(xs[entry.point.at], 'x') + u.over.offsetLeft;
    const y = u.valToPos(scale(entry.line, entry.point.value), 'y') + u.over.offsetTop;
    tip.style.setProperty('left', `${Math.max(0, x > holder.clientWidth / 2 ? x - tip.offsetWidth - 12 : x + 12)}px`);
    tip.style.setProperty('top', `${Math.max(0, y - tip.offsetHeight - 8)}px`);
  };

  const draw = () => {
    const grid = { stroke: colour('--grid'), width: 1 };
    const axis = { stroke: colour('--muted'), grid, ticks: grid, font: '12px system-ui, sans-serif', labelFont: '12px system-ui, sans-serif' };
    const stepped = uPlot.paths.stepped({ align: 1 });
    chart?.destroy();
    chart = new uPlot({
      width: Math.max(200, holder.clientWidth), height: CHART_HEIGHT, padding: [22, 12, 0, 0], legend: { show: false }, cursor: { drag: { x: true, y: false }, points: { show: false }, y: false },
      scales: { x: { time: options.mode === 'time' }, y: { range: (_, least, most) => yRange(least, most, options.zero) } },
      axes: [options.mode === 'time' ? { ...axis, size: 34 } : { ...axis, size: 34, space: 90, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000], values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) && labels[tick] ? (options.mode === 'commit' ? shortCommit(labels[tick].commit) : dayText(labels[tick].atMs)) : '')) },
        { ...axis, label: options.relative ? '% of the first figure shown' : unit(panel.unit), labelSize: 18, size: 64, values: (_, ticks) => ticks.map((tick) => shortNumber(tick)) }],
      series: [{}, ...lines.map((line) => ({ label: line.device, stroke: colour(line.colour), width: 1.75, dash: line.dash, paths: stepped, spanGaps: true, points: { show: line.shown.length <= 60, size: 5, fill: colour(line.colour) } }))],
      hooks: { setCursor: [hover], draw: [(u) => overlay(u, { panel, lines, xs, at, scale, chosen })] },
    }, [xs, ...columns], holder);
    chart.over.addEventListener('click', () => { const { left, top } = chart.cursor; const entry = left >= 0 ? near(left, top) : null; if (entry) choose(entry); });
    chart.over.addEventListener('mouseleave', () => { tip.hidden = true; });
  };
  holder.addEventListener('keydown', (event) => {
    const own = chosen === null ? order : order.filter((entry) => entry.line.device === chosen.line.device);
    const place = chosen === null ? own.length : own.findIndex((entry) => entry.point === chosen.point);
    const to = { ArrowLeft: own[Math.max(0, place - 1)], ArrowRight: own[Math.min(own.length - 1, place + 1)], Home: own[0], End: own.at(-1) }[event.key] ?? (event.key === 'ArrowUp' || event.key === 'ArrowDown' ? otherDevice(order, lines, chosen, event.key === 'ArrowUp' ? -1 : 1) : undefined);
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
  });
  const watch = new ResizeObserver(() => { if (chart && Math.abs(chart.width - holder.clientWidth) > 1) chart.setSize({ width: Math.max(200, holder.clientWidth), height: CHART_HEIGHT }); });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  return { element: holder, choose: (key) => { const entry = order.findLast((one) => one.point.run.key === key); if (entry) choose(entry); return entry !== undefined; },
    start: () => { draw(); watch.observe(holder); dark.addEventListener('change', draw); }, stop: () => { watch.disconnect(); dark.removeEventListener('change', draw); chart?.destroy(); } };
}

function otherDevice(order, lines, chosen, by) {
  if (chosen === null) return order.at(-1);
  const devices = unique(lines.map((line) => line.device));
  const device = devices[(devices.indexOf(chosen.line.device) + by + devices.length) % devices.length];
  return order.filter((entry) => entry.line.device === device).reduce((best, entry) => (best === null || Math.abs(entry.point.at - chosen.point.at) < Math.abs(best.point.at - chosen.point.at) ? entry : best), null);
}

/** A little room above and below; what does not vary is in the middle, not blown up. */
function yRange(least, most, zero) {
  if (least === null || most === null) return [0, 1];
  const room = Math.max((most - least) * 0.12, Math.abs(most) * 0.01, 1e-9);
  return [zero ? Math.min(0, least) : least - room, most + room];
}

function shortNumber(value) {
  const size = Math.abs(value);
  if (size >= 1e9) return `${Number((value / 1e9).toPrecision(4))}G`;
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  return size >= 1e4 ? `${Number((value / 1e3).toPrecision(5))}k` : String(Number(value.toPrecision(5)));
}

/** What stands over the lines. */
function overlay(u, { panel, lines, xs, at, scale, chosen }) {
  const { ctx, bbox } = u;
  const dpr = devicePixelRatio || 1;
  const x = (place) => u.valToPos(xs[place], 'x', true);
  const y = (value) => u.valToPos(value, 'y', true);
  const inside = (place) => place !== undefined && x(place) >= bbox.left - 1 && x(place) <= bbox.left + bbox.width + 1;
  const lineOf = (device, hash) => lines.find((line) => line.device === device && (hash === undefined || line.hash === hash));
  ctx.save();
  ctx.lineWidth = dpr;
  for (const one of panel.baselines) {
    const line = lineOf(one.device, one.hash);
    if (!line) continue;
    const from = line.shown.find((point) => point.run.key === one.run) ?? line.shown.find((point) => point.run.atMs >= one.atMs) ?? line.shown.at(-1);
    if (!from) continue;
    ctx.strokeStyle = colour(line.colour);
    ctx.setLineDash([3 * dpr, 4 * dpr]);
    const level = y(scale(line, one.value));
    path(ctx, [[Math.max(bbox.left, x(from.at)), level], [bbox.left + bbox.width, level]]);
  }
  const flags = new Map();
  for (const mark of panel.marks) {
    const place = at(mark.run);
    if (inside(place)) flags.set(place, unique([...(flags.get(place) ?? []), mark.letter]));
  }
  ctx.textAlign = 'center';
  ctx.font = `600 ${10 * dpr}px system-ui, sans-serif`;
  for (const [place, letters] of flags) {
    ctx.setLineDash([2 * dpr, 3 * dpr]);
    ctx.strokeStyle = ctx.fillStyle = colour('--muted');
    path(ctx, [[x(place), bbox.top], [x(place), bbox.top + bbox.height]]);
    ctx.fillText(letters.join(''), x(place), bbox.top - 5 * dpr);
  }
  for (const one of panel.changes) {
    const line = lines.find((each) => each.device === one.device && each.shown.some((point) => point.run.key === one.run));
    const point = line?.shown.find((each) => each.run.key === one.run);
    if (!point || !inside(point.at)) continue;
    ctx.setLineDash([]);
    ctx.strokeStyle = ctx.fillStyle = colour(one.direction === 'worse' ? (one.state === 'open' ? '--bad' : '--warn') : '--good');
    const [px, py] = [x(point.at), y(scale(line, point.value))];
    const up = (one.after > one.before ? 1 : -1) * dpr;
    const tipY = py - 7 * up;
    ctx.beginPath();
    ctx.moveTo(px, tipY - 10 * up);
    ctx.lineTo(px - 6 * dpr, tipY);
    ctx.lineTo(px + 6 * dpr, tipY);
    ctx.closePath();
    one.state === 'open' ? ctx.fill() : ctx.stroke();
  }
  for (const line of lines) for (const point of line.shown) if (point.run.dirty && inside(point.at)) ring(ctx, x(point.at), y(scale(line, point.value)), 3.5 * dpr, colour(line.colour), colour('--surface'));
  if (chosen !== null && inside(chosen.point.at)) {
    ctx.lineWidth = 2 * dpr;
    ring(ctx, x(chosen.point.at), y(scale(chosen.line, chosen.point.value)), 7 * dpr, colour('--text'), null);
  }
  ctx.restore();
}

function path(ctx, points) {
  ctx.beginPath();
  points.forEach(([x, y], at) => (at === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.stroke();
}

function ring(ctx, x, y, radius, stroke, fill) {
  ctx.setLineDash([]);
  ctx.strokeStyle = stroke;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  if (fill !== null) { ctx.fillStyle = fill; ctx.fill(); }
  ctx.stroke();
}
