/** One box that finds cases, suites, devices and runs: a list below it, moved through by the arrow keys. */
const MOST_FOUND = 12;

function searchBox() {
  const id = newId('found');
  let entries = [];
  let at = -1;
  const list = el('ul', { id, class: 'found', role: 'listbox', 'aria-label': 'Found', hidden: true });
  const input = el('input', { type: 'search', placeholder: 'Search case, device, commit', 'aria-label': 'Search cases, devices, commits and runs', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': id, 'aria-autocomplete': 'list', autocomplete: 'off', on: {
    input: () => show(find(input.value)),
    focus: () => { if (input.value) show(find(input.value)); },
    blur: () => setTimeout(close, 150),
    keydown: (event) => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); mark((at + (event.key === 'ArrowDown' ? 1 : -1) + entries.length) % Math.max(1, entries.length)); }
      else if (event.key === 'Enter') { const found = entries[Math.max(0, at)]; if (found) take(found); }
      else if (event.key === 'Escape') close();
    },
  } });
  const close = () => { list.hidden = true; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); at = -1; };
  const take = (found) => { close(); input.value = ''; location.hash = found.href; };
  const mark = (next) => {
    at = next;
    [...list.children].forEach((item, which) => item.setAttribute('aria-selected', String(which === at)));
    list.children[at]?.scrollIntoView({ block: 'nearest' });
    if (list.children[at]) input.setAttribute('aria-activedescendant', list.children[at].id);
  };
  const show = (found) => {
    entries = found;
    at = -1;
    list.replaceChildren(...found.map((entry) => el('li', { id: newId('found'), role: 'option', 'aria-selected': 'false', on: { mousedown: (event) => { event.preventDefault(); take(entry); } } }, el('span', { class: 'found-kind' }, entry.kind), el('span', { class: 'found-text' }, entry.text, entry.note ? el('small', null, entry.note) : null))));
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
  };
  return el('div', { class: 'search' }, input, list);
}

function find(text) {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const words = wanted.split(/\s+/);
  const fits = (...names) => { const all = names.join(' ').toLowerCase(); return words.every((word) => all.includes(word)); };
  const found = [];
  for (const suite of unique(start.grid.map((one) => one.suite))) if (fits(suite)) found.push({ kind: 'Suite', text: suite, href: address('suite', { suite }) });
  for (const cell of start.cells) {
    if (found.length >= MOST_FOUND) break;
    if (fits(cell.suite, cell.case, cell.device)) found.push({ kind: 'Case', text: `${cell.case} on ${cell.device}`, note: `${cell.suite} · ${VERDICTS[cell.verdict].word}`, href: address('trend', { suite: cell.suite, case: cell.case, devices: JSON.stringify([cell.device]) }) });
  }
  for (const run of start.runs) {
    if (found.length >= MOST_FOUND + 4) break;
    if (run.id.toLowerCase().includes(wanted) || run.commit?.toLowerCase().startsWith(wanted)) found.push({ kind: 'Run', text: run.id, note: `${run.suite} · ${VERDICTS[run.verdict].word}${run.commit ? ` · ${shortCommit(run.commit)}` : ''}`, href: address('runs', { text: run.id }) });
  }
  return [...found, { kind: 'Runs', text: `All runs with “${text.trim().slice(0, 60)}”`, href: address('runs', { text: text.trim() }) }];
}
