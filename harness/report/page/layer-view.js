/** All that is known of one layer. */
function layerView(one, layer, states, choose) {
  const state = states[one.layers.indexOf(layer)];
  const { where } = layer;
  return el('article', { class: 'layer-view', 'aria-label': `Layer ${layer.index}` },
    el('h3', { class: 'layer-name', 'aria-live': 'polite' }, `Layer ${layer.index} `, breakable(layer.op), ' ', el('span', { class: `badge tag-${state}` }, STATES[state])),
    layer.name ? el('p', { class: 'note tensor-name' }, layer.name) : null,
    el('p', { class: 'own' }, ownWords(one, layer, state)),
    state === 'tolerated' || state === 'forgiven' ? forgivenNote(one, layer) : null,
    neighbours(one, layer, choose),
    originsOf(one, layer, state, states, choose),
    layer.own && layer.own.mismatched > 0 ? causesOf(layer) : null,
    where === null ? (layer.own && layer.own.mismatched > 0 ? el('p', { class: 'note' }, 'Where in the tensor it is wrong was not looked at.') : null) : whereOf(layer),
    where === null ? null : layer.mapLeftOut === true ? el('p', { class: 'note' }, 'The map is left out of this page for its size: it is in report.json.') : whereMap(where.map, where.shape),
    where === null ? null : tensorValues(where, layer.valuesLeftOut === true));
}

function ownWords(one, layer, state) {
  const { own } = layer;
  const chain = layer.compared > 0 ? ` Against a reference that computes everything itself, ${countOf(layer)} of ${plural(layer.compared, 'element')} differ${layer.mismatched === 0 && differsAtAll(layer) ? ` by more than is forgiven, max |d| ${num(layer.maxAbsDiff)}` : ''}.` : '';
  if (state === 'unrun') return layer.mismatched > 0 ? 'It was not shown: its tap was never called. It was not executed, or executed without being shown. Nothing of it could be compared.' : 'It was not executed: the case ended before.';
  if (own === null) return differsAtAll(layer) ? `Own error not measured: whether it is wrong by itself is not known.${chain}` : layer.compared > 0 ? `Nothing differs in ${plural(layer.compared, 'element')}.` : 'The generator exposes no tensor of this layer: it was not compared by itself.';
  const judged = own.samples < one.samples ? ` (${num(own.samples)} of ${plural(one.samples, 'sample')} judged)` : '';
  if (own.mismatched === 0) return `Right by itself: given the inputs and state that the device had, the reference computes the same${judged}. What differs came in.${chain}`;
  const first = own.first === null ? '' : ` First in sequence ${own.first.sequence}, step ${own.first.step}, element [${own.first.index.join(', ')}].`;
  return `Wrong by itself: given the inputs and state that the device had, the reference still differs in ${num(own.mismatched)} of ${plural(own.compared, 'element')}${judged}, max |d| ${num(own.maxAbsDiff)}.${first}${chain}`;
}

function layerLinks(one, indices, choose) {
  return indices.map((index, at) => [at > 0 ? ', ' : '', index < 0 ? 'the model’s input' : el('button', { type: 'button', class: 'link', on: { click: () => choose(index) } }, `${index} ${one.layers.find((layer) => layer.index === index)?.op ?? ''}`)]);
}

function neighbours(one, layer, choose) {
  const readers = one.layers.filter((other) => other.from.includes(layer.index) && other.index !== layer.index).map((other) => other.index);
  return facts([['Reads', layer.from.length > 0 ? el('span', null, layerLinks(one, layer.from, choose)) : null], ['Read by', readers.length > 0 ? el('span', null, layerLinks(one, readers, choose)) : null],
    ['Operators', layer.covers.length > 0 ? layer.covers.join(', ') : null]]);
}

