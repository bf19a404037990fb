/** Figures that became worse, and were neither undone nor accepted. */
function noRegressions() {
  const { note, series } = start.regressions;
  return note ? empty(`Figures are not judged: ${note}`, 'hil history regressions tells more.') : empty('No figure is worse.', `${plural(series, 'series')} of figures ${series === 1 ? 'was' : 'were'} judged.`);
}

function regressionTable(list, brief = false) {
  const columns = [{ head: 'Figure' }, { head: 'Case' }, { head: 'Change' }, { head: 'Came with' }, ...(brief ? [] : [{ head: 'How sure' }, { head: '' }])];
  return table('Open regressions', columns, list.map((one) => [
    el('span', null, link('trend', { suite: one.suite, case: one.case, metric: one.metric, devices: JSON.stringify([one.device]), run: one.firstBad.run }, metricWord(one.metric)), ' ', quality(one.quality)),
    el('span', null, one.case, el('small', { class: 'block' }, `${one.device} · ${one.suite}`)),
    el('span', { class: 'nowrap' }, el('b', { class: 'bad' }, changeText(one.before, one.after)), el('small', { class: 'block' }, `${num(one.before)} → ${num(one.after)} ${unit(one.unit)}`)),
    el('span', null, commitRange(one.lastGood, one.firstBad), el('small', { class: 'block' }, ago(one.firstBad.atMs))),
    ...(brief ? [] : [el('span', { class: 'reason' }, one.evidence), runAt(one.firstBad.run) ? reportLink(runAt(one.firstBad.run)) : null])]));
}

function regressionsView(params) {
  const wanted = { suite: params.get('suite') ?? '', device: params.get('device') ?? '', metric: params.get('metric') ?? '' };
  const { open } = start.regressions;
  const names = (key, word = (value) => value) => [['', 'all'], ...unique(open.map((one) => one[key])).sort().map((one) => [one, word(one)])];
  const list = open.filter((one) => Object.entries(wanted).every(([key, value]) => value === '' || one[key] === value));
  const set = (key) => (value) => go('regressions', { ...wanted, [key]: value });
  return [pageHead('Open regressions', 'figures that became worse and were neither undone nor accepted (hil history accept)', choice('Suite', names('suite'), wanted.suite, set('suite')), choice('Device', names('device'), wanted.device, set('device')), choice('Figure', names('metric', metricWord), wanted.metric, set('metric'))),
    card('Regressions', open.length > 0 ? `${num(list.length)} of ${num(open.length)}` : null, open.length === 0 ? noRegressions() : list.length === 0 ? empty('None fits the filter.') : regressionTable(list))];
}
