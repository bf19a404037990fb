/** Pieces that several views are made of. */

/** The newest verdicts as bars: height and pattern tell them apart, not colour alone. */
function strip(letters) {
  const counts = Object.entries(LETTER_VERDICTS).map(([letter, verdict]) => [verdict, [...letters].filter((one) => one === letter).length]).filter(([, count]) => count > 0);
  const text = `last ${plural(letters.length, 'run')}: ${counts.map(([verdict, count]) => `${count} ${VERDICTS[verdict].word.toLowerCase()}`).join(', ')}`;
  return el('span', { class: 'strip', role: 'img', 'aria-label': text, title: text }, [...letters].map((letter) => el('i', { class: `s-${letter}` })));
}

function empty(text, ...todo) {
  return el('div', { class: 'empty' }, el('p', { class: 'empty-text' }, text), ...todo.map((one) => el('p', null, one)));
}

function badge(tone, ...content) {
  return el('span', { class: `badge tone-${tone}` }, ...content);
}

/** A labelled choice. options: [value, text]. */
function choice(label, options, value, change) {
  const id = newId('choice');
  const select = el('select', { id, on: { change: () => change(select.value) } }, options.map(([option, text]) => el('option', { value: option, selected: option === value }, text)));
  return el('div', { class: 'control' }, el('label', { for: id }, label), select);
}

function check(label, on, change, title) {
  const input = el('input', { type: 'checkbox', checked: on, on: { change: () => change(input.checked) } });
  return el('label', { class: 'check', title }, input, label);
}

/** A link that looks like a button. */
function action(href, ...content) {
  return el('a', { class: 'quiet action', href }, ...content);
}

function pageHead(title, note, ...tools) {
  return el('div', { class: 'page-head' }, el('div', null, el('h1', { tabindex: '-1' }, title), note ? el('p', { class: 'note' }, note) : null), tools.length > 0 ? el('div', { class: 'page-tools' }, tools) : null);
}

/** Rows that come in portions; more(): the next rows, or null at the end. */
function growing(label, columns, more) {
  const body = el('tbody');
  const button = el('button', { type: 'button', class: 'quiet more', on: { click: () => next() } }, 'Show more');
  const box = el('div', null, el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, el('table', null, el('caption', { class: 'hidden-text' }, label),
    el('thead', null, el('tr', null, columns.map((column) => el('th', { scope: 'col', class: column.number ? 'num' : null }, column.head)))), body)), button);
  const next = async () => {
    button.disabled = true;
    const { rows, end } = await more();
    append(body, rows.map((row) => el('tr', null, row.map((content, at) => el('td', { class: columns[at].number ? 'num' : null }, content)))));
    button.disabled = false;
    button.hidden = end;
    return body.childElementCount;
  };
  return { box, next };
}

/** A share as a bar with its figures. */
function rateBar(part, whole, tone) {
  return el('span', { class: `rate tone-${tone}` }, el('span', { class: 'rate-text' }, percent(part, whole), el('small', null, ` ${num(part)} of ${num(whole)}`)),
    el('span', { class: 'meter', 'aria-hidden': 'true' }, el('span', { style: { width: `${whole > 0 ? Math.min(100, (100 * part) / whole) : 0}%` } })));
}

function runCell(run) {
  if (!run) return '–';
  return el('span', { class: 'run-cell' }, when(run.atMs), el('small', { class: 'code' }, run.id));
}

const runAt = (key) => runsByKey.get(key) ?? null;
