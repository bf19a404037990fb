/** The table of layers; each opens to its tensors, histograms and first mismatches. What is wrong by itself, and why, is in the graph's card. */
const LAYER_HEADS = [
  ['Layer', false], ['Ran on', false], ['Compared', true], ['Mismatched', true], ['Max |d|', true], ['Cost', true], ['MACs', true], ['Bytes', true], ['Energy', true],
];

/** More than these scroll in a box of their own, so that what follows them is still found. */
const MANY_LAYERS = 24;

function layersCard(one, choose) {
  if (one.layers.length === 0) return null;
  const dearest = Math.max(0, ...one.layers.map((layer) => layer.cost.value ?? 0));
  const states = one.layers.map((layer) => stateOf(layer, one.tolerances));
  const differing = states.filter((state) => state !== 'right').length;
  const rows = one.layers.map((layer) => layerRows(one, layer, dearest, choose));
  const all = el('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false', on: { click: () => {
    const open = all.getAttribute('aria-pressed') !== 'true';
    all.setAttribute('aria-pressed', String(open));
    all.textContent = open ? 'Close all' : 'Open all';
    for (const row of rows) row.toggle(open);
  } } }, 'Open all');
  const result = card('Layers', layersNote(one.layers, states),
    el('div', { class: one.layers.length > MANY_LAYERS ? 'scroll tall' : 'scroll' }, el('table', { class: 'layers' },
      el('caption', { class: 'hidden-text' }, 'Layers in the order in which they run; each row opens to details'),
      el('thead', null, el('tr', null, LAYER_HEADS.map(([head, number]) => el('th', { scope: 'col', class: number ? 'num' : null }, head)))),
      el('tbody', null, rows.map((row) => row.elements)))));
  const tools = el('div', { class: 'tools' }, one.layers.some(differsAtAll) && differing < one.layers.length ? onlyWrong(states, rows) : null, all);
  result.querySelector('.card-head').append(tools);
  // What went wrong is open at once; a table of a hundred layers is else closed.
  const first = one.layers.findIndex((layer) => layer.own && layer.own.mismatched > 0);
  const open = first >= 0 ? first : one.layers.findIndex(differsAtAll);
  if (open >= 0) rows[open].toggle(true);
  return result;
}

function onlyWrong(states, rows) {
  const button = el('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false', on: { click: () => {
    const only = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(only));
    states.forEach((state, at) => { for (const row of rows[at].elements) row.classList.toggle('left-out', only && state === 'right'); });
  } } }, 'Only what differs');
  return button;
}

function layersNote(layers, states) {
  const count = (state) => states.filter((one) => one === state).length;
  const [wrong, forgiven, unrun] = [count('wrong') + count('inherited'), count('forgiven'), count('unrun')];
  const verb = (n) => (n === 1 ? 'differs' : 'differ');
  const all = plural(layers.length, 'layer');
  return [wrong > 0 ? `${wrong} of ${all} ${verb(wrong)}` : forgiven > 0 ? `${forgiven} of ${all} ${verb(forgiven)}, forgiven` : `${all}, none differs`,
    wrong > 0 && forgiven > 0 ? `${forgiven} more ${verb(forgiven)}, forgiven` : '', unrun > 0 ? `${unrun} ${STATES.unrun}` : ''].filter((part) => part !== '').join(', ');
}

/** As a row of a table shows it: coarser than the graph. */
function stateOf(layer, tolerances) {
  const state = layerState(layer, tolerances);
  if (state === 'tolerated') return 'forgiven';
  if (state === 'culprit') return 'wrong';
  if (state === 'unknown') return layer.mismatched > 0 ? 'wrong' : 'unknown';
  return state === 'equal' ? 'right' : state;
}

const STATE_BADGES = { unrun: 'not shown', inherited: 'inherited', forgiven: '≈ differs, forgiven', wrong: 'wrong', right: 'equal', unknown: 'not compared' };

/** How many differ, or a word. What was never shown was not counted. */
function stateBadge(layer, state, words = '') {
  return el('span', { class: `badge state-${state}` }, layer.mismatched > 0 && state !== 'unrun' ? `${countOf(layer)}${words}` : STATE_BADGES[state]);
}

