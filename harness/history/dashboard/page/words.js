/** Times, commits, runs and reports in words and links. */
const DAY = 86_400_000;
const LETTER_VERDICTS = { p: 'pass', f: 'fail', e: 'build-error', b: 'bench-error', s: 'skipped', i: 'interrupted' };
const isRed = (verdict) => verdict === 'fail' || verdict === 'build-error';

function timeText(ms) {
  return Number.isFinite(ms) ? new Date(ms).toISOString().replace('T', ' ').replace(/:\d\d\.\d+Z$/, ' UTC') : '–';
}

function dayText(ms) {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : '–';
}

function ago(ms, now = Date.now()) {
  const past = now - ms;
  if (!Number.isFinite(past)) return '–';
  if (past < -60_000) return dayText(ms);
  if (past < 90_000) return 'just now';
  const [size, word] = past < 90 * 60_000 ? [60_000, 'minute'] : past < 36 * 3_600_000 ? [3_600_000, 'hour'] : past < 60 * DAY ? [DAY, 'day'] : past < 700 * DAY ? [30.44 * DAY, 'month'] : [365.25 * DAY, 'year'];
  return `${plural(Math.round(past / size), word)} ago`;
}

function when(ms) {
  return el('time', { datetime: new Date(ms).toISOString(), title: timeText(ms) }, ago(ms));
}

/** Only addresses of the web become links: text from a report may be any scheme. */
function webLink(url, ...content) {
  let checked = null;
  try { checked = new URL(url); } catch { /* no address */ }
  if (checked === null || !/^https?:$/.test(checked.protocol)) return el('span', null, ...content);
  return el('a', { href: checked.href, rel: 'noreferrer noopener', target: '_blank' }, ...content);
}

const shortCommit = (commit) => (/^[0-9a-f]{12,}$/i.test(commit) ? commit.slice(0, 9) : commit.slice(0, 40));

function commitLink(commit, dirty = false) {
  if (commit === null || commit === undefined) return el('span', { class: 'muted' }, 'no commit');
  const text = el('span', { class: 'code' }, shortCommit(commit), dirty ? '+' : '');
  const whole = dirty ? `${commit}, with files that differ from it` : commit;
  return el('span', { title: whole }, start.commitUrl ? webLink(start.commitUrl + encodeURIComponent(commit), text) : text);
}

/** From the last good one to the first bad one, compared where the site of the commits can. */
function commitRange(good, bad) {
  if (!good?.commit) return commitLink(bad?.commit);
  if (good.commit === bad?.commit) return el('span', null, 'same commit ', commitLink(good.commit));
  const compare = bad?.commit && start.commitUrl && /\/commits?\/$/.test(start.commitUrl) ? start.commitUrl.replace(/\/commits?\/$/, '/compare/') + `${encodeURIComponent(good.commit)}...${encodeURIComponent(bad.commit)}` : null;
  const words = [el('span', { class: 'code' }, shortCommit(good.commit)), ' … ', el('span', { class: 'code' }, bad?.commit ? shortCommit(bad.commit) : '?')];
  return compare ? webLink(compare, ...words) : el('span', null, commitLink(good.commit), ' … ', commitLink(bad?.commit));
}

/** Where the report of a run is; null: not in the site. */
function reportAddress(run, suite) {
  if (start.reportUrl) {
    const fill = { run: run.id, suite: suite ?? run.suite ?? '', key: run.key };
    return /\{(run|suite|key)\}/.test(start.reportUrl) ? start.reportUrl.replace(/\{(run|suite|key)\}/g, (_, name) => encodeURIComponent(fill[name])) : `${start.reportUrl}${encodeURIComponent(run.id)}/report.html`;
  }
  return reportsHere.has(run.key) ? `reports/${run.key}.html` : null;
}

function reportLink(run, text = 'Report', suite) {
  if (!run) return null;
  const url = reportAddress(run, suite);
  if (url === null) return el('span', { class: 'muted', title: `hil history show ${run.key} --report DIR writes it` }, 'not in the site');
  return start.reportUrl ? webLink(url, text) : el('a', { href: url }, text);
}

function reasonText(reason, code) {
  return [code ? el('span', { class: 'code tag' }, code) : null, code ? ' ' : null, reason];
}

const METRIC_WORDS = { latency: 'Latency', flash: 'Flash', ram: 'RAM', arena: 'Arena', stack: 'Stack', energy: 'Energy', mismatched: 'Mismatched elements' };
const metricWord = (metric) => (Object.hasOwn(METRIC_WORDS, metric) ? METRIC_WORDS[metric] : metric);
function changeText(before, after) {
  if (!(before > 0)) return `${num(before)} → ${num(after)}`;
  const share = (100 * (after - before)) / before;
  return `${share >= 0 ? '+' : '−'}${Math.abs(share) >= 100 ? num(Math.round(Math.abs(share))) : Math.abs(share).toFixed(Math.abs(share) < 1 ? 2 : 1)}${THIN}%`;
}
