/** Figures that became worse, and were neither undone nor accepted. */
function noRegressions() {
  const { note, series } = start.regressions;
  return note ? empty(`Figures are not judged: ${note}`, 'hil history regressions tells more.') : empty('No figure is worse.', `${plural(series, 'series')} of figures ${series === 1 ? 'was' : 'were'} judged.`);
}

/** What one commit did to a figure of a case on several devices is one thing to look at. */
function regressionGroups(list) {
  const groups = new Map();
  for (const one of list) {
    const key = JSON.stringify([one.suite, one.case, one.metric, one.quality, one.firstBad.commit ?? one.firstBad.run, one.lastGood?.commit ?? null]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** Figures in which a change of the code shows first. */
const TELLING = ['mismatched', 'layers-wrong', 'latency'];

/** What one commit did to a case is one thing: its most telling figure, with how many others there are. */
function tellingGroups(groups) {
  const things = new Map();
  for (const group of groups) {
    const [one] = group;
    const key = JSON.stringify([one.suite, one.case, one.firstBad.commit ?? one.firstBad.run]);
    things.set(key, [...(things.get(key) ?? []), group]);
  }
  const rank = ([one]) => (TELLING.includes(one.metric) ? TELLING.indexOf(one.metric) : TELLING.length);
  return [...things.values()].map((all) => Object.assign([...all.toSorted((a, b) => rank(a) - rank(b))[0]], { others: all.length - 1 }));
}

/** @param groups of which the first has the largest change */
function regressionTable(groups, brief = false) {
  const columns = [{ head: 'Figure' }, { head: 'Case' }, { head: 'On' }, { head: 'Change' }, { head: 'Came with' }, ...(brief ? [] : [{ head: 'How sure' }, { head: '' }])];
  return table('Open regressions', columns, groups.map((group) => { const [one] = group; const devices = group.map(({ device }) => device); return [
    el('span', null, link('trend', { suite: one.suite, case: one.case, metric: one.metric, devices: JSON.stringify(devices), run: one.firstBad.run }, metricWord(one.metric)), ' ', quality(one.quality), group.others > 0 ? el('small', { class: 'block' }, `and ${plural(group.others, 'other')}`) : null),
    el('span', { class: 'case-name' }, one.case, el('small', { class: 'block' }, one.suite)), devicesText(devices, brief),
    el('span', { class: brief ? null : 'nowrap' }, el('b', { class: 'bad nowrap' }, changeText(one.before, one.after)), el('small', { class: 'block' }, group.length > 1 ? 'the most of them' : `${num(one.before)} → ${num(one.after)} ${unit(one.unit)}`)),
    el('span', null, commitRange(one.lastGood, one.firstBad), el('small', { class: 'block' }, ago(one.firstBad.atMs))),
    ...(brief ? [] : [el('span', { class: 'reason' }, one.evidence), reportLink({ key: one.firstBad.run, id: one.firstBad.id }, 'Report', one.suite)])]; }));
}

async function regressionsView(params) {
  const wanted = { suite: params.get('suite') ?? '', device: params.get('device') ?? '', metric: params.get('metric') ?? '' };
  const { open } = await load('regressions');
  const names = (key, word = (value) => value) => [['', 'all'], ...unique(open.map((one) => one[key])).sort().map((one) => [one, word(one)])];
  const list = open.filter((one) => Object.entries(wanted).every(([key, value]) => value === '' || one[key] === value));
  const set = (key) => (value) => go('regressions', { ...wanted, [key]: value });
  return [pageHead('Open regressions', 'figures that became worse and were neither undone nor accepted (hil history accept)', choice('Suite', names('suite'), wanted.suite, set('suite')), choice('Device', names('device'), wanted.device, set('device')), choice('Figure', names('metric', metricWord), wanted.metric, set('metric'))),
    card('Regressions', open.length > 0 ? list.length === open.length ? plural(open.length, 'figure') : `${num(list.length)} of ${plural(open.length, 'figure')}` : null, open.length === 0 ? noRegressions() : list.length === 0 ? empty('None fits the filter.') : regressionTable(regressionGroups(list)))];
}
