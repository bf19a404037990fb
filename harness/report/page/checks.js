/** What the suite forgives, and whether a repetition gives the same. */
function tolerancesCard(one) {
  if (one.tolerances.length === 0) return null;
  const forgiven = ({ lsb, budget }) => `${lsb === null ? 'any difference' : `up to ${num(lsb)} LSB`}${budget === null ? '' : 'elements' in budget ? ` in at most ${plural(budget.elements, 'element')}` : ` in at most ${sharePercent(budget.share)}\u202f% of the elements`}`;
  const verdict = ({ needed, kept }) => (!kept ? el('span', { class: 'badge state-wrong' }, 'broken') : needed ? el('span', { class: 'badge state-right' }, 'kept') : el('span', { class: 'badge state-inherited' }, 'no longer needed'));
  return card('Tolerances', 'Differences that the suite forgives, and why.', table('Tolerances', [{ head: 'Where' }, { head: 'Layers' }, { head: 'Forgives' }, { head: 'Used', number: true }, { head: 'Reason' }, { head: '' }],
    one.tolerances.map((tolerance) => [el('span', { class: 'first' }, tolerance.scope), tolerance.layers.length > 40 ? plural(tolerance.layers.length, 'layer') : tolerance.layers.join(', '), forgiven(tolerance),
      `${num(tolerance.used.elements)} of ${num(tolerance.used.compared)}, max |d| ${num(tolerance.used.maxAbsDiff)}`, el('span', { class: 'first' }, tolerance.reason), verdict(tolerance)])));
}

function determinismCard(one, choose) {
  if (one.determinism.length === 0) return null;
  const styles = { same: 'state-right', differs: 'state-wrong', 'not possible': 'state-unknown' };
  return card('Determinism', 'Runs that must give the same bytes.', table('Determinism', [{ head: 'Run again with' }, { head: 'Samples', number: true }, { head: 'Result' }, { head: 'Differs from' }, { head: 'Note' }],
    one.determinism.map((check) => [check.check, num(check.samples), el('span', { class: `badge ${styles[check.result]}` }, check.result),
      check.layer === null ? '–' : el('button', { type: 'button', class: 'link', on: { click: () => choose(check.layer.index) } }, `layer ${check.layer.index} ${check.layer.op}`), el('span', { class: 'first' }, check.note || '–')])));
}