/** For a layer that inherited: the culprits that its values come from. */
function originsOf(one, layer, state, states, choose) {
  if (state !== 'inherited' && state !== 'forgiven') return null;
  const byIndex = new Map(one.layers.map((each, at) => [each.index, { each, state: states[at] }]));
  const seen = new Set([layer.index]);
  const found = [];
  const queue = [...layer.from];
  while (queue.length > 0) {
    const index = queue.shift();
    const source = byIndex.get(index);
    if (source === undefined || seen.has(index)) continue;
    seen.add(index);
    if (['culprit', 'tolerated', 'unrun'].includes(source.state)) found.push(index);
    if (differsAtAll(source.each)) queue.push(...source.each.from);
  }
  if (found.length === 0) return el('p', { class: 'note' }, 'None of the layers before it is known to be wrong by itself: it may have read state, or a layer that was not judged.');
  return el('p', null, 'The error comes from ', layerLinks(one, found.sort((a, b) => a - b), choose), '.');
}

/** Causes by rank; those of one rank stand together. */
function causesOf(layer) {
  if (layer.diagnosis.length === 0) {
    return section('Why', el('p', { class: 'unexplained' }, tooFewWrong(layer) ? 'Too few wrong elements to name a cause: as few fit many causes, and prove none.' : [el('b', null, 'Unexplained. '), 'It is wrong by itself, and no cause that hil knows gives these values.']));
  }
  const ranks = [...new Set(layer.diagnosis.map((cause) => cause.rank))].sort((a, b) => a - b);
  return section('Why', ranks.map((rank, at) => {
    const tied = layer.diagnosis.filter((cause) => cause.rank === rank);
    return el('div', { class: at === 0 ? 'rank best' : 'rank' },
      tied.length > 1 ? el('p', { class: 'tie' }, `Cannot tell apart: these ${tied.length} fit the values equally well.`) : at > 0 ? el('p', { class: 'note' }, 'Less likely') : null,
      el('ul', { class: 'causes' }, tied.map(causeItem)),
      at === 0 && tied.every((cause) => cause.explained < cause.wrong) ? el('p', { class: 'note' }, 'What it does not explain is unexplained.') : null);
  }));
}

function causeItem(cause) {
  return el('li', null, el('span', { class: 'cause-text' }, cause.text, ' ', el('span', { class: 'code note' }, cause.cause)),
    el('span', { class: 'cause-share' }, meter(cause.explained, cause.wrong), `explains ${num(cause.explained)} of ${plural(cause.wrong, 'wrong element')} (${cause.explained === cause.wrong ? '100\u202f%' : percent(cause.explained, cause.wrong)}) in ${plural(cause.samples, 'sample')}`,
      cause.contradicted > 0 ? el('b', null, `, would make ${num(cause.contradicted)} wrong that are right`) : null));
}

function whereOf(layer) {
  const { where } = layer;
  const inTensor = whereTensorText(layer);
  const place = (name, one) => [name, num(one.expected), num(one.got), `[${one.index.join(', ')}]`, one.accumulator === null ? '–' : num(one.accumulator), `${one.sequence}, step ${one.step}`];
  return section(inTensor === null ? 'Where' : `Where: ${inTensor}`,
    inTensor === null ? null : el('p', { class: 'note' }, `Of its ${plural(layer.tensors.length, 'tensor')} the one with the most wrong elements.`),
    where.pattern.length > 0 ? el('ul', { class: 'patterns', 'aria-label': 'Pattern' }, where.pattern.map((words) => el('li', null, words))) : el('p', { class: 'note' }, 'No pattern in the places.'),
    el('p', { class: 'note' }, `Tensor ${where.tensor}, [${where.shape.join('×')}]: ${plural(where.wrong, 'wrong element')} in ${plural(where.samples, 'sample')}${where.atTies === null ? '' : `; ${num(where.atTies)} of them where the exact result lies half-way between two values`}.`),
    table('First and worst element', [{ head: '' }, { head: 'Expected', number: true }, { head: 'Got', number: true }, { head: 'Element' }, { head: 'Accumulator', number: true }, { head: 'In' }], [place('first', where.first), place('worst', where.worst)]),
    histogramOf('Got − expected', where.histogram));
}

function section(title, ...content) {
  return el('section', { class: 'part' }, el('h3', null, title), ...content);
}
