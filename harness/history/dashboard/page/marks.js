/** Figures of a case as lines that may be drawn: one line never joins what cannot be compared. */

/** Text of a column of [from, text] at a place. */
function spread(column, texts, length) {
  const all = new Array(length);
  column.forEach(([from, text], at) => all.fill(texts[text] ?? null, from, column[at + 1]?.[0] ?? length));
  return all;
}

const DEVICE_COLOURS = 8;
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

/** The lines of a device: one for each unit, quality and likeness. likeness text is "hash words". */
function linesOf(device, order, series, metric, withPullRequests) {
  const runs = tableRuns(series);
  const lines = new Map();
  const marks = [];
  for (const data of series.metrics.filter((one) => one.metric === metric)) {
    const [likeness, model, generator] = [data.likeness, data.model, data.generator].map((column) => spread(column, series.texts, data.at.length));
    const usual = data.at.some((at) => !runs[at].ofPullRequest);
    let before = null;
    data.at.forEach((at, place) => {
      const run = runs[at];
      if (run.ofPullRequest && usual && !withPullRequests) return;
      const [hash, ...words] = (likeness[place] ?? '').split(' ');
      const point = { run, value: data.values[place], likeness: words.join(' '), model: model[place], generator: generator[place], device };
      const name = `${data.unit}\n${data.quality}\n${hash}`;
      if (!lines.has(name)) lines.set(name, { device, order, hash, unit: data.unit, quality: data.quality, exact: data.exact, better: data.better, likeness: point.likeness, points: [], colour: `--device-${order % DEVICE_COLOURS}`, dash: DASHES[Math.floor(order / DEVICE_COLOURS) % DASHES.length] });
      lines.get(name).points.push(point);
      if (before !== null && !run.ofPullRequest) marks.push(...whatChanged(before, point));
      if (!run.ofPullRequest) before = point;
    });
  }
  return { lines: [...lines.values()], marks, changes: series.changes.filter((one) => one.metric === metric).map((one) => ({ ...one, device })),
    baselines: series.baselines.filter((one) => one.metric === metric).map((one) => ({ ...one, hash: (series.texts[one.likeness] ?? '').split(' ')[0], device })), leftOut: series.leftOut, runs };
}

/** Compiler, clock and flags are in the likeness; what of it is other. */
function whatChanged(before, after) {
  const marks = [];
  if (before.likeness !== after.likeness) {
    const [old, now] = [before.likeness.split('; '), after.likeness.split('; ')];
    const [gone, come] = [old.filter((one) => !now.includes(one)), now.filter((one) => !old.includes(one))];
    marks.push({ kind: 'setting', letter: 'S', word: 'Compiler, clock or flags', before: gone.join('; '), after: come.join('; ') });
  }
  if (before.model !== after.model) marks.push({ kind: 'model', letter: 'M', word: 'Model', before: before.model?.slice(0, 12) ?? 'none', after: after.model?.slice(0, 12) ?? 'none' });
  if (before.generator !== after.generator) marks.push({ kind: 'generator', letter: 'G', word: 'Generator', before: before.generator ?? 'none', after: after.generator ?? 'none' });
  return marks.map((mark) => ({ ...mark, device: after.device, run: after.run, from: before.run }));
}

const median = (list) => { const sorted = [...list].sort((a, b) => a - b); const middle = sorted.length >> 1; return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2; };

/**
 * Where the points of a panel stand. 'run': one place a run; 'commit': one a commit, the median of its runs, without files
 * that differ from it; 'time'.
 */
function placesOf(lines, mode) {
  if (mode !== 'commit') {
    const runs = new Map();
    for (const line of lines) for (const point of line.points) runs.set(point.run.key, point.run);
    const sorted = [...runs.values()].sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
    const place = new Map(sorted.map((run, at) => [run.key, at]));
    return { xs: sorted.map((run, at) => (mode === 'time' ? run.atMs / 1000 : at)), labels: sorted.map((run) => run), at: (run) => place.get(run.key), lines: lines.map((line) => ({ ...line, shown: line.points.map((point) => ({ ...point, at: place.get(point.run.key) })) })) };
  }
  const commits = new Map();
  for (const line of lines) for (const point of line.points) {
    if (point.run.commit === null || point.run.dirty) continue;
    const known = commits.get(point.run.commit);
    if (!known || known.atMs > point.run.atMs) commits.set(point.run.commit, point.run);
  }
  const sorted = [...commits].sort((a, b) => a[1].atMs - b[1].atMs);
  const place = new Map(sorted.map(([commit], at) => [commit, at]));
  return { xs: sorted.map((_, at) => at), labels: sorted.map(([, run]) => run), at: (run) => place.get(run.commit), lines: lines.map((line) => {
    const groups = new Map();
    for (const point of line.points) if (place.has(point.run.commit) && !point.run.dirty) groups.set(point.run.commit, [...(groups.get(point.run.commit) ?? []), point]);
    return { ...line, shown: [...groups].map(([commit, points]) => ({ ...points.at(-1), value: median(points.map((point) => point.value)), of: points.length, at: place.get(commit) })).sort((a, b) => a.at - b.at) };
  }) };
}
