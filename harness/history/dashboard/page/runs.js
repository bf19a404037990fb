/** All runs, a month of them loaded at a time, with filters. */
const RUN_COLUMNS = [{ head: 'When' }, { head: 'Verdict' }, { head: 'Suite' }, { head: 'Devices' }, { head: 'Commit' }, { head: 'Bench' }, { head: 'Took', number: true }, { head: '' }];
const RUN_PAGE = 60;

function runRow(run) {
  return [
    runCell(run), el('span', { class: 'nowrap' }, pill(run.verdict), el('small', { class: 'block' }, run.counts.map(([verdict, count]) => `${num(count)} ${VERDICTS[verdict].word.toLowerCase()}`).join(', '))),
    link('suite', { suite: run.suite }, run.suite), el('span', { class: 'names' }, run.devices.join(', ')),
    el('span', { class: 'names' }, commitLink(run.commit, run.dirty), run.branch ? el('small', null, ` ${run.branch} `) : null, run.pullRequest === null ? null : badge('idle', `#${run.pullRequest}`), run.subject ? el('small', { class: 'block' }, run.subject) : null),
    el('span', { class: 'nowrap' }, run.bench), duration(run.durationMs), el('span', { class: 'actions' }, reportLink(run), run.jobUrl ? webLink(run.jobUrl, 'Job') : null),
  ];
}

function runFits(run, wanted) {
  const words = (wanted.text ?? '').toLowerCase().split(/\s+/).filter((word) => word !== '');
  return (!wanted.suite || run.suite === wanted.suite) && (!wanted.device || run.devices.includes(wanted.device)) && (!wanted.bench || run.bench === wanted.bench)
    && (!wanted.verdict || run.verdict === wanted.verdict || (wanted.verdict === 'no-pass' && run.verdict !== 'pass')) && (!wanted.of || (wanted.of === 'pr') === (run.pullRequest !== null))
    && words.every((word) => `${run.id} ${run.key} ${run.commit ?? ''} ${run.branch ?? ''} ${run.subject ?? ''} ${run.suite} ${run.devices.join(' ')} ${run.pullRequest === null ? '' : `#${run.pullRequest}`}`.toLowerCase().includes(word));
}

function runsView(params) {
  const wanted = Object.fromEntries(['suite', 'device', 'verdict', 'bench', 'of', 'text'].map((name) => [name, params.get(name) ?? '']));
  const place = el('div');
  const told = el('p', { class: 'note', 'aria-live': 'polite' });
  let turn = 0;
  const fill = async () => {
    turn += 1;
    const mine = turn;
    let [month, seen] = [0, 0];
    let queue = [];
    let found = 0;
    const list = growing('Runs that fit', RUN_COLUMNS, async () => {
      while (queue.length < RUN_PAGE && month < start.months.length && mine === turn) {
        const { runs } = await load(`month-${start.months[month].month}`);
        queue = queue.concat(runs.filter((run) => runFits(run, wanted)));
        seen += runs.length;
        month += 1;
      }
      const rows = queue.splice(0, RUN_PAGE);
      found += rows.length;
      const end = queue.length === 0 && month >= start.months.length;
      told.textContent = end ? `${plural(found, 'run')} of ${num(start.totals.runs)}` : `${num(found)} shown; ${num(seen)} of ${num(start.totals.runs)} looked through`;
      return { rows: rows.map(runRow), end };
    });
    const count = await list.next();
    if (mine !== turn) return;
    place.replaceChildren(count > 0 ? list.box : empty('No run fits.', 'Take a filter away, or search for something shorter: a commit by its first digits, a branch, a part of the subject.'));
  };
  const set = (name) => (value) => { wanted[name] = value; adjust('runs', wanted); failing(place, fill()); };
  const names = (list) => [['', 'all'], ...unique(list).sort().map((one) => [one, one])];
  const text = el('input', { type: 'search', value: wanted.text, placeholder: 'Commit, branch, id, subject', 'aria-label': 'Commit, branch, id or subject', on: { change: () => set('text')(text.value), input: soon(() => set('text')(text.value), 200) } });
  failing(place, fill());
  return [pageHead('Runs', `${num(start.totals.runs)} from ${dayText(start.totals.firstMs)} to ${dayText(start.totals.lastMs)}`),
    card('All runs', null, el('div', { class: 'controls', role: 'group', 'aria-label': 'Filters' }, text,
      choice('Suite', names(start.grid.map((one) => one.suite)), wanted.suite, set('suite')), choice('Device', names(start.grid.map((one) => one.device)), wanted.device, set('device')),
      choice('Verdict', [['', 'all'], ['no-pass', 'no pass'], ...Object.entries(VERDICTS).map(([value, { word }]) => [value, word])], wanted.verdict, set('verdict')),
      choice('Bench', names(start.benches.map((one) => one.bench)), wanted.bench, set('bench')), choice('Of', [['', 'all'], ['main', 'no pull request'], ['pr', 'pull requests']], wanted.of, set('of'))), told, place)];
}

/** What is typed is acted on once it rests. */
function soon(work, ms) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(work, ms); };
}
