/**
 * All of the page is built here, by element and text: no markup is ever made from data.
 * The files of this folder are joined into one script, in one function's scope (see ../html/html.ts).
 */
function el(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name === 'on') for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    // Properties, not the style attribute, which the policy forbids.
    else if (name === 'style') for (const [property, setting] of Object.entries(value)) element.style.setProperty(property, setting);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false || child === '') continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

let ids = 0;
function newId(name) {
  ids += 1;
  return `${name}-${ids}`;
}

function card(title, note, ...children) {
  const id = newId('card');
  return el('section', { class: 'card', 'aria-labelledby': id },
    el('div', { class: 'card-head' }, el('h2', { id }, title), note ? el('p', { class: 'note' }, note) : null), ...children);
}

/** Columns: {head, number, grow}; rows: arrays of text or elements. */
function table(label, columns, rows) {
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label },
    el('table', null,
      el('caption', { class: 'hidden-text' }, label),
      el('thead', null, el('tr', null, columns.map((column) => el('th', { scope: 'col', class: column.number ? 'num' : null }, column.head)))),
      el('tbody', null, rows.map((row) => el('tr', null, row.map((content, at) => el('td', { class: columns[at].number ? 'num' : null }, content)))))));
}

function facts(list) {
  return el('dl', { class: 'facts' }, list.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value, code]) => el('div', null, el('dt', null, name), el('dd', { class: code ? 'code' : null }, value))));
}

/** A small label that tells how good a figure is. */
function quality(text) {
  return text ? el('span', { class: `quality quality-${text}` }, text) : null;
}

function pill(verdict) {
  return el('span', { class: `pill is-${verdict}` }, el('span', { class: 'mark', 'aria-hidden': 'true' }, VERDICTS[verdict].mark), VERDICTS[verdict].word);
}

/** Of the style sheet, for what draws on a canvas. */
function colour(variable) {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}
