/** Puts the page together: one case at a time, which #case=N chooses, and a layer of it with #case=N&layer=M, so that a link to either can be passed on. */
const report = JSON.parse(document.getElementById('report').textContent);
const app = document.getElementById('app');
const main = el('main', { id: 'case', tabindex: '-1' });
let leave = () => {};

let shown = null;

function showCase(index) {
  const one = report.cases[index];
  leave();
  const plots = plotsCard(one);
  const chooseLayer = (layer) => { location.hash = `case=${index}&layer=${layer}`; };
  const diagnosis = diagnosisCard(one, chooseLayer);
  main.replaceChildren();
  main.dataset.index = index;
  // What is wrong comes first; a graph in which all is well comes after the figures.
  append(main, [devicesCard(report, index, choose), banner(one), tiles(one), faultCard(one), diagnosis?.wrong ? diagnosis : null, determinismCard(one, chooseLayer), tolerancesCard(one), layersCard(one, chooseLayer), diagnosis?.wrong ? null : diagnosis,
    layersOnDevicesCard(report, one), outputsCard(one), plots, costCard(one), buildCard(report, one), logCard(one), runCard(report)]);
  plots?.start();
  diagnosis?.start();
  leave = () => plots?.stop();
  shown = { index, diagnosis };
}

/** #case=N, or #case=N&layer=M. */
function fromHash() {
  const match = /^#case=(\d+)(?:&layer=(\d+))?$/.exec(location.hash);
  const index = match === null ? -1 : Number(match[1]);
  return { index: index >= 0 && index < report.cases.length ? index : -1, layer: match?.[2] === undefined ? null : Number(match[2]) };
}

const choose = (index) => { location.hash = `case=${index}`; };
const list = report.cases.length > 1 ? caseList(report, choose) : null;
app.classList.toggle('many', list !== null);
append(app, [el('a', { class: 'skip-link', href: '#case', on: { click: (event) => { event.preventDefault(); main.focus(); } } }, 'To the result'), topBar(report), el('div', { class: 'body' }, list?.element, main),
  el('footer', null, `hil ${report.run.hilVersion} · ${report.schema} · charts by uPlot (MIT)`)]);

function route() {
  const wanted = fromHash();
  const index = wanted.index >= 0 ? wanted.index : (list?.first ?? 0);
  const other = shown?.index !== index;
  if (other) {
    showCase(index);
    list?.mark(index);
  }
  const { diagnosis } = shown;
  diagnosis?.select(wanted.layer ?? diagnosis.first);
  if (wanted.layer !== null) showDiagnosis(diagnosis, other);
  else if (other) scrollTo(0, 0);
}

/** Chosen by a link, the whole card is brought into view; chosen in a narrow graph, what is said of the layer. */
function showDiagnosis(diagnosis, whole) {
  if (diagnosis === null) return;
  const box = (whole ? diagnosis : diagnosis.querySelector('.layer-detail')).getBoundingClientRect();
  if (whole || box.top > innerHeight - 120 || box.bottom < 60) scrollTo(0, scrollY + box.top - 12);
}

if (report.cases.length === 0) append(main, [el('section', { class: `banner is-${report.verdict}` }, el('div', { class: 'big-mark' }, '!'), el('div', { class: 'banner-text' }, el('p', { class: 'verdict' }, VERDICTS[report.verdict].word), el('p', { class: 'main-reason' }, 'No case ran.'))), devicesCard(report, -1, choose), runCard(report)]);
else {
  addEventListener('hashchange', route);
  route();
}
