/** The layers of a case on a device over its runs: where it became wrong by itself, what only inherited, and what each layer costs. */
async function layersView(params) {
  const first = start.cells.find((cell) => cell.layers && cell.culprit) ?? start.cells.find((cell) => cell.layers && cell.strip.includes('f')) ?? start.cells.find((cell) => cell.layers) ?? start.cells[0];
  const suite = params.get('suite') ?? first.suite;
  const names = unique(start.cells.filter((cell) => cell.suite === suite).map((cell) => cell.case)).sort();
  const name = params.get('case') ?? (suite === first.suite ? first.case : names[0] ?? '');
  const own = start.cells.filter((cell) => cell.suite === suite && cell.case === name).sort((a, b) => (a.device < b.device ? -1 : 1));
  const head = trendHead('layers', params, suite, names, name);
  if (own.length === 0) return [head, empty(`No case “${name}” of “${suite}” is in this site.`, link('overview', {}, 'To the overview'))];
  const cell = own.find((one) => one.device === params.get('device')) ?? own.find((one) => one === first) ?? own.find((one) => one.layers) ?? own[0];
  const state = { suite, case: name, device: cell.device, what: params.get('what') === 'cost' ? 'cost' : '', pr: params.get('pr') === 'true', run: params.get('run') ?? '' };
  const tools = el('div', { class: 'controls' }, choice('Device', own.map((one) => [one.device, one.device]), cell.device, (value) => go('layers', { ...state, device: value })),
    choice('Show', [['', 'what differs'], ['cost', 'cost']], state.what, (value) => go('layers', { ...state, what: value })), check('pull requests', state.pr, (on) => go('layers', { ...state, pr: on, run: '' }), 'also runs of pull requests'), action(address('trend', { suite, case: name, devices: JSON.stringify([cell.device]) }), 'Trend'));
  if (!cell.layers) return [head, card('Layers', null, tools, empty(`No run on ${cell.device} compared layers.`, 'A stock firmware shows its outputs only; a run that ended in a bench or build error shows nothing. Choose another device, or look at its trend.'))];
  const data = ofRuns(await load(`layers-${cell.file}`), state.pr);
  const runs = tableRuns(data);
  const labels = data.layers.map(([index, op, layer]) => `#${index} ${op}${layer ? ` ${layer}` : ''}`);
  const detail = el('div', { class: 'point', 'aria-live': 'polite' });
  const { cell: cellAt, tell, key } = state.what === 'cost' ? costCells(data) : wrongCells(data);
  const pick = (layer, at) => {
    const run = runs[at];
    adjust('layers', { ...state, run: run.key });
    detail.replaceChildren();
    append(detail, [el('p', { class: 'point-figure' }, el('b', null, layer < 0 ? VERDICTS[LETTER_VERDICTS[data.verdicts[at]]].word : labels[layer])), layer < 0 ? null : el('p', null, data.there[at] === '1' ? tell(layer, at) : 'Nothing was compared in this run.'),
      facts([['Run', el('span', null, timeText(run.atMs), ' ', el('span', { class: 'code' }, run.id))], ['Commit', el('span', null, commitLink(run.commit, run.dirty), ' ', run.subject ?? '')]]), el('p', { class: 'actions' }, reportLink(run, 'Report', suite))]);
  };
  const map = heatMap({ runs, verdicts: data.verdicts, layers: labels, there: data.there, cell: cellAt }, state.what === 'cost' ? 'Cost of layers over time' : 'What differs, layer by layer over time', pick);
  const result = card(state.what === 'cost' ? 'What each layer costs' : 'Where it differs', `${plural(runs.length, 'run')}, the newest on the right${data.leftOut > 0 ? `; ${plural(data.leftOut, 'older one')} left out` : ''}`, tools, map.element, el('p', { class: 'legend' }, key.map((part) => el('span', null, part))), detail);
  result.stop = map.stop;
  whenShown(result, () => {
    map.start();
    const asked = runs.findIndex((run) => run.key === state.run);
    const last = [...runs.keys()].findLast((at) => data.wrong.some(([run, , , , ownWrong]) => run === at && ownWrong > 0)) ?? runs.length - 1;
    const at = asked >= 0 ? asked : last;
    map.choose(data.wrong.find(([run, , , , ownWrong]) => run === at && ownWrong > 0)?.[1] ?? -1, at);
  });
  return [head, result, state.what === 'cost' ? null : culpritsCard(data, runs, labels, suite)];
}

/** Without the runs of pull requests, where there are others. */
function ofRuns(data, withPullRequests) {
  const kept = [...data.runs.keys()].filter((at) => withPullRequests || (data.runs[at][6] & 2) === 0);
  if (kept.length === 0 || kept.length === data.runs.length) return data;
  const place = new Map(kept.map((old, at) => [old, at]));
  const letters = (text) => kept.map((at) => text[at]).join('');
  return { ...data, runs: kept.map((at) => data.runs[at]), verdicts: letters(data.verdicts), there: letters(data.there), wrong: data.wrong.filter(([run]) => place.has(run)).map(([run, ...rest]) => [place.get(run), ...rest]), cost: data.cost.map((costs) => kept.map((at) => costs[at])) };
}

