/** Outputs and metrics, and what the run cost. */
function outputsCard(one) {
  if (one.outputs.length === 0) return null;
  const rows = one.outputs.flatMap((output) => [
    [output.name, 'values', `${num(output.mismatched)} of ${num(output.compared)} differ${isForgiven(output) ? ' by more than is forgiven' : ''}`, `max |d| ${num(output.maxAbsDiff)}`, isForgiven(output) ? el('span', { class: 'badge state-forgiven' }, STATE_BADGES.forgiven) : output.mismatched > 0 && one.judge === 'metrics' ? el('span', { class: 'badge state-unknown' }, 'not judged') : okBadge(output.mismatched === 0 && output.compared > 0)],
    ...output.metrics.map((metric) => [output.name, metric.name, `${num(metric.value)} ${metric.unit}`, metricLimit(metric), okBadge(metric.passed, metric.max === null ? 'under limit' : 'over limit')]),
  ]);
  return card('Outputs', one.judge === 'metrics' ? 'Judged by metrics: what differs from the reference decides nothing.' : null, table('Outputs and their metrics', [{ head: 'Output' }, { head: 'What' }, { head: 'Value', number: true }, { head: 'Limit' }, { head: '' }], rows));
}

function isForgiven(output) {
  return output.mismatched === 0 && differsAtAll(output);
}

function metricLimit(metric) {
  const least = typeof metric.min === 'number' ? `at least ${num(metric.min)} ${metric.unit}` : null;
  return metric.max === null ? least ?? 'no limit' : el('span', null, limit(metric), least);
}

function okBadge(ok, otherwise = 'wrong') {
  return el('span', { class: `badge ${ok ? 'state-right' : 'state-wrong'}` }, ok ? 'ok' : otherwise);
}

function limit(metric) {
  const share = typeof metric.value === 'number' && metric.max > 0 ? Math.min(100, (100 * metric.value) / metric.max) : 100;
  return el('span', { class: 'limit' }, `${num(metric.max)} ${metric.unit}`,
    el('span', { class: `meter${metric.passed ? '' : ' over'}`, role: 'img', 'aria-label': `${Math.round(share)} percent of the limit` }, el('span', { style: { width: `${share}%` } })));
}

function costCard(one) {
  const { latency, memory, energy, link } = one;
  const blocks = [];
  blocks.push(block('Latency', latency ? quality(latency.quality) : null, latency ? facts([
    ['Median', `${num(latency.median)} ${latency.unit}`], ['Range', `${num(latency.min)} to ${num(latency.max)}`], ['Invocations', num(latency.n)],
    ['Sum of the layers', latency.layersSum === null || latency.layersTotal === null ? null : `${num(latency.layersSum)} of ${num(latency.layersTotal)} (${percent(latency.layersSum, latency.layersTotal)})`],
  ]) : el('p', { class: 'note' }, one.latencyReason || 'not measured')));
  blocks.push(block('Memory', null, memory ? facts([
    ['Flash, whole image', bytes(memory.flashBytes)], ['of it network', bytes(memory.networkFlashBytes)], ['RAM, whole image', bytes(memory.ramBytes)], ['of it network', bytes(memory.networkRamBytes)], ['of that arena', bytes(memory.arenaBytes)], ['Stack', memory.stackBytes === null ? 'not measured' : bytes(memory.stackBytes)],
  ]) : el('p', { class: 'note' }, 'not known')));
  blocks.push(block('Energy', energy ? quality(energy.quality) : null, energy ? facts([['An invocation', `${num(energy.value)} ${unit(energy.unit)}`], ['From', energy.source]]) : el('p', { class: 'note' }, one.energyReason || 'not known')));
  blocks.push(block('Link', null, link ? facts([
    ['To the device', bytes(link.bytesToDevice)], ['From it', bytes(link.bytesFromDevice)], ['Frames resent', num(link.resent)], ['Frames damaged', num(link.damaged)], ['Time', duration(link.seconds * 1000)],
  ]) : el('p', { class: 'note' }, 'not used')));
  if (one.counters.length > 0) {
    blocks.push(block('Counters', null, el('dl', { class: 'facts' }, one.counters.map((counter) => el('div', null, el('dt', null, counter.name), el('dd', null, `${num(counter.value)} ${counter.unit} `, quality(counter.quality)))))));
  }
  return card('Cost', 'Figures of different quality are not comparable.', el('div', { class: 'blocks' }, blocks));
}

function block(title, label, content) {
  return el('div', { class: 'block' }, el('h3', null, title, ' ', label), content);
}
