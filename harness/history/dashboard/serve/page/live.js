/** The runs under way, above the site that a server shows, or as a page of their own. */
const onOwnPage = document.body.dataset.live === 'page';
const sheet = new CSSStyleSheet();
sheet.replaceSync(LIVE_CSS);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

const liveState = { connected: false, jobs: null, site: null, building: '' };
const lamp = el('span', { class: 'live-lamp', 'aria-hidden': 'true' });
const headline = el('span', { role: 'status' }, 'Connecting');
const list = el('div', { class: 'live-jobs' });
const news = el('button', { type: 'button', class: 'quiet', hidden: true, on: { click: () => location.reload() } }, 'New results: show them');
const note = el('p', { class: 'note live-note' });
const cards = new Map();

document.body.prepend(onOwnPage
  ? el('main', { class: 'live live-page' }, el('div', { class: 'live-bar' }, lamp, el('h1', null, headline), el('a', { href: './', class: 'live-link' }, 'Dashboard')), list, note)
  : el('aside', { class: 'live', 'aria-label': 'Now running' }, el('details', null, el('summary', { class: 'live-bar' }, lamp, headline, el('span', { class: 'note' }, 'details')), list, el('a', { href: 'live.html', class: 'live-link' }, 'On a page of its own')), news, note));

function showLive() {
  const { connected, jobs, building } = liveState;
  const running = (jobs ?? []).filter(({ life }) => life === 'running');
  const state = !connected ? 'off' : running.length > 0 ? 'on' : 'idle';
  lamp.className = `live-lamp live-${state}`;
  const text = !connected ? (jobs === null ? 'Connecting' : 'Connection lost: what is below is old') : running.length === 0 ? 'Nothing runs now'
    : `${plural(running.length, 'run')} now: ${running.slice(0, 3).map((job) => `${job.suite} ${job.done}/${job.total}`).join(', ')}${running.length > 3 ? ', ...' : ''}`;
  if (headline.textContent !== text) headline.textContent = text;
  if (onOwnPage && document.title !== text) document.title = text;
  note.textContent = building;
  note.hidden = building === '';
  for (const [key, card] of cards) if (!(jobs ?? []).some(({ job }) => job === key)) { card.remove(); cards.delete(key); }
  for (const job of jobs ?? []) {
    if (!cards.has(job.job)) {
      cards.set(job.job, el('section', { class: 'card live-job', 'aria-label': job.suite }));
      list.append(cards.get(job.job));
    }
    const card = cards.get(job.job);
    // Whoever scrolls a wide table, or is on its link, must not lose the place twice a second.
    const scrolled = card.querySelector('.scroll')?.scrollLeft ?? 0;
    const focused = document.activeElement !== null && card.contains(document.activeElement) ? document.activeElement.tagName : null;
    card.classList.toggle('is-fail', job.life === 'died');
    card.replaceChildren();
    append(card, liveJob(job, Date.now()));
    if (scrolled > 0) card.querySelector('.scroll').scrollLeft = scrolled;
    if (focused !== null) card.querySelector(focused === 'A' ? 'a' : '.scroll')?.focus({ preventScroll: true });
  }
}

const events = new EventSource('api/events');
events.addEventListener('open', () => { liveState.connected = true; showLive(); });
events.addEventListener('error', () => { liveState.connected = false; showLive(); });
events.addEventListener('running', ({ data }) => { liveState.jobs = JSON.parse(data).jobs; showLive(); });
events.addEventListener('site', ({ data }) => {
  const { version, building } = JSON.parse(data);
  // Who asked for the site before it was made wants it now.
  if (version !== null && onOwnPage && location.hash === '#until-made') return location.replace('./');
  if (liveState.site === null || (onOwnPage && version !== null)) liveState.site = version;
  else if (version !== liveState.site && version !== null) news.hidden = false;
  liveState.building = building;
  showLive();
});
setInterval(showLive, 10000);
