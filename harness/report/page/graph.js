/** The graph of the layers as a drawing: a row a layer, a lane a value that is still needed. Nodes are buttons. */
const ROW = 42;
const LANE = 26;
const EDGE_ROOM = 22;
const MOST_LABEL = 40;
const ZOOMS = [0.25, 0.35, 0.5, 0.7, 0.85, 1, 1.25, 1.6];

function svg(tag, props, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name === 'on') for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

/** A shape and a sign for each state: colour alone would not do. */
function stateMark(state, x, y) {
  const round = (r) => svg('circle', { class: 'mark-body', cx: x, cy: y, r });
  const sign = (text) => svg('text', { class: 'mark-sign', x, y: y + 4, 'text-anchor': 'middle' }, text);
  const parts = {
    culprit: () => [svg('path', { class: 'mark-body', d: `M${x} ${y - 13}l13 13-13 13-13-13z` }), sign('!')],
    tolerated: () => [svg('path', { class: 'mark-body', d: `M${x} ${y - 12}l12 12-12 12-12-12z` }), sign('≈')],
    inherited: () => [round(9.5), sign('↓')],
    forgiven: () => [svg('rect', { class: 'mark-body', x: x - 10, y: y - 7.5, width: 20, height: 15, rx: 7.5 }), sign('≈')],
    unrun: () => [svg('rect', { class: 'mark-body', x: x - 9, y: y - 9, width: 18, height: 18, rx: 2 }), sign('✕')],
    unknown: () => [round(9.5), svg('circle', { class: 'mark-hatch', cx: x, cy: y, r: 9.5, fill: 'url(#hatch)' }), sign('?')],
    equal: () => [round(7)],
  };
  return svg('g', { class: `mark mark-${state}`, 'aria-hidden': 'true' }, parts[state]());
}

