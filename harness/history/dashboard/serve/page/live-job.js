/** What one run under way looks like. Everything in it is untrusted text and becomes text nodes. */
function liveJob(job, now) {
  const died = job.life === 'died';
  const share = liveShare(job);
  return [
    el('div', { class: 'live-head' },
      el('div', { class: 'live-title' }, el('h3', null, job.suite), el('p', { class: 'note' }, liveFacts(job))),
      el('p', { class: 'live-count' }, Object.entries(job.verdicts).map(([verdict, count]) => (VERDICTS[verdict] ? el('span', { class: `count is-${verdict}` }, `${VERDICTS[verdict].mark} ${count} ${VERDICTS[verdict].word.toLowerCase()}`) : null)),
        el('span', { class: 'live-of' }, `${job.done} of ${job.total}`))),
    el('progress', { max: '1', value: share, 'aria-label': `${job.suite}: ${percent(share, 1)} done` }),
    died ? el('p', { class: 'live-died', role: 'status' }, `Its process (${job.pid}) is gone and had no chance to say why: killed, or out of memory. `, el('span', { class: 'note' }, `Last seen ${liveAgo(job.updatedAt, now)}.`)) : null,
    liveWaits(job, now), liveMatrix(job), job.notListed > 0 ? el('p', { class: 'note' }, `${plural(job.notListed, 'more case')} not shown here.`) : null,
  ];
}

/** Samples count too, so that the bar moves within a long case. */
function liveShare(job) {
  if (!(job.total > 0)) return 0;
  const parts = job.work.reduce((sum, one) => sum + (one.verdict === null && one.of > 0 ? Math.min(1, one.samples / one.of) : 0), 0);
  return Math.min(1, (job.done + parts) / job.total);
}

function liveFacts({ source, startedAt, priority, run, pid }) {
  const commit = source.commit ? `${source.commit.slice(0, 9)}${source.dirty ? ' + changes' : ''}` : '';
  const url = /^https?:\/\//.test(source.jobUrl ?? '') ? source.jobUrl : null;
  const parts = [
    source.pullRequest ? `#${source.pullRequest}` : null, source.branch, commit ? el('span', { class: 'code' }, commit) : null, source.subject,
    `on ${source.bench}`, priority, el('span', { class: 'code' }, run ?? `process ${pid}`), `since ${new Date(startedAt).toLocaleTimeString([], { hour12: false })}`,
    url ? el('a', { href: url, rel: 'noopener noreferrer', target: '_blank' }, 'job') : null,
  ].filter((part) => part !== null && part !== undefined && part !== '');
  return parts.flatMap((part, at) => (at === 0 ? [part] : [' · ', part]));
}

/** Who waits for which device, and for whom. */
function liveWaits({ work, life }, now) {
  const waits = life === 'died' ? [] : work.filter(({ phase, note }) => /^wait/.test(phase ?? '') && note !== '');
  if (waits.length === 0) return null;
  return el('ul', { class: 'live-waits' }, waits.map((one) => el('li', null, el('strong', null, one.device), ` for ${one.case}: ${one.phase}: `, one.note, one.since ? el('span', { class: 'note' }, ` (${liveAgo(one.since, now)})`) : null)));
}

function liveMatrix({ work, life }) {
  if (work.length === 0) return null;
  const devices = [...new Set(work.map(({ device }) => device))];
  const cases = [...new Set(work.map((one) => one.case))];
  const at = new Map(work.map((one) => [JSON.stringify([one.case, one.device]), one]));
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Cases by devices' }, el('table', { class: 'live-matrix' },
    el('thead', null, el('tr', null, el('th', { scope: 'col' }, 'Case'), devices.map((device) => el('th', { scope: 'col' }, device)))),
    el('tbody', null, cases.map((name) => el('tr', null, el('th', { scope: 'row' }, name), devices.map((device) => liveCell(at.get(JSON.stringify([name, device])), life)))))));
}

function liveCell(one, life) {
  if (!one) return el('td', null);
  if (one.verdict !== null) return el('td', { class: `is-${one.verdict}` }, el('span', { class: 'live-cell' }, el('span', { class: 'dot', 'aria-hidden': 'true' }, VERDICTS[one.verdict].mark), VERDICTS[one.verdict].word));
  if (one.phase === null) return el('td', { class: 'live-idle' }, life === 'died' ? 'not run' : 'to come');
  const done = one.of > 0 && one.phase === 'compare' ? ` ${Math.floor((100 * one.samples) / one.of)} %` : '';
  return el('td', null, el('span', { class: life === 'died' ? 'live-cell' : 'live-cell live-busy' }, el('span', { class: 'live-spot', 'aria-hidden': 'true' }), `${one.phase}${done}`));
}

function liveAgo(iso, now) {
  const ms = now - Date.parse(iso);
  return Number.isFinite(ms) ? `${duration(Math.max(0, Math.round(ms / 1000) * 1000))} ago` : '';
}
