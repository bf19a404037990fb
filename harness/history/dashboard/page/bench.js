/** How benches and devices do their work: a cable that comes loose is no red target, and a red target no loose cable. */
const BENCH_WINDOWS = [['7', '7 days'], ['30', '30 days'], ['90', '90 days'], ['', 'all']];

function benchView(params) {
  const wanted = { bench: params.get('bench') ?? '', device: params.get('device') ?? '', days: params.has('days') ? params.get('days') : '30' };
  const days = BENCH_WINDOWS.some(([value]) => value === wanted.days && value !== '') ? Number(wanted.days) : null;
  const shown = start.benches.filter((bench) => (!wanted.bench || bench.bench === wanted.bench) && (!wanted.device || bench.device === wanted.device));
  const set = (values) => go('bench', { ...wanted, ...values, days: (values.days ?? wanted.days) === '' ? 'all' : values.days ?? wanted.days });
  const filters = [choice('Bench', [['', 'all'], ...unique(start.benches.map((one) => one.bench)).map((one) => [one, one])], wanted.bench, (bench) => set({ bench, device: '' })),
    choice('Device', [['', 'all'], ...unique(start.benches.map((one) => one.device)).sort().map((one) => [one, one])], wanted.device, (device) => set({ device })),
    choice('Window', BENCH_WINDOWS, days === null ? '' : wanted.days, (value) => set({ days: value }))];
  const head = pageHead('Bench health', 'what failed for reasons of the bench: cables, boards, tools. Counted are cases, in all runs', ...filters);
  if (start.benches.length === 0) return [head, empty('No case has run on any bench.', 'Every case was skipped: see Quarantine.')];
  const sums = shown.map((bench) => ({ bench, ...benchSum(bench, days) })).sort((a, b) => b.errors / Math.max(1, b.cases) - a.errors / Math.max(1, a.cases));
  const total = (key) => sums.reduce((sum, one) => sum + one[key], 0);
  return [head, el('dl', { class: 'tiles' }, tile('Cases', num(total('cases')), `on ${plural(shown.length, 'device')}`), tile('Bench errors', num(total('errors')), percent(total('errors'), total('cases')), total('errors') > 0 ? 'warn' : null), tile('Repeated attempts', num(total('retries')), 'by the retry policy'), tile('Time lost', duration(total('lostMs')), 'to errors and repeats')),
    card('Benches and devices', 'the worst first; each bar is a week', shown.length === 0 ? empty('No such bench or device.') : table('Health of benches and devices', [{ head: 'Device' }, { head: 'Bench' }, { head: 'State' }, { head: 'Bench errors' }, { head: 'Weeks' }, { head: 'Retries', number: true }, { head: 'Lost', number: true }, { head: 'Last worked' }], sums.map(benchRow))),
    whyCard(shown), recentCard(shown)];
}

/** As the report page has them; there they are in a list of their own. */
function tile(name, value, note, tone) {
  return el('div', { class: `tile${tone ? ` tile-${tone}` : ''}` }, el('dt', null, name), el('dd', null, el('span', { class: 'value' }, value), el('span', { class: 'note' }, note)));
}

function benchRow({ bench, cases, errors, retries, lostMs }) {
  const dead = bench.lastGoodMs === null || bench.lastMs > bench.lastGoodMs;
  const state = dead ? badge('bad', bench.lastGoodMs === null ? 'never worked' : 'failing now') : inTrouble(bench) ? badge('warn', 'in trouble') : start.totals.lastMs - bench.lastMs > STALE ? badge('idle', 'not used') : badge('good', 'well');
  return [link('bench', { bench: bench.bench, device: bench.device }, bench.device), bench.bench, state, rateBar(errors, cases, errors > 0 ? 'warn' : 'good'), weeks(bench), num(retries), duration(lostMs), bench.lastGoodMs === null ? 'never' : when(bench.lastGoodMs)];
}

/** Share of bench errors in each of the last 13 weeks before the newest run. */
function weeks(bench) {
  const list = Array.from({ length: 13 }, () => [0, 0]);
  for (const [day, cases, errors] of bench.days) {
    const at = 12 - Math.floor((Date.parse(dayText(start.totals.lastMs)) - Date.parse(day)) / (7 * DAY));
    if (at >= 0 && at < 13) { list[at][0] += cases; list[at][1] += errors; }
  }
  const text = `bench errors by week, the newest last: ${list.map(([cases, errors]) => (cases === 0 ? 'not used' : percent(errors, cases))).join(', ')}`;
  return el('span', { class: 'weeks', role: 'img', 'aria-label': text, title: text }, list.map(([cases, errors]) => el('i', { class: cases === 0 ? 'unused' : errors === 0 ? 'none' : '', style: cases > 0 && errors > 0 ? { height: `${Math.max(15, Math.min(100, (300 * errors) / cases))}%` } : {} })));
}

function whyCard(shown) {
  const rows = shown.flatMap((bench) => bench.codes.map((code) => ({ bench, ...code }))).sort((a, b) => b.count - a.count).slice(0, 30);
  return card('Why', 'of the last 90 days', rows.length === 0 ? empty('No bench error in 90 days.') : table('Why benches failed', [{ head: 'Code' }, { head: 'Times', number: true }, { head: 'Device' }, { head: 'Last' }, { head: 'The newest says' }],
    rows.map(({ bench, code, count, lastMs, reason }) => [el('span', { class: 'code tag' }, code), num(count), el('span', null, bench.device, el('small', { class: 'block' }, bench.bench)), when(lastMs), el('span', { class: 'reason' }, reason)])));
}

function recentCard(shown) {
  const rows = shown.flatMap((bench) => bench.recent.map((one) => ({ bench, ...one }))).sort((a, b) => b.atMs - a.atMs).slice(0, 25);
  if (rows.length === 0) return null;
  return card('Newest bench errors', null, table('The newest bench errors', [{ head: 'When' }, { head: 'Device' }, { head: 'Case' }, { head: 'Code' }, { head: 'Reason' }, { head: '' }],
    rows.map(({ bench, run, atMs, case: name, code, reason }) => [when(atMs), el('span', null, bench.device, el('small', { class: 'block' }, bench.bench)), name, el('span', { class: 'code tag' }, code), el('span', { class: 'reason' }, reason), runAt(run) ? reportLink(runAt(run)) : link('runs', { text: run }, 'Run')])));
}
