/** Puts the page together: one case at a time, which #case=N chooses, so that a link to a case can be passed on. */
const report = JSON.parse(document.getElementById('report').textContent);
const app = document.getElementById('app');
const main = el('main', { id: 'case', tabindex: '-1' });
let leave = () => {};

function showCase(index) {
  const one = report.cases[index];
  leave();
  const plots = plotsCard(one);
  main.replaceChildren();
  main.dataset.index = index;
  append(main, [devicesCard(report, index, choose), banner(one), tiles(one), faultCard(one), layersCard(one), layersOnDevicesCard(report, one), outputsCard(one), plots, costCard(one), buildCard(report, one), logCard(one), runCard(report)]);
  plots?.start();
  leave = () => plots?.stop();
}

function chosenCase() {
  const match = /^#case=(\d+)$/.exec(location.hash);
  const index = match === null ? -1 : Number(match[1]);
  return index >= 0 && index < report.cases.length ? index : -1;
}

const choose = (index) => { location.hash = `case=${index}`; };
const list = report.cases.length > 1 ? caseList(report, choose) : null;
app.classList.toggle('many', list !== null);
append(app, [el('a', { class: 'skip-link', href: '#case', on: { click: (event) => { event.preventDefault(); main.focus(); } } }, 'To the result'), topBar(report), el('div', { class: 'body' }, list?.element, main),
  el('footer', null, `hil ${report.run.hilVersion} · ${report.schema} · charts by uPlot (MIT)`)]);

function route() {
  const index = chosenCase() >= 0 ? chosenCase() : (list?.first ?? 0);
  showCase(index);
  list?.mark(index);
}

if (report.cases.length === 0) append(main, [el('section', { class: `banner is-${report.verdict}` }, el('div', { class: 'big-mark' }, '!'), el('div', { class: 'banner-text' }, el('p', { class: 'verdict' }, VERDICTS[report.verdict].word), el('p', { class: 'main-reason' }, 'No case ran.'))), devicesCard(report, -1, choose), runCard(report)]);
else {
  addEventListener('hashchange', () => { route(); scrollTo(0, 0); });
  route();
}
