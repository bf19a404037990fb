/** Which layer is to blame: the graph, and beside it what is known of the layer that was chosen. */
const OVERVIEW_FROM = 25;

/** @param choose is called with a layer's index. @returns null where there is no layer to draw */
function diagnosisCard(one, choose) {
  if (one.layers.length === 0) return null;
  const states = one.layers.map((layer) => layerState(layer, one.tolerances));
  const wrong = one.layers.some((layer) => differsAtAll(layer) || (layer.own && layer.own.mismatched > 0));
  const view = graphView(one, choose);
  const detail = el('div', { class: 'layer-detail', tabindex: '-1' });
  // Those that are forgiven are explained as well, behind the others.
  const culprits = ['culprit', 'tolerated'].flatMap((state) => one.layers.filter((_, at) => states[at] === state));
  const overview = one.layers.length < OVERVIEW_FROM ? null
    : el('div', { class: 'overview', 'aria-hidden': 'true' }, one.layers.map((layer, at) => el('span', { class: `cell-${states[at]}`, title: `${layer.index} ${layer.op}`, on: { click: () => choose(layer.index) } })));
  const result = card(!wrong ? 'Graph of the layers' : one.verdict === 'pass' ? 'What differs' : 'Diagnosis', diagnosisNote(one, states, wrong),
    culprits.length === 0 ? null : el('ul', { class: 'culprits', 'aria-label': 'Layers that are wrong by themselves' }, culprits.slice(0, 12).map((layer) => el('li', null, culpritButton(layer, states[one.layers.indexOf(layer)], choose))), culprits.length > 12 ? el('li', { class: 'note' }, `and ${culprits.length - 12} more in the graph`) : null),
    overview,
    el('div', { class: wrong ? 'diagnosis' : 'diagnosis all-equal' }, el('div', { class: 'graph-side' }, view.box, view.legend), detail));
  result.querySelector('.card-head').append(view.tools);
  result.classList.add('diagnosis-card');
  result.wrong = wrong;
  result.first = culprits[0]?.index ?? one.layers.find(differsAtAll)?.index ?? null;
  result.select = (index) => {
    view.select(index);
    const at = one.layers.findIndex((layer) => layer.index === index);
    detail.replaceChildren();
    append(detail, [at >= 0 ? layerView(one, one.layers[at], states, choose) : el('p', { class: 'note' }, 'Choose a layer in the graph.')]);
    for (const button of result.querySelectorAll('.culprit')) button.dataset.layer === String(index) ? button.setAttribute('aria-current', 'true') : button.removeAttribute('aria-current');
  };
  result.start = () => view.start();
  return result;
}

function diagnosisNote(one, states, wrong) {
  if (!wrong) return 'Choose a layer to see what is known of it.';
  const count = (state) => states.filter((one) => one === state).length;
  const outputs = one.outputs.filter((output) => output.mismatched > 0).length;
  const forgivenOutputs = one.outputs.filter((output) => output.mismatched === 0 && differsAtAll(output)).length;
  const byItself = (n, of = '') => `${n}${of} wrong by ${n === 1 ? 'itself' : 'themselves'}`;
  const all = ` of ${plural(states.length, 'layer')}`;
  // Where all is forgiven, that is what there is to say.
  const only = one.layers.every((layer) => layer.mismatched === 0) && count('culprit') === 0;
  return [only ? '' : byItself(count('culprit'), all), count('tolerated') > 0 ? `${byItself(count('tolerated'), only ? all : '')} (forgiven)` : '',
    only ? '' : `${count('inherited')} inherited`, count('forgiven') > 0 ? `${count('forgiven')}${only && count('tolerated') === 0 ? all : ' more'} ${count('forgiven') === 1 ? 'differs' : 'differ'} (forgiven)` : '',
    count('unknown') > 0 ? `${count('unknown')} not known` : '', count('unrun') > 0 ? `${count('unrun')} ${STATES.unrun}` : '',
    outputs > 0 ? `${outputs} of ${plural(one.outputs.length, 'output')} differ${outputs === 1 ? 's' : ''}` : forgivenOutputs > 0 ? `${plural(forgivenOutputs, 'output')} differ${forgivenOutputs === 1 ? 's' : ''} (forgiven)` : 'no output differs', one.judge === 'metrics' ? 'judged by metrics' : ''].filter((part) => part !== '').join(', ');
}

function culpritButton(layer, state, choose) {
  const [best] = layer.diagnosis;
  const tied = layer.diagnosis.filter((cause) => cause.rank === best.rank).length;
  const button = el('button', { type: 'button', class: state === 'tolerated' ? 'culprit is-forgiven' : 'culprit', on: { click: () => choose(layer.index) } },
    el('b', null, `${layer.index} `, breakable(layer.op)), state === 'tolerated' ? el('span', null, '≈ forgiven') : null, el('span', null, best === undefined ? (tooFewWrong(layer) ? 'too few wrong elements to name a cause' : 'unexplained') : tied > 1 ? `${best.text} (or ${tied - 1} more, cannot be told apart)` : best.text));
  button.dataset.layer = layer.index;
  return button;
}
