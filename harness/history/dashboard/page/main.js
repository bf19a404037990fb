/** Puts the page together: the head, the views, and the way between them. */
const VIEWS = [
  ['overview', 'Overview', overviewView], ['runs', 'Runs', runsView], ['trend', 'Trends', trendView], ['layers', 'Layers', layersView], ['bench', 'Benches', benchView], ['regressions', 'Regressions', regressionsView], ['quarantine', 'Quarantine', quarantineView],
];
/** Shown by links only. */
const INNER = { suite: suiteView, red: () => [pageHead('Red since', 'cases whose newest verdict on the code is no pass'), redCard(redCells(), true)], flaky: () => [pageHead('Flaky targets', null), flakyOrNone()] };

const content = el('main', { id: 'content', tabindex: '-1' });
const shownHooks = new Map();
let turn = 0;
let links = [];

/** What needs its size is drawn once it is in the page. */
function whenShown(element, work) {
  shownHooks.set(element, work);
  runHooks();
}

function runHooks() {
  for (const [element, work] of shownHooks) if (element.isConnected) { shownHooks.delete(element); work(); }
}

/** Says in place of a part what kept it away. */
function failing(place, promise) {
  promise.catch((error) => place.replaceChildren(problem(error)));
}

function problem(error) {
  const missing = error instanceof MissingPart;
  return el('div', { class: 'empty problem', role: 'alert' }, el('p', { class: 'empty-text' }, missing ? 'This part of the site could not be loaded.' : 'This view failed.'),
    el('p', null, missing ? `The file ${app.dataset.from}/${error.message}.js is not there: the site was built again since the page was opened, or was not copied whole.` : String(error?.message ?? error)), el('button', { type: 'button', class: 'quiet', on: { click: () => location.reload() } }, 'Reload the page'));
}

const redCells = () => start.cells.filter((cell) => !cell.gone && cell.red !== null).sort((a, b) => b.red.firstMs - a.red.firstMs);
function flakyOrNone() {
  const flaky = start.cells.filter((cell) => !cell.gone && cell.flaky !== null);
  return flaky.length > 0 ? flakyCard(flaky) : empty('No target is flaky.', 'No image of the last 30 days both passed and failed at one commit.');
}

async function show(first) {
  turn += 1;
  const mine = turn;
  const { view, params } = readRoute();
  const make = VIEWS.find(([name]) => name === view)?.[2] ?? (Object.hasOwn(INNER, view) ? INNER[view] : null);
  const slow = setTimeout(() => { if (mine === turn) content.replaceChildren(el('p', { class: 'loading' }, 'Loading …')); }, 150);
  let made;
  try {
    made = make === null ? [pageHead('Not found'), empty(`There is no view “${view}”.`, link('overview', {}, 'To the overview'))] : await make(params);
  } catch (error) {
    made = [problem(error)];
  }
  clearTimeout(slow);
  if (mine !== turn) return;
  for (const old of content.querySelectorAll('*')) old.stop?.();
  shownHooks.forEach((_, element) => { if (!made.includes(element) && !made.some((one) => one?.contains?.(element))) shownHooks.delete(element); });
  content.replaceChildren();
  append(content, made);
  runHooks();
  content.dataset.view = view;
  for (const [name, element] of links) name === view ? element.setAttribute('aria-current', 'page') : element.removeAttribute('aria-current');
  links.find(([name]) => name === view)?.[1].scrollIntoView({ block: 'nearest', inline: 'center' });
  document.title = `${content.querySelector('h1')?.textContent ?? ''} – ${start.title}`;
  if (first) return;
  scrollTo(0, 0);
  content.querySelector('h1')?.focus({ preventScroll: true });
}

function head() {
  const counts = { regressions: start.regressions.count, quarantine: start.quarantines.length, bench: start.benches.filter(inTrouble).length };
  links = VIEWS.map(([name, word]) => [name, el('a', { href: address(name) }, word, counts[name] > 0 ? el('span', { class: 'nav-count' }, num(counts[name])) : null)]);
  const old = Date.now() - start.madeAtMs > STALE;
  return [el('a', { class: 'skip-link', href: '#content', on: { click: (event) => { event.preventDefault(); content.focus(); } } }, 'To the content'),
    el('header', { class: 'site-top' }, el('a', { class: 'brand', href: '#overview' }, el('span', { class: 'logo', 'aria-hidden': 'true' }, 'hil'), el('span', { class: 'site-title' }, start.title)), searchBox(), el('nav', { class: 'site-nav', 'aria-label': 'Views' }, links.map(([, element]) => element))),
    old ? el('p', { class: 'site-old', role: 'status' }, `This site was made ${ago(start.madeAtMs)}: what happened since is not in it.`) : null];
}

function foot() {
  const { totals } = start;
  return el('footer', null, `${plural(totals.runs, 'run')}, ${plural(totals.cases, 'case')}, ${dayText(totals.firstMs)} to ${dayText(totals.lastMs)} · made ${timeText(start.madeAtMs)} by hil ${start.hilVersion}${start.filters.length > 0 ? ` · only ${start.filters.join(' ')}` : ''} · ${start.reportUrl ? 'reports elsewhere' : `${plural(start.reports.length, 'report')}${totals.reportsLeftOut > 0 ? `, ${num(totals.reportsLeftOut)} left out for size` : ''}`} · charts by uPlot (MIT)`);
}

loadStart().then(async () => {
  append(app, [head(), el('div', { class: 'body' }, content), foot()]);
  addEventListener('hashchange', () => show(false));
  await show(true);
  document.documentElement.dataset.ready = 'yes';
}).catch((error) => app.replaceChildren(el('div', { class: 'body' }, problem(error))));
