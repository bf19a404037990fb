/** Both tensors of a sample side by side: a window of one plane, of which batch and channel can be chosen. */
/** Rows and columns of a window: two of them fit beside each other. */
const WINDOW = { down: 16, across: 10 };

const READERS = {
  int8: [1, (view, at) => view.getInt8(at)], uint8: [1, (view, at) => view.getUint8(at)], bool: [1, (view, at) => view.getUint8(at)], int16: [2, (view, at) => view.getInt16(at, true)],
  int32: [4, (view, at) => view.getInt32(at, true)], int64: [8, (view, at) => view.getBigInt64(at, true)], float32: [4, (view, at) => view.getFloat32(at, true)],
};

/** @returns the elements, or null where text, type and count do not fit each other */
function decodeElements(text, dtype, count) {
  if (!Object.hasOwn(READERS, dtype)) return null;
  const [size, read] = READERS[dtype];
  let raw;
  try { raw = atob(text); } catch { return null; }
  if (raw.length !== count * size) return null;
  const view = new DataView(Uint8Array.from(raw, (character) => character.charCodeAt(0)).buffer);
  return Array.from({ length: count }, (_, at) => read(view, at * size));
}

/** Which axes a plane has: rows and columns; where there is one row only, columns and channels. */
function planeOf(shape) {
  const padded = [1, 1, 1, ...shape].slice(-Math.max(3, shape.length));
  const [rows, columns, channels] = padded.slice(-3);
  const batches = padded.slice(0, -3).reduce((product, size) => product * size, 1);
  const at = (batch, r, c, k) => ((batch * rows + r) * columns + c) * channels + k;
  if (rows > 1) return { batches, others: channels, other: 'Channel', down: rows, across: columns, names: ['row', 'column'], at: (batch, k, r, c) => at(batch, r, c, k) };
  if (columns > 1) return { batches, others: 1, other: '', down: columns, across: channels, names: ['column', 'channel'], at: (batch, _, c, k) => at(batch, 0, c, k) };
  return { batches, others: 1, other: '', down: Math.ceil(channels / WINDOW.across), across: Math.min(WINDOW.across, channels), names: ['line', ''], wrap: true, at: (batch, _, line, k) => (line * WINDOW.across + k < channels ? at(batch, 0, 0, line * WINDOW.across + k) : -1) };
}

function tensorValues(where, leftOut) {
  const { values, shape } = where;
  const missing = (text) => section('Both tensors', el('p', { class: 'note' }, text));
  if (values === null) return missing(leftOut ? 'Left out of this page for its size: they are in report.json.' : 'The report does not carry them: too large, or too many layers are wrong.');
  const count = shape.reduce((product, size) => product * size, 1);
  const expected = decodeElements(values.expected, values.dtype, count);
  const got = decodeElements(values.got, values.dtype, count);
  if (count === 0 || expected === null || got === null) return missing(`They cannot be shown: ${values.dtype}[${shape.join('×')}] does not fit the bytes in the report.`);
  return section('Both tensors', el('p', { class: 'note' }, `Sequence ${values.sequence}, step ${values.step} (sample ${values.sample}), ${values.dtype}[${shape.join('×')}]: the sample with the worst element.`), valueGrids(where, expected, got));
}