function swatch(tone, mark, striped) {
  return el('i', { class: `heat-key key-${tone}${striped ? ' striped' : ''}`, 'aria-hidden': 'true' }, mark ?? '');
}

function wrongCells(data) {
  const at = new Map(data.wrong.map((entry) => [entry[1] * data.runs.length + entry[0], entry]));
  const find = (layer, run) => at.get(layer * data.runs.length + run);
  return {
    cell: (layer, run) => {
      const entry = find(layer, run);
      if (!entry) return { tone: '--good', strength: 0.16 };
      const [, , compared, mismatched, own] = entry;
      if (compared === 0) return { tone: '--idle', strength: 0.35, mark: '–' };
      // A single wrong element must be seen as well as all of them.
      const strength = 0.4 + 0.6 * Math.min(1, Math.max(0, 1 + Math.log10(Math.max(mismatched, own ?? 0) / compared) / 4));
      if (own > 0) return { tone: '--bad', strength, mark: '✕' };
      return own === 0 ? { tone: '--warn', strength: strength * 0.75, striped: true } : { tone: '--bad', strength: strength * 0.6, mark: '?' };
    },
    tell: (layer, run) => {
      const entry = find(layer, run);
      if (!entry) return 'Equal to the reference, every element that was compared.';
      const [, , compared, mismatched, own, most] = entry;
      if (compared === 0) return 'Not compared in this run.';
      return `${num(mismatched)} of ${plural(compared, 'element')} differ${most === null ? '' : `, by at most ${num(most)}`}; ${own === null ? 'whether by itself is not known' : own > 0 ? `${num(own)} wrong by itself, given the inputs the device had` : 'right by itself: it inherited the error'}.`;
    },
    key: [[swatch('good'), 'equal'], [swatch('bad', '✕'), 'wrong by itself'], [swatch('warn', '', true), 'inherited'], [swatch('bad', '?'), 'wrong, own error not known'], [swatch('idle', '–'), 'not compared'], ['╱ nothing was compared in the run']],
  };
}

/** Against the median of the layer's runs that are shown: layers differ by orders of magnitude, what counts is what changed. */
function costCells(data) {
  const usual = data.cost.map((costs) => { const there = costs.filter((cost) => cost !== null); return there.length > 0 ? median(there) : null; });
  const share = (layer, run) => { const cost = data.cost[layer][run]; return cost === null || cost === undefined || !(usual[layer] > 0) ? null : cost / usual[layer] - 1; };
  return {
    cell: (layer, run) => {
      const change = share(layer, run);
      if (change === null) return { tone: '--idle', strength: 0.3, mark: '–' };
      if (Math.abs(change) < 0.01) return { tone: '--accent', strength: 0.14 };
      const strength = Math.min(1, 0.35 + Math.abs(change) * 4);
      return change > 0 ? { tone: '--warn', strength, mark: '▲' } : { tone: '--good', strength, mark: '▼' };
    },
    tell: (layer, run) => { const [cost, change] = [data.cost[layer][run], share(layer, run)]; return cost === null || cost === undefined ? 'No cost was measured.' : `${num(cost)} ${unit(data.unit)}${change === null ? '' : `, ${changeText(usual[layer], cost)} against the median of the runs shown (${num(usual[layer])})`}.`; },
    key: [[swatch('accent'), 'as usual: within 1 % of its median'], [swatch('warn', '▲'), 'dearer'], [swatch('good', '▼'), 'cheaper'], [swatch('idle', '–'), 'not measured']],
  };
}

/** Layers that were ever wrong by themselves, in words. */
function culpritsCard(data, runs, labels, suite) {
  const wrong = new Map();
  for (const [run, layer, , , own] of data.wrong) if (own > 0) wrong.set(layer, [...(wrong.get(layer) ?? []), run]);
  const rows = [...wrong].sort((a, b) => Math.max(...b[1]) - Math.max(...a[1])).map(([layer, list]) => {
    const [first, last] = [runs[Math.min(...list)], runs[Math.max(...list)]];
    return [labels[layer], num(list.length), el('span', null, timeText(first.atMs), ' ', commitLink(first.commit, first.dirty)), el('span', null, timeText(last.atMs), ' ', commitLink(last.commit, last.dirty)), reportLink(last, 'Report', suite)];
  });
  return card('Wrong by itself', 'layers, the newest first', rows.length === 0 ? empty('No layer was wrong by itself in these runs.') : table('Layers that were wrong by themselves', [{ head: 'Layer' }, { head: 'Runs', number: true }, { head: 'First' }, { head: 'Last' }, { head: '' }], rows));
}
