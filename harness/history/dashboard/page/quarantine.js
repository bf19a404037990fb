/** What is left out of the tests for a while, and for how long. */
function quarantineView() {
  const list = start.quarantines;
  const today = todayText();
  const state = (one) => {
    if (one.until === null) return badge('warn', 'no end told');
    const left = Math.round((Date.parse(one.until) - Date.parse(today)) / DAY);
    return left < 0 ? badge('bad', `expired ${plural(-left, 'day')} ago`) : badge(left <= 7 ? 'warn' : 'idle', left === 0 ? 'last day' : `${plural(left, 'day')} left`);
  };
  return [pageHead('Quarantine', 'devices and cases that are not run for a while; each ends by itself'),
    card('Left out', null, list.length === 0 ? empty('Nothing is in quarantine.', 'hil devices quarantine ID --reason TEXT --until DAY leaves a device out; a case is left out in suite.json.')
      : table('What is in quarantine', [{ head: 'What' }, { head: 'State' }, { head: 'Until' }, { head: 'Why' }, { head: 'By' }, { head: 'Told by' }], list.map((one) => [
        el('span', null, one.kind === 'case' ? link('trend', { suite: one.suite, case: one.name }, one.name) : link('bench', { device: one.name }, one.name), el('small', { class: 'block' }, one.kind === 'case' ? `case, on ${one.device} · ${one.suite}` : 'device')),
        state(one), one.until ?? '–', el('span', { class: 'reason' }, one.reason), one.by ?? '–', one.from]))),
    list.some(isExpired) ? el('p', { class: 'note' }, 'An expired quarantine counts no more: what it named runs again. Its record can go: hil devices release ID, or the entry of the suite.') : null];
}
