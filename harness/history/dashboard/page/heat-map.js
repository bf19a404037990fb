/** Layers by runs as a picture: drawn on a canvas, since there may be tens of thousands of cells; moved through by the arrow keys. */
const ROW = 22;
const VERDICT_TONES = { p: '--good', f: '--bad', e: '--bad', b: '--warn', s: '--idle', i: '--warn' };

/**
 * @param data {runs, verdicts, layers: [label], cell(layer, run): {tone, strength 0..1, mark} or null, there}
 * @param pick (layer: -1 the verdicts, run) a cell was chosen
 */
function heatMap(data, label, pick) {
  const [columns, rows] = [data.runs.length, data.layers.length + 1];
  const canvas = el('canvas');
  const labels = el('ol', { class: 'heat-labels', 'aria-hidden': 'true' }, el('li', null, 'Verdict'), data.layers.map((name) => el('li', { title: name }, name)));
  const scroller = el('div', { class: 'heat-scroll', tabindex: '0', role: 'group', 'aria-roledescription': 'heat map', 'aria-label': `${label}: ${plural(data.layers.length, 'layer')} by ${plural(columns, 'run')}. Arrow keys move, what is chosen is told below.` }, canvas);
  let chosen = { layer: -1, run: columns - 1 };
  let width = 8;

  const draw = () => {
    width = Math.min(26, Math.max(6, Math.floor((scroller.clientWidth - 2) / Math.max(1, columns))));
    // A canvas has limits; a wide picture needs no second pixel.
    const dpr = width * columns * rows * ROW > 4e6 ? 1 : Math.min(2, devicePixelRatio || 1);
    canvas.width = Math.max(1, width * columns * dpr);
    canvas.height = rows * ROW * dpr;
    canvas.style.setProperty('width', `${width * columns}px`);
    canvas.style.setProperty('height', `${rows * ROW}px`);
    const ctx = canvas.getContext('2d');
    ctx.scale(dpr, dpr);
    const tones = Object.fromEntries(['--good', '--bad', '--warn', '--idle', '--accent', '--sunken', '--surface', '--text', '--muted', '--line'].map((name) => [name, colour(name)]));
    ctx.font = '600 10px system-ui, sans-serif';
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    for (let run = 0; run < columns; run++) {
      const letter = data.verdicts[run];
      square(ctx, run, 0, width, { tone: VERDICT_TONES[letter], strength: letter === 'p' ? 0.45 : 1, mark: letter === 'p' ? '' : VERDICTS[LETTER_VERDICTS[letter]].mark }, tones);
      for (let layer = 0; layer < rows - 1; layer++) square(ctx, run, layer + 1, width, data.there[run] === '1' ? data.cell(layer, run) : { none: true }, tones);
    }
    ctx.strokeStyle = tones['--text'];
    ctx.lineWidth = 2;
    ctx.strokeRect(chosen.run * width + 1, (chosen.layer + 1) * ROW + 1, width - 2, ROW - 2);
  };
  const choose = (layer, run, follow = true) => {
    chosen = { layer: Math.max(-1, Math.min(rows - 2, layer)), run: Math.max(0, Math.min(columns - 1, run)) };
    draw();
    const left = chosen.run * width;
    if (follow && (left < scroller.scrollLeft || left + width > scroller.scrollLeft + scroller.clientWidth)) scroller.scrollLeft = left - scroller.clientWidth / 2;
    pick(chosen.layer, chosen.run);
  };
  scroller.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -columns], End: [0, columns], PageUp: [0, -10], PageDown: [0, 10] }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    choose(chosen.layer + move[0], chosen.run + move[1]);
  });
  canvas.addEventListener('click', (event) => { const box = canvas.getBoundingClientRect(); choose(Math.floor((event.clientY - box.top) / ROW) - 1, Math.floor((event.clientX - box.left) / width), false); });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const watch = new ResizeObserver(draw);
  return { element: el('div', { class: 'heat' }, labels, scroller), choose,
    start: () => { draw(); scroller.scrollLeft = scroller.scrollWidth; dark.addEventListener('change', draw); watch.observe(scroller); }, stop: () => { dark.removeEventListener('change', draw); watch.disconnect(); } };
}

/** Tones differ by mark and pattern too: not everybody sees red and green. */
function square(ctx, run, row, width, cell, tones) {
  const [x, y] = [run * width, row * ROW];
  const [w, h] = [width - 1, ROW - 1];
  if (cell?.none) {
    ctx.strokeStyle = tones['--line'];
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x, y + h);
    ctx.lineTo(x + w, y);
    ctx.stroke();
    return;
  }
  ctx.fillStyle = tones['--sunken'];
  ctx.fillRect(x, y, w, h);
  if (!cell) return;
  ctx.globalAlpha = cell.strength;
  ctx.fillStyle = tones[cell.tone];
  ctx.fillRect(x, y, w, h);
  ctx.globalAlpha = 1;
  if (cell.striped) {
    ctx.strokeStyle = tones['--surface'];
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    for (let at = 4; at < w + h; at += 6) { ctx.moveTo(x + Math.max(0, at - h), y + Math.min(h, at)); ctx.lineTo(x + Math.min(w, at), y + Math.max(0, at - w)); }
    ctx.stroke();
  }
  if (cell.mark && width >= 11) {
    ctx.fillStyle = cell.strength > 0.6 ? tones['--surface'] : tones['--text'];
    ctx.fillText(cell.mark, x + w / 2, y + h / 2 + 1);
  }
}