function valueGrids(where, expected, got) {
  const plane = planeOf(where.shape);
  const differs = (at) => at >= 0 && !Object.is(expected[at], got[at]);
  const state = { batch: 0, other: 0, down: 0, across: 0 };
  const wrongPlaces = [];
  for (let batch = 0; batch < plane.batches; batch++) for (let other = 0; other < plane.others; other++) for (let d = 0; d < plane.down; d++) for (let a = 0; a < plane.across; a++) if (differs(plane.at(batch, other, d, a))) wrongPlaces.push([batch, other, d, a]);
  const worstAt = where.shape.reduce((at, size, axis) => at * size + (where.worst.index[axis] ?? 0), 0);
  const goTo = ([batch, other, d, a]) => { Object.assign(state, { batch, other, down: Math.floor(d / WINDOW.down) * WINDOW.down, across: Math.floor(a / WINDOW.across) * WINDOW.across }); };
  goTo(wrongPlaces.find(([batch, other, d, a]) => plane.at(batch, other, d, a) === worstAt) ?? wrongPlaces[0] ?? [0, 0, 0, 0]);
  const key = (place) => place.join();
  const windowOf = ([batch, other, d, a]) => key([batch, other, Math.floor(d / WINDOW.down), Math.floor(a / WINDOW.across)]);
  const windows = [...new Map(wrongPlaces.map((place) => [windowOf(place), place])).values()];
  const grids = el('div', { class: 'grids' });
  const inputs = [];
  const chooser = (label, name, size, by = 1) => {
    if (size <= by) return null;
    const input = el('input', { type: 'number', min: 0, max: size - 1, step: by, on: { change: () => { state[name] = Math.max(0, Math.min(size - 1, Math.floor((Number(input.value) || 0) / by) * by)); draw(); } } });
    inputs.push([input, name]);
    return el('label', null, `${label} `, input, el('small', null, ` of ${size}`));
  };
  const jump = (by) => {
    const here = windows.findIndex((place) => windowOf(place) === windowOf([state.batch, state.other, state.down, state.across]));
    goTo(windows[(here < 0 ? (by > 0 ? 0 : windows.length - 1) : here + by + windows.length) % windows.length]);
    draw();
  };
  const draw = () => {
    for (const [input, name] of inputs) input.value = state[name];
    grids.replaceChildren(valueGrid('Expected', expected, got, plane, state, differs), valueGrid('Got', got, expected, plane, state, differs));
  };
  const result = el('div', { class: 'values' },
    el('div', { class: 'plot-bar' }, chooser('Batch', 'batch', plane.batches), chooser(plane.other, 'other', plane.others), chooser(`From ${plane.names[0]}`, 'down', plane.down, WINDOW.down), plane.wrap ? null : chooser(`From ${plane.names[1]}`, 'across', plane.across, WINDOW.across),
      windows.length > 1 ? [el('button', { type: 'button', class: 'quiet', on: { click: () => jump(-1) } }, '‹ differing'), el('button', { type: 'button', class: 'quiet', on: { click: () => jump(1) } }, 'differing ›')] : null,
      el('span', { class: 'note' }, `${plural(wrongPlaces.length, 'element')} of ${num(expected.length)} ${wrongPlaces.length === 1 ? 'differs' : 'differ'} in this sample`)), grids);
  draw();
  return result;
}

function valueGrid(title, values, others, plane, state, differs) {
  const rows = Array.from({ length: Math.min(WINDOW.down, plane.down - state.down) }, (_, d) => state.down + d);
  const columns = Array.from({ length: Math.min(WINDOW.across, plane.across - state.across) }, (_, a) => state.across + a);
  const show = (value) => (typeof value === 'bigint' ? String(value) : Object.is(value, -0) ? '-0' : Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5))));
  const cell = (d, a) => {
    const at = plane.at(state.batch, state.other, d, a);
    if (at < 0) return el('td');
    return el('td', { class: differs(at) ? 'differs' : null, title: differs(at) ? `${title === 'Got' ? 'expected' : 'got'} ${show(others[at])}` : null }, show(values[at]), differs(at) ? el('span', { class: 'hidden-text' }, ' differs') : null);
  };
  return el('div', { class: 'scroll grid-box', tabindex: '0', role: 'region', 'aria-label': `${title} values` }, el('table', { class: 'grid' }, el('caption', null, title, ' ', el('small', null, plane.wrap ? 'channels' : `${plane.names[0]}s down, ${plane.names[1]}s across`)),
    el('thead', null, el('tr', null, el('td'), columns.map((a) => el('th', { scope: 'col' }, plane.wrap ? `+${a}` : a)))),
    el('tbody', null, rows.map((d) => el('tr', null, el('th', { scope: 'row' }, plane.wrap ? d * WINDOW.across : d), columns.map((a) => cell(d, a)))))));
}
