/** The table of layers; each opens to its tensors, histograms and first mismatches. What is wrong by itself, and why, is in the graph's card. */
const LAYER_HEADS = [
  ['Layer', false], ['Ran on', false], ['Compared', true], ['Mismatched', true], ['Max |d|', true], ['Cost', true], ['MACs', true], ['Bytes', true], ['Energy', true],
];

/** More than these scroll in a box of their own, so that what follows them is still found. */
const MANY_LAYERS = 24;

function layersCard(one, choose) {
  if (one.layers.length === 0) return null;
  const dearest = Math.max(0, ...one.layers.map((layer) => layer.cost.value ?? 0));
  const wrong = one.layers.filter((layer) => layer.mismatched > 0).length;
  const rows = one.layers.map((layer) => layerRows(layer, dearest, choose));
  const all = el('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false', on: { click: () => {
    const open = all.getAttribute('aria-pressed') !== 'true';
    all.setAttribute('aria-pressed', String(open));
    all.textContent = open ? 'Close all' : 'Open all';
    for (const row of rows) row.toggle(open);
  } } }, 'Open all');
  const result = card('Layers', layersNote(one.layers, wrong),
    el('div', { class: one.layers.length > MANY_LAYERS ? 'scroll tall' : 'scroll' }, el('table', { class: 'layers' },
      el('caption', { class: 'hidden-text' }, 'Layers in the order in which they run; each row opens to details'),
      el('thead', null, el('tr', null, LAYER_HEADS.map(([head, number]) => el('th', { scope: 'col', class: number ? 'num' : null }, head)))),
      el('tbody', null, rows.map((row) => row.elements)))));
  const tools = el('div', { class: 'tools' }, wrong > 0 && wrong < one.layers.length ? onlyWrong(one.layers, rows) : null, all);
  result.querySelector('.card-head').append(tools);
  // What went wrong is open at once; a table of a hundred layers is else closed.
  const first = one.layers.findIndex((layer) => layer.own && layer.own.mismatched > 0);
  const open = first >= 0 ? first : one.layers.findIndex((layer) => layer.mismatched > 0);
  if (open >= 0) rows[open].toggle(true);
  return result;
}

function onlyWrong(layers, rows) {
  const button = el('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false', on: { click: () => {
    const only = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(only));
    layers.forEach((layer, at) => { for (const row of rows[at].elements) row.classList.toggle('left-out', only && stateOf(layer) === 'right'); });
  } } }, 'Only what differs');
  return button;
}

function layersNote(layers, wrong) {
  const unrun = layers.filter((layer) => layer.ran === 'not executed').length;
  return [wrong === 0 ? `${plural(layers.length, 'layer')}, none differs` : `${wrong} of ${plural(layers.length, 'layer')} ${wrong === 1 ? 'differs' : 'differ'}`, unrun > 0 ? `, ${unrun} not executed` : ''].join('');
}

function stateOf(layer) {
  if (layer.ran === 'not executed') return 'unrun';
  if (layer.mismatched > 0) return layer.own && layer.own.mismatched === 0 ? 'inherited' : 'wrong';
  return layer.compared > 0 ? 'right' : 'unknown';
}

const STATE_WORDS = { unrun: 'not executed', inherited: 'inherited', wrong: 'wrong', right: 'equal', unknown: 'not compared' };

function layerRows(layer, dearest, choose) {
  const id = newId('layer');
  const { cost } = layer;
  const state = stateOf(layer);
  const toggle = el('button', { type: 'button', class: 'toggle', 'aria-expanded': 'false', 'aria-controls': id },
    el('span', { class: 'chevron', 'aria-hidden': 'true' }), el('span', { class: 'index' }, layer.index), el('span', { class: 'op' }, breakable(layer.op), layer.name ? el('small', null, layer.name) : null));
  const row = el('tr', { class: `layer state-${state}` },
    el('th', { scope: 'row' }, toggle),
    el('td', null, layer.ran === 'not executed' ? 'not executed' : layer.ran.toUpperCase()),
    el('td', { class: 'num' }, num(layer.compared)),
    el('td', { class: 'num' }, el('span', { class: `badge state-${state}` }, layer.mismatched > 0 ? num(layer.mismatched) : STATE_WORDS[state]), layer.mismatched > 0 ? el('small', null, state === 'inherited' ? 'inherited' : percent(layer.mismatched, layer.compared)) : null),
    el('td', { class: 'num' }, num(layer.maxAbsDiff)),
    el('td', { class: 'num' }, cost.value === null ? '–' : [num(cost.value), el('small', null, cost.unit), meter(cost.value, dearest)]),
    el('td', { class: 'num' }, num(cost.macs)), el('td', { class: 'num' }, bytes(cost.bytes)),
    el('td', { class: 'num' }, cost.energyUj === null ? '–' : [`${num(cost.energyUj)}\u202fµJ`, el('small', null, 'modelled')]));
  const cell = el('td', { colspan: LAYER_HEADS.length });
  const detail = el('tr', { class: 'detail', id, hidden: true }, cell);
  const set = (open) => {
    if (open && cell.childElementCount === 0) append(cell, [layerDetail(layer, choose)]); // made when first asked for: 100 layers stay light
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

function layerDetail(layer, choose) {
  const own = layer.own === null ? null : layer.own.mismatched > 0
    ? `Wrong by itself: given the inputs and state that the device had, the reference still differs in ${plural(layer.own.mismatched, 'element')} (max |d| ${num(layer.own.maxAbsDiff)}).`
    : 'Right by itself: given the inputs and state that the device had, the reference computes the same. What differs came from an earlier layer.';
  return el('div', { class: 'detail-body' },
    layer.mismatched > 0 && own ? el('p', { class: 'own' }, own) : null,
    el('p', null, el('button', { type: 'button', class: 'link', on: { click: () => choose(layer.index) } }, 'Show it in the graph')),
    layer.tensors.length === 0 ? el('p', { class: 'note' }, 'The generator exposes no tensor of this layer: it was not compared by itself.') : tensorTable(layer),
    el('div', { class: 'histograms' }, layer.tensors.filter((tensor) => Object.keys(tensor.histogram).length > 0).map((tensor) => histogramOf(`Tensor ${tensor.tensor ?? '–'}: got − expected, in ${unit(tensor.diffUnit)}`, tensor.histogram))),
    el('p', { class: 'note' }, layer.covers.length > 0 ? `Covers operator ${layer.covers.join(', ')} of the model.` : 'Covers no operator of the model.', layer.cost.quality ? [' Cost is ', quality(layer.cost.quality), '.'] : null));
}

function tensorTable(layer) {
  return table(`Tensors of layer ${layer.index}`, [{ head: 'Tensor' }, { head: 'Role' }, { head: 'Type' }, { head: 'Compared', number: true }, { head: 'By' }, { head: 'Mismatched', number: true }, { head: 'Max |d|', number: true }, { head: 'First mismatch' }],
    layer.tensors.map((tensor) => {
      const first = tensor.firstMismatch;
      return [
        el('span', null, tensor.tensor === null ? '–' : `${tensor.tensor} `, el('small', null, tensor.name)), tensor.role, el('span', { class: 'code shape' }, `${tensor.dtype}[${tensor.shape.join('×')}]`), num(tensor.compared), tensor.by,
        el('span', { class: tensor.mismatched > 0 ? 'badge state-wrong' : null }, `${tensor.lowerBound && tensor.mismatched > 0 ? '≥' : ''}${num(tensor.mismatched)}`), tensor.maxAbsDiff === null ? '–' : `${num(tensor.maxAbsDiff)} ${unit(tensor.diffUnit)}`,
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
