/** Where a tensor is wrong: a heat map of rows and columns, and bars for the channels. */
const MAP_WIDTH = 300;
const MAP_LEFT = 44;
const MAP_TOP = 20;
const MOST_CELL = 34;

/** "12" or, where several are in one bin, "12–15". */
function binName(bin, size, whole) {
  return size === 1 ? String(bin) : `${bin * size}–${Math.min(whole, (bin + 1) * size) - 1}`;
}

function whereMap(map, shape) {
  const [byRow, byColumn, byChannel] = map.binned;
  return section('Map of the wrong elements', el('div', { class: 'maps' },
    map.rows * map.columns > 1 ? heatMap(map, byRow, byColumn) : null, map.channels > 1 ? channelBars(map, byChannel) : null,
    map.rows * map.columns * map.channels === 1 ? el('p', { class: 'note' }, `The tensor [${shape.join('×')}] has one element.`) : null));
}

function heatMap(map, byRow, byColumn) {
  const { plane } = map;
  const columns = Math.max(1, ...plane.map((row) => row.length));
  const size = Math.max(4, Math.min(MOST_CELL, Math.floor(MAP_WIDTH / Math.max(columns, plane.length))));
  const most = Math.max(1, ...plane.flat());
  const [width, height] = [MAP_LEFT + columns * size + 8, MAP_TOP + plane.length * size + 6];
  const cells = plane.flatMap((row, r) => row.map((count, c) => (count === 0 ? null : svg('g', { class: 'heat-cell' },
    svg('rect', { class: 'heat', x: MAP_LEFT + c * size, y: MAP_TOP + r * size, width: size, height: size, 'fill-opacity': (0.2 + 0.8 * (count / most)).toFixed(3) }),
    size >= 24 ? svg('text', { class: count / most > 0.5 ? 'heat-count strong' : 'heat-count', x: MAP_LEFT + (c + 0.5) * size, y: MAP_TOP + (r + 0.5) * size + 4, 'text-anchor': 'middle' }, count > 999 ? '…' : count) : null,
    svg('title', null, `row ${binName(r, byRow, map.rows)}, column ${binName(c, byColumn, map.columns)}: ${count} wrong`)))));
  const ticks = (count) => [...new Set([0, Math.floor((count - 1) / 2), count - 1])];
  const labels = [
    ...ticks(columns).map((c) => svg('text', { class: 'axis', x: MAP_LEFT + (c + 0.5) * size, y: MAP_TOP - 5, 'text-anchor': 'middle' }, c * byColumn)),
    ...ticks(plane.length).map((r) => svg('text', { class: 'axis', x: MAP_LEFT - 5, y: MAP_TOP + (r + 0.5) * size + 4, 'text-anchor': 'end' }, r * byRow)),
  ];
  const bins = byRow === 1 && byColumn === 1 ? '' : `, a cell is ${byRow} × ${byColumn} elements`;
  return el('figure', null, el('figcaption', null, `Rows (down) and columns (across), all channels${bins}; darkest: ${num(most)} wrong`),
    svg('svg', { class: 'heat-map', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': `Wrong elements by row and column, ${plane.length} by ${columns}` },
      svg('rect', { class: 'heat-frame', x: MAP_LEFT, y: MAP_TOP, width: columns * size, height: plane.length * size }), cells, labels));
}

function channelBars(map, byChannel) {
  const { perChannel } = map;
  const most = Math.max(1, ...perChannel);
  const each = Math.max(5, Math.min(22, Math.floor((MAP_WIDTH + 40) / perChannel.length)));
  const [width, height, floor] = [MAP_LEFT + perChannel.length * each + 8, 118, 92];
  const every = Math.max(1, Math.ceil(perChannel.length / 8));
  const bars = perChannel.map((count, k) => svg('g', null,
    svg('rect', { class: 'bar-room', x: MAP_LEFT + k * each, y: 12, width: Math.max(1, each - 1), height: floor - 12 }),
    count === 0 ? null : svg('rect', { class: 'heat', x: MAP_LEFT + k * each, y: floor - Math.max(3, ((floor - 12) * count) / most), width: Math.max(1, each - 1), height: Math.max(3, ((floor - 12) * count) / most) }),
    k % every === 0 ? svg('text', { class: 'axis', x: MAP_LEFT + (k + 0.5) * each, y: floor + 14, 'text-anchor': 'middle' }, k * byChannel) : null,
    svg('title', null, `channel ${binName(k, byChannel, map.channels)}: ${count} wrong`)));
  return el('figure', null, el('figcaption', null, `Channels, all rows and columns${byChannel === 1 ? '' : `, ${byChannel} in a bar`}`),
    svg('svg', { class: 'channel-bars', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': `Wrong elements by channel: ${perChannel.map((count, k) => [k, count]).filter(([, count]) => count > 0).slice(0, 40).map(([k, count]) => `${binName(k, byChannel, map.channels)}: ${count}`).join(', ')}` },
      svg('text', { class: 'axis', x: MAP_LEFT - 5, y: 20, 'text-anchor': 'end' }, num(most)), svg('text', { class: 'axis', x: MAP_LEFT - 5, y: floor, 'text-anchor': 'end' }, '0'), bars));
}
