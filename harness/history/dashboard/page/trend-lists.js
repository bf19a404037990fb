/** What the chart shows, in words and links: for who does not see it, and to go on from. */
const STATES_OF_CHANGE = { open: 'open', accepted: 'accepted', undone: 'undone', better: 'better' };

function changesTable(changes, runs, suite) {
  return table('Change points', [{ head: 'Change' }, { head: 'On' }, { head: 'Figure' }, { head: 'Came with' }, { head: 'How sure' }, { head: '' }], changes.map((one) => {
    const run = runs.get(one.run);
    const tone = one.direction === 'better' ? 'good' : one.state === 'open' ? 'bad' : 'warn';
    return [el('span', null, badge(tone, one.direction === 'better' ? 'better' : 'worse'), one.direction === 'worse' ? el('small', { class: 'block' }, STATES_OF_CHANGE[one.state]) : null), one.device,
      el('span', { class: 'nowrap' }, el('b', null, changeText(one.before, one.after)), el('small', { class: 'block' }, `${num(one.before)} → ${num(one.after)}`)),
      el('span', null, commitRange(one.lastGood, run), el('small', { class: 'block' }, run ? timeText(run.atMs) : '')), one.evidence, run ? reportLink(run, 'Report', suite) : null];
  }));
}

function marksTable(marks) {
  return table('What else changed', [{ head: 'When' }, { head: 'What' }, { head: 'On' }, { head: 'Before' }, { head: 'Since' }, { head: 'Commit' }],
    marks.map((mark) => [timeText(mark.run.atMs), el('span', null, el('b', null, mark.letter), ` ${mark.word}`), mark.device, el('span', { class: 'names' }, mark.before || '–'), el('span', { class: 'names' }, mark.after || '–'), commitLink(mark.run.commit, mark.run.dirty)]));
}

function baselinesTable(baselines) {
  return table('Accepted figures', [{ head: 'When' }, { head: 'On' }, { head: 'Figure', number: true }, { head: 'Why' }, { head: 'By' }], baselines.map((one) => [timeText(one.atMs), one.device, `${num(one.value)} ${unit(one.unit)}`, one.reason, one.by]));
}

const MOST_FIGURES = 200;

/** The newest points of all lines. */
function figuresTable(lines, suite) {
  const points = lines.flatMap((line) => line.points.map((point) => ({ line, point }))).sort((a, b) => b.point.run.atMs - a.point.run.atMs).slice(0, MOST_FIGURES);
  return table('Figures', [{ head: 'Run' }, { head: 'On' }, { head: 'Figure', number: true }, { head: 'Quality' }, { head: 'Commit' }, { head: '' }], points.map(({ line, point }) => [
    el('span', null, timeText(point.run.atMs), el('small', { class: 'block code' }, point.run.id)), line.device, `${num(point.value)} ${unit(line.unit)}`, quality(line.quality), commitLink(point.run.commit, point.run.dirty), reportLink(point.run, 'Report', suite)]));
}

/** All that is known of the chosen point. */
function pointDetail({ line, point }, suite, name) {
  const before = line.points.filter((one) => one.run.atMs < point.run.atMs).at(-1);
  return [el('p', { class: 'point-figure' }, el('b', null, `${num(point.value)} ${unit(line.unit)}`), ' ', quality(line.quality), point.of > 1 ? ` median of ${point.of} runs of the commit` : null, before ? el('span', { class: 'muted' }, ` ${changeText(before.value, point.value)} against the run before`) : null),
    facts([['Device', line.device], ['Run', el('span', null, timeText(point.run.atMs), ' ', el('span', { class: 'code' }, point.run.id))], ['Commit', el('span', null, commitLink(point.run.commit, point.run.dirty), ' ', point.run.subject ?? '', point.run.branch ? el('span', { class: 'muted' }, ` (${point.run.branch})`) : null)],
      ['Compared with', point.likeness], ['Generator', point.generator], ['Model', point.model ? point.model.slice(0, 16) : null, true]]),
    el('p', { class: 'actions' }, reportLink(point.run, 'Report', suite), link('layers', { suite, case: name, device: line.device, run: point.run.key }, 'Layers of this run'))];
}