function layerRows(one, layer, dearest, choose) {
  const id = newId('layer');
  const { cost } = layer;
  const state = stateOf(layer, one.tolerances);
  const toggle = el('button', { type: 'button', class: 'toggle', 'aria-expanded': 'false', 'aria-controls': id },
    el('span', { class: 'chevron', 'aria-hidden': 'true' }), el('span', { class: 'index' }, layer.index), el('span', { class: 'op' }, breakable(layer.op), layer.name ? el('small', null, layer.name) : null));
  const row = el('tr', { class: `layer state-${state}` },
    el('th', { scope: 'row' }, toggle),
    el('td', null, layer.ran === 'not executed' ? STATES.unrun : layer.ran.toUpperCase()),
    el('td', { class: 'num' }, num(layer.compared)),
    el('td', { class: 'num' }, stateBadge(layer, state), layer.mismatched > 0 && state !== 'unrun' ? el('small', null, state === 'inherited' ? 'inherited' : percent(layer.mismatched, layer.compared)) : null),
    el('td', { class: 'num' }, num(layer.maxAbsDiff)),
    el('td', { class: 'num' }, cost.value === null ? '–' : [num(cost.value), el('small', null, cost.unit), meter(cost.value, dearest)]),
    el('td', { class: 'num' }, num(cost.macs)), el('td', { class: 'num' }, bytes(cost.bytes)),
    el('td', { class: 'num' }, cost.energyUj === null ? '–' : [`${num(cost.energyUj)}\u202fµJ`, el('small', null, 'modelled')]));
  const cell = el('td', { colspan: LAYER_HEADS.length });
  const detail = el('tr', { class: 'detail', id, hidden: true }, cell);
  const set = (open) => {
    if (open && cell.childElementCount === 0) append(cell, [layerDetail(one, layer, choose)]); // made when first asked for: 100 layers stay light
    detail.hidden = !open;
    toggle.setAttribute('aria-expanded', String(open));
    row.classList.toggle('open', open);
  };
  row.addEventListener('click', () => { if (String(getSelection()) === '') set(detail.hidden); });
  return { elements: [row, detail], toggle: set };
}

/** Operator names are long and have no spaces: they may break behind an underscore. */
function breakable(name) {
  return name.split(/(?<=_)/).flatMap((part) => [part, el('wbr')]);
}

function meter(value, most) {
  return el('span', { class: 'meter', 'aria-hidden': 'true' }, el('span', { style: { width: `${most > 0 ? Math.max(1, (100 * value) / most) : 0}%` } }));
}

function layerDetail(one, layer, choose) {
  const isForgiven = stateOf(layer, one.tolerances) === 'forgiven';
  const own = layer.own === null ? null : layer.own.mismatched > 0
    ? `Wrong by itself: given the inputs and state that the device had, the reference still differs in ${plural(layer.own.mismatched, 'element')} (max |d| ${num(layer.own.maxAbsDiff)}).`
    : 'Right by itself: given the inputs and state that the device had, the reference computes the same. What differs came from an earlier layer.';
  const known = layer.mismatched > 0 || isForgiven;
  return el('div', { class: 'detail-body' },
    known && own ? el('p', { class: 'own' }, own) : null, isForgiven ? forgivenNote(one, layer) : null,
    el('p', null, el('button', { type: 'button', class: 'link', on: { click: () => choose(layer.index) } }, 'Show it in the graph')),
    layer.tensors.length === 0 ? el('p', { class: 'note' }, 'The generator exposes no tensor of this layer: it was not compared by itself.') : tensorTable(layer),
    el('div', { class: 'histograms' }, layer.tensors.filter((tensor) => Object.keys(tensor.histogram).length > 0).map((tensor) => histogramOf(`Tensor ${tensor.tensor ?? '–'}: got − expected, in ${unit(tensor.diffUnit)}`, tensor.histogram))),
    el('p', { class: 'note' }, layer.covers.length > 0 ? `Covers operator ${layer.covers.join(', ')} of the model.` : 'Covers no operator of the model.', layer.cost.quality ? [' Cost is ', quality(layer.cost.quality), '.'] : null));
}