function hatch() {
  return svg('defs', null, svg('pattern', { id: 'hatch', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, svg('rect', { class: 'hatch-line', width: 2, height: 5 })));
}

function short(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Elements that differ; "at least 3" where only digests could be had. */
function countOf(layer) {
  return `${layer.tensors.some((tensor) => tensor.lowerBound && tensor.mismatched > 0) ? 'at least ' : ''}${num(layer.mismatched)}`;
}

/** What a node says below its operator. */
function nodeWords(layer, state) {
  if (state === 'culprit' || state === 'tolerated') return `${num(layer.own.mismatched)} of ${num(layer.own.compared)} ${STATES[state]}`;
  if (state === 'inherited') return `inherited: ${countOf(layer)} differ, right by itself`;
  if (state === 'forgiven') return `${STATES[state]}, max |d| ${num(layer.maxAbsDiff)}`;
  if (state === 'unknown') return layer.mismatched > 0 ? `${countOf(layer)} differ, own error not known` : 'not compared';
  return STATES[state];
}

/**
 * @param choose is called with a layer's index
 * @returns the element, and select(index), which marks a layer and brings it into view
 */
function graphView(one, choose) {
  const graph = layerGraph(one);
  const states = one.layers.map((layer) => layerState(layer, one.tolerances));
  const textX = EDGE_ROOM + graph.lanes * LANE + 4;
  const xOf = (row) => EDGE_ROOM + graph.nodes[row].lane * LANE;
  const yOf = (row) => ROW * row + ROW / 2;
  const longest = Math.max(0, ...one.layers.map((layer, at) => Math.max(short(layer.op, MOST_LABEL).length * 8.6 + 40, nodeWords(layer, states[at]).length * 6.6)));
  const width = Math.ceil(textX + Math.max(150, longest) + 8);
  const height = ROW * graph.nodes.length;
  const order = ['clean', 'absorbed', 'forgiven', 'spreads'];
  const edges = [...graph.edges].sort((a, b) => order.indexOf(a.error) - order.indexOf(b.error)).map((edge) => edgeLine(edge, graph.nodes[edge.from].forgiven, xOf, yOf));
  const groups = new Map();
  const nodes = graph.nodes.map((node, row) => {
    const group = node.kind === 'layer' ? layerNode(one.layers[node.at], states[node.at]) : endNode(node);
    append(group, nodeParts(node, row));
    return group;
  });
  const drawing = svg('svg', { class: 'graph', viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': 'Graph of the layers; arrow keys go from layer to layer, Enter opens one' }, hatch(), edges, nodes);
  const box = el('div', { class: 'graph-box' }, drawing);

  function layerNode(layer, state) {
    const group = svg('g', { class: `node state-of-${state}`, role: 'button', tabindex: '-1', 'aria-label': `Layer ${layer.index} ${layer.op}: ${nodeWords(layer, state)}`, on: {
      click: () => choose(layer.index), keydown: (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); choose(layer.index); } else move(event, layer.index); },
    } }, svg('title', null, `${layer.index} ${layer.op}${layer.name ? `\n${layer.name}` : ''}\n${nodeWords(layer, state)}`));
    group.dataset.layer = layer.index;
    groups.set(layer.index, group);
    return group;
  }

  function endNode(node) {
    return svg('g', { class: `node end${node.forgiven ? ' forgiven' : node.differs ? ' differs' : ''}` });
  }

  function nodeParts(node, row) {
    const x = xOf(row);
    const y = yOf(row);
    const line = (dy, kind, ...text) => svg('text', { class: kind, x: textX, y: y + dy }, ...text);
    if (node.kind !== 'layer') {
      const output = one.outputs[node.at];
      return [svg('rect', { class: 'end-body', x: x - 11, y: y - 6, width: 22, height: 12, rx: 6 }),
        node.kind === 'input' ? line(4, 'node-op', 'input') : [line(-3, 'node-op', `output ${short(output.name, 32)}`), line(13, 'node-words', output.mismatched > 0 ? `${num(output.mismatched)} of ${num(output.compared)} differ` : node.forgiven ? `${STATES.forgiven}, max |d| ${num(output.maxAbsDiff)}` : output.compared > 0 ? 'equal' : 'not compared')]];
    }
    const layer = one.layers[node.at];
    return [svg('rect', { class: 'node-row', x: 1, y: y - ROW / 2 + 1, width: width - 2, height: ROW - 2, rx: 7 }), stateMark(states[node.at], x, y),
      line(-3, 'node-op', svg('tspan', { class: 'node-index' }, `${layer.index} `), short(layer.op, MOST_LABEL)), line(13, 'node-words', nodeWords(layer, states[node.at]))];
  }

  const indices = one.layers.map((layer) => layer.index);
  function focusable(index) {
    for (const [key, group] of groups) group.setAttribute('tabindex', key === index ? '0' : '-1');
  }
  function move(event, index) {
    const at = indices.indexOf(index);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: indices.length - 1 }[event.key];
    if (to === undefined || indices[to] === undefined) return;
    event.preventDefault();
    focusable(indices[to]);
    groups.get(indices[to]).focus();
  }
  focusable(indices[0]);

  let zoom = 1;
  const setZoom = (value) => {
    zoom = value;
    drawing.setAttribute('width', Math.round(width * zoom));
    drawing.setAttribute('height', Math.round(height * zoom));
  };
  setZoom(1);
  const step = (by) => { const next = ZOOMS.filter((value) => (by > 0 ? value > zoom + 0.01 : value < zoom - 0.01)); if (next.length > 0) setZoom(by > 0 ? next[0] : next.at(-1)); };
  /** All rows in the box, or the width where that is the narrower. */
  const fit = () => setZoom(Math.max(0.12, Math.min(1, box.clientWidth / width, box.clientHeight / height)));
  const tools = el('div', { class: 'tools' },
    el('button', { type: 'button', class: 'quiet', 'aria-label': 'Make the graph smaller', on: { click: () => step(-1) } }, '−'), el('button', { type: 'button', class: 'quiet', 'aria-label': 'Make the graph larger', on: { click: () => step(1) } }, '+'),
    el('button', { type: 'button', class: 'quiet', on: { click: fit } }, 'Fit'));
  const select = (index) => {
    for (const [key, group] of groups) key === index ? group.setAttribute('aria-current', 'true') : group.removeAttribute('aria-current');
    if (!groups.has(index)) return;
    focusable(index);
    const y = yOf(graph.nodes.findIndex((node) => node.kind === 'layer' && one.layers[node.at].index === index)) * zoom;
    if (y < box.scrollTop + ROW || y > box.scrollTop + box.clientHeight - ROW) box.scrollTop = y - box.clientHeight / 2;
  };
  return { box, tools, legend: legend(graph, states), select, start: () => setZoom(Math.max(0.7, Math.min(1, (box.clientWidth - 12) / width))) };
}

/** @param forgiven whether what goes in is */
function edgeLine({ from, to, error, toOutput }, forgiven, xOf, yOf) {
  const [x1, y1, x2, y2] = [xOf(from), yOf(from), xOf(to), yOf(to)];
  const path = svg('path', { class: `edge edge-${error}${toOutput ? ' to-output' : ''}${forgiven ? ' from-forgiven' : ''}`, d: `M${x1} ${y1}V${y2 - ROW}C${x1} ${y2 - ROW / 2} ${x2} ${y2 - ROW / 2} ${x2} ${y2}` });
  return error === 'spreads' || error === 'forgiven' ? [path, svg('path', { class: `arrow arrow-${error}`, d: `M${x2 - 5} ${y2 - 20}h10l-5 8z` })] : path;
}

/** Only what is there. */
function legend(graph, states) {
  const mark = (state) => svg('svg', { class: 'legend-mark', viewBox: '0 0 28 28', width: 20, height: 20 }, stateMark(state, 14, 14));
  const allForgiven = (kind) => graph.edges.every((edge) => edge.error !== kind || graph.nodes[edge.from].forgiven);
  const line = (kind) => svg('svg', { class: 'legend-mark', viewBox: '0 0 28 28', width: 20, height: 20 }, svg('path', { class: `edge edge-${kind} to-output${allForgiven(kind) ? ' from-forgiven' : ''}`, d: 'M14 2V26' }));
  const lines = { spreads: 'the error spreads here', forgiven: 'what differs goes on here, forgiven', absorbed: 'wrong values go in, right ones come out' };
  return el('ul', { class: 'legend', 'aria-label': 'Legend' },
    Object.keys(STATES).filter((state) => states.includes(state)).map((state) => el('li', null, mark(state), STATES[state])),
    Object.entries(lines).filter(([kind]) => graph.edges.some((edge) => edge.error === kind)).map(([kind, words]) => el('li', null, line(kind), words)));
}
