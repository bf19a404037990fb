/** Several devices: the cases with a column a device, and the layers of one case on all of them. */
function deviceHead(device) {
  return el('th', { scope: 'col' }, el('span', { class: 'device-id' }, device.id), el('small', null, device.core, device.simulated ? ', simulated' : ''));
}

/** A figure never stands beside one of another device without its unit and what it is worth. */
function latencyFigure({ latency }) {
  return latency === null ? null : el('span', { class: 'figure' }, `${num(latency.median)} `, el('small', null, latency.unit), ' ', quality(latency.quality));
}

/** More rows than these scroll in a box of their own: what follows must still be found. */
const MANY_ROWS = 6;

/** @param choose is called with the index of a case */
function devicesCard(report, chosen, choose) {
  const notes = leftOutNotes(report);
  if (report.devices.length < 2) return notes === null ? null : card('Devices', null, notes);
  const names = [...new Set(report.cases.map((one) => one.name))];
  const places = new Map(report.cases.map((one, index) => [JSON.stringify([one.name, one.device]), index]));
  const cell = (name, device) => {
    const index = places.get(JSON.stringify([name, device.id]));
    if (index === undefined) return el('td', { class: 'cell' }, el('span', { class: 'note' }, 'not meant for it'));
    const one = report.cases[index];
    const { memory } = one;
    return el('td', { class: `cell is-${one.verdict}` },
      el('button', { type: 'button', class: 'pill', 'aria-current': index === chosen ? 'true' : null, 'aria-label': `${VERDICTS[one.verdict].word}: ${one.name} on ${one.device}`, on: { click: () => choose(index) } },
        el('span', { class: 'mark', 'aria-hidden': 'true' }, VERDICTS[one.verdict].mark), VERDICTS[one.verdict].word),
      latencyFigure(one),
      memory === null ? null : el('small', { class: 'figure' }, `flash ${bytes(memory.flashBytes)}, RAM ${bytes(memory.ramBytes)}, stack ${memory.stackBytes === null ? 'not measured' : bytes(memory.stackBytes)}`),
      one.verdict === 'skipped' && one.reasons.length > 0 ? el('small', { class: 'figure' }, one.reasons[0]) : null);
  };
  return card('All devices', 'Latency is the median of an invocation; figures of different unit or quality are not comparable.',
    el('div', { class: names.length > MANY_ROWS ? 'scroll short' : 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Cases on every device' },
      el('table', { class: 'matrix' }, el('caption', { class: 'hidden-text' }, 'Cases on every device'),
        el('thead', null, el('tr', null, el('th', { scope: 'col' }, 'Case'), report.devices.map(deviceHead))),
        el('tbody', null, names.map((name) => el('tr', null, el('th', { scope: 'row' }, name), report.devices.map((device) => cell(name, device))))))),
    notes);
}

function leftOutNotes(report) {
  const { leftOut } = report.run;
  if (!leftOut || leftOut.length === 0) return null;
  return el('div', { class: 'not-here' }, el('h3', null, 'Asked for, not here, left out'), el('ul', null, leftOut.map(({ device, why }) => el('li', null, el('b', null, device), `: ${why}`))));
}

/** The layers of a case side by side; null where fewer than two devices got so far. A layer is the same one by its index and operator. */
function layersOnDevicesCard(report, one) {
  const others = report.devices.map((device) => ({ device, found: report.cases.find((other) => other.name === one.name && other.device === device.id) }))
    .filter(({ found }) => found !== undefined && found.layers.length > 0);
  if (others.length < 2) return null;
  const keyOf = (layer) => JSON.stringify([layer.index, layer.op]);
  const layers = new Map();
  for (const { found } of others) for (const layer of found.layers) if (!layers.has(keyOf(layer))) layers.set(keyOf(layer), layer);
  const rows = [...layers.values()].sort((a, b) => a.index - b.index);
  const cell = (key, found) => {
    const layer = found.layers.find((each) => keyOf(each) === key);
    if (layer === undefined) return el('td', null, el('span', { class: 'note' }, 'no such layer'));
    const state = stateOf(layer, found.tolerances);
    return el('td', { class: 'cell' },
      stateBadge(layer, state, ' differ'),
      state === 'inherited' ? el('small', null, ' inherited') : null,
      layer.cost.value === null ? null : el('span', { class: 'figure' }, `${num(layer.cost.value)} `, el('small', null, layer.cost.unit), ' ', quality(layer.cost.quality)));
  };
  return card('Layers on every device', 'Elements that differ, and the cost of a layer in the device’s own unit.',
    el('div', { class: rows.length > MANY_LAYERS ? 'scroll tall' : 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Layers on every device' },
      el('table', { class: 'matrix' }, el('caption', { class: 'hidden-text' }, 'Layers on every device'),
        el('thead', null, el('tr', null, el('th', { scope: 'col' }, 'Layer'), others.map(({ device }) => deviceHead(device)))),
        el('tbody', null, rows.map((layer) => el('tr', null, el('th', { scope: 'row' }, `${layer.index} `, breakable(layer.op)), others.map(({ found }) => cell(keyOf(layer), found))))))));
}
