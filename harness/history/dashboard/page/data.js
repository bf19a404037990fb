/**
 * Data files are scripts, which a page may load from a file system too; each calls hilData(name, value) once. A part that
 * cannot be loaded is said: what is missing must not look like nothing to show.
 */
const app = document.getElementById('app');
const waiting = new Map();
const parts = new Map();

globalThis.hilData = (name, value) => {
  const resolve = waiting.get(name);
  waiting.delete(name);
  resolve?.(value);
};

class MissingPart extends Error {}

/** The file `name` of the site; loaded once. */
function load(name) {
  const known = parts.get(name);
  if (known) return known;
  const part = new Promise((resolve, reject) => {
    waiting.set(name, resolve);
    const script = el('script', { src: `${app.dataset.from}/${name}.js`, on: {
      error: () => { parts.delete(name); waiting.delete(name); script.remove(); reject(new MissingPart(name)); },
      load: () => { script.remove(); if (waiting.delete(name)) reject(new MissingPart(name)); },
    } });
    document.head.append(script);
  });
  parts.set(name, part);
  return part;
}

let start = null;
const runsByKey = new Map();
const cellsByName = new Map();
let reportsHere = new Set();

async function loadStart() {
  start = await load('start');
  reportsHere = new Set(start.reports);
  for (const run of start.runs) runsByKey.set(run.key, run);
  for (const cell of start.cells) cellsByName.set(JSON.stringify([cell.suite, cell.case, cell.device]), cell);
}

function cellOf(suite, name, device) {
  return cellsByName.get(JSON.stringify([suite, name, device])) ?? null;
}

/** Runs of a file of columns, as objects. */
function tableRuns({ runs, texts }) {
  return runs.map(([key, id, atMs, commit, subject, branch, flags]) => ({ key, id, atMs, commit: texts[commit] ?? null, subject: texts[subject] ?? null, branch: texts[branch] ?? null,
    dirty: (flags & 1) !== 0, ofPullRequest: (flags & 2) !== 0 }));
}

const unique = (list) => [...new Set(list)];
