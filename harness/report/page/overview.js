/** The head of the page, the list of cases, and the head of a case. */
function topBar(report) {
  const { run, suite } = report;
  return el('header', { class: `top is-${report.verdict}` },
    el('div', { class: 'brand' }, el('span', { class: 'logo', 'aria-hidden': 'true' }, 'hil'),
      el('div', null, el('h1', null, suite.name), suite.description ? el('p', null, suite.description) : null)),
    el('div', { class: 'run' }, pill(report.verdict),
      el('p', null, el('time', { datetime: run.startedAt }, run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')), ` · ${duration(run.durationMs)} · `, el('span', { class: 'code' }, run.id))));
}

const WORST_FIRST = ['fail', 'build-error', 'bench-error', 'interrupted', 'pass', 'skipped'];

/** Cases with the worst first; a filter where there are many. Calls choose(index of the case). */
function caseList(report, choose) {
  const order = report.cases.map((_, index) => index)
    .sort((a, b) => WORST_FIRST.indexOf(report.cases[a].verdict) - WORST_FIRST.indexOf(report.cases[b].verdict) || a - b);
  const buttons = new Map();
  for (const index of order) {
    const one = report.cases[index];
    buttons.set(index, el('button', { type: 'button', class: `case is-${one.verdict}`, on: { click: () => choose(index) } },
      el('span', { class: 'dot', title: VERDICTS[one.verdict].word }, VERDICTS[one.verdict].mark),
      el('span', { class: 'case-name' }, one.name, el('small', null, one.device)), el('span', { class: 'hidden-text' }, `: ${VERDICTS[one.verdict].word}`)));
  }
  const counts = WORST_FIRST.map((verdict) => [verdict, report.cases.filter((one) => one.verdict === verdict).length]).filter(([, count]) => count > 0);
  const filter = el('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter the cases by name, device or verdict', on: { input: () => {
    const wanted = filter.value.toLowerCase();
    for (const [index, button] of buttons) {
      const one = report.cases[index];
      button.parentElement.hidden = !`${one.name} ${one.device} ${one.verdict}`.toLowerCase().includes(wanted);
    }
  } } });
  const element = el('nav', { class: 'cases', 'aria-label': 'Cases' },
    el('p', { class: 'counts' }, counts.map(([verdict, count]) => el('span', { class: `count is-${verdict}` }, `${count} ${VERDICTS[verdict].word.toLowerCase()}`))),
    report.cases.length > 8 ? filter : null, el('ul', null, order.map((index) => el('li', null, buttons.get(index)))));
  const mark = (chosen) => { for (const [index, button] of buttons) index === chosen ? button.setAttribute('aria-current', 'true') : button.removeAttribute('aria-current'); };
  return { element, mark, first: order[0] };
}

function banner(one) {
  const [main, ...rest] = one.reasons;
  return el('section', { class: `banner is-${one.verdict}`, 'aria-label': 'Verdict' },
    el('div', { class: 'big-mark', 'aria-hidden': 'true' }, VERDICTS[one.verdict].mark),
    el('div', { class: 'banner-text' },
      el('p', { class: 'verdict' }, VERDICTS[one.verdict].word, el('span', { class: 'of' }, `${one.name} on ${one.device}`)),
      el('p', { class: 'main-reason' }, main ?? (one.verdict === 'pass' && forgivenElements(one) > 0 ? 'What differs from the reference is within the tolerances of the suite.' : VERDICT_MEANING[one.verdict])),
      rest.length > 0 ? el('ul', null, rest.slice(0, 8).map((text) => el('li', null, text))) : null,
      rest.length > 8 ? el('details', null, el('summary', null, plural(rest.length - 8, 'more reason')), el('ul', null, rest.slice(8).map((text) => el('li', null, text)))) : null));
}

function tile(name, value, note, mark) {
  return el('div', { class: `tile${mark ? ` ${mark}` : ''}` }, el('dt', null, name), el('dd', null, el('span', { class: 'value' }, value), note ? el('span', { class: 'note' }, note) : null));
}

/** No mismatch means little where the case did not come to its end. */
function equalNote(one, compared) {
  if (compared === 0) return 'nothing was compared';
  return one.verdict === 'pass' ? (forgivenElements(one) === 0 ? 'exact' : `${plural(forgivenElements(one), 'element')} ${forgivenElements(one) === 1 ? 'differs' : 'differ'}, forgiven`) : 'of what was compared';
}

function tiles(one) {
  const outputsOnly = one.scope === 'outputs';
  const sum = (key) => (outputsOnly ? one.outputs : one.layers).reduce((total, part) => total + part[key], 0);
  const { elements: wrong, least } = mismatchedTotal(one);
  const { latency, energy, memory, npu } = one;
  return el('dl', { class: 'tiles' },
    tile('Elements compared', num(sum('compared')), `${outputsOnly ? 'outputs only' : plural(one.layers.length, 'layer')}, ${plural(one.samples, 'sample')}`),
    tile('Mismatched', `${least ? 'at least ' : ''}${num(wrong)}`, wrong === 0 ? equalNote(one, sum('compared')) : percent(wrong, sum('compared')), wrong > 0 && one.judge !== 'metrics' ? 'bad' : null),
    tile('Latency', latency ? num(latency.median) : '–', latency ? [`${latency.unit}, median `, quality(latency.quality)] : one.latencyReason),
    tile('Energy', energy ? `${num(energy.value)}` : '–', energy ? [`${unit(energy.unit)}, an invocation `, quality(energy.quality)] : one.energyReason),
    tile('Flash', memory ? bytes(memory.flashBytes) : '–', memory ? `RAM ${bytes(memory.ramBytes)}` : 'not known'),
    tile('NPU', npu.used ? `${npu.operators} of ${npu.of}` : 'not used', npu.used ? 'operators' : `0 of ${plural(npu.of, 'operator')}`));
}