/** By which tolerance, and why. */
function forgivenNote(one, layer) {
  const tolerance = one.tolerances.find(({ layers }) => layers.includes(layer.index));
  return el('p', { class: 'forgiven-note' }, el('b', null, '≈ Forgiven'), tolerance === undefined ? '.' : ` by the tolerance for ${tolerance.scope}${tolerance.reason === '' ? '.' : `: ${tolerance.reason}`}`);
}

/** Names of TFLite tensors may be a list of operators; the end says most, the whole is in the title. */
const MOST_NAME = 48;

function tensorName({ tensor, name }) {
  return el('span', { class: 'tensor-cell', title: name }, tensor === null ? '–' : `${tensor} `, el('small', null, name.length > MOST_NAME ? `…${name.slice(1 - MOST_NAME)}` : name));
}

/** How many differ in a tensor; a badge where any do, forgiven or not. */
function tensorBadge(layer, tensor) {
  if (layer.ran === 'not executed') return tensor.mismatched > 0 ? 'not shown' : '–';
  if (tensor.mismatched > 0) return el('span', { class: 'badge state-wrong' }, `${tensor.lowerBound ? 'at least ' : ''}${num(tensor.mismatched)}`);
  return differsAtAll(tensor) ? el('span', { class: 'badge state-forgiven' }, STATE_BADGES.forgiven) : num(0);
}

function tensorTable(layer) {
  return table(`Tensors of layer ${layer.index}`, [{ head: 'Tensor' }, { head: 'Role' }, { head: 'Type' }, { head: 'Compared', number: true }, { head: 'By' }, { head: 'Mismatched', number: true }, { head: 'Max |d|', number: true }, { head: 'First mismatch' }],
    layer.tensors.map((tensor) => {
      const first = tensor.firstMismatch;
      return [
        tensorName(tensor), tensor.role, el('span', { class: 'code shape' }, `${tensor.dtype}[${tensor.shape.join('×')}]`), num(tensor.compared), tensor.by,
        tensorBadge(layer, tensor), tensor.maxAbsDiff === null ? '–' : `${num(tensor.maxAbsDiff)} ${unit(tensor.diffUnit)}`,
        first === null ? '–' : el('span', { class: 'first' }, `${first.sequence}, step ${first.step}, element [${first.index.join(', ')}]: expected `, el('b', null, num(first.expected)), ', got ', el('b', null, num(first.got))),
      ];
    }));
}

/** More bins than these are narrow, with a label on some of them. */
const MANY_BINS = 18;

/** Bars: how often which difference. */
function histogramOf(title, counts) {
  const bins = Object.entries(counts).filter(([bin]) => !Number.isNaN(Number(bin))).sort(([a], [b]) => Number(a) - Number(b));
  const others = Object.entries(counts).filter(([bin]) => Number.isNaN(Number(bin)));
  const most = Math.max(1, ...bins.map(([, count]) => count));
  const dense = bins.length > MANY_BINS;
  const every = dense ? Math.ceil(bins.length / 9) : 1;
  const signed = (bin) => (bin.startsWith('-') ? `−${bin.slice(1)}` : Number(bin) > 0 ? `+${bin}` : bin);
  return el('figure', { class: 'histogram' },
    el('figcaption', null, title, dense ? ` (the highest bar: ${num(most)})` : null),
    el('div', { class: dense ? 'bars dense' : 'bars', role: 'img', 'aria-label': `Differences and their counts: ${[...bins, ...others].map(([bin, count]) => `${bin}: ${count}`).join(', ')}` }, bins.map(([bin, count], at) =>
      el('div', { class: 'bar', title: `${signed(bin)}: ${count}` }, dense ? null : el('span', { class: 'bar-count' }, num(count)), el('span', { class: 'bar-fill', style: { height: `${Math.max(2, (90 * count) / most)}px` } }),
        el('span', { class: 'bar-bin' }, at % every === 0 ? signed(bin) : '\u00a0')))),
    others.map(([bin, count]) => el('p', { class: 'note' }, `${bin}: ${num(count)}`)));
}
