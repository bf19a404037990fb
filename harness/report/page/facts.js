/** What was run, on what, built how: enough to run it again. */
function buildCard(report, one) {
  const device = report.devices.find((item) => item.id === one.device);
  const { model, generator, image } = one;
  return card('What was run', null, el('div', { class: 'blocks' },
    block('Device', device && device.simulated ? el('span', { class: 'quality quality-modelled' }, 'simulated') : null, facts([
      ['Id', one.device], ['Kind', device?.kind], ['Core', device?.core], ['Clock', device ? clock(device.clockHz) : null],
    ])),
    block('Model', null, model ? facts([['File', model.file], ['SHA-256', model.sha256, true], ['Profile', one.profile]]) : el('p', { class: 'note' }, 'not known')),
    block('Image', null, image ? facts([
      ['Generator', generator ? `${generator.name} ${generator.version}` : null], ['Build', image.buildId, true], ['SHA-256', image.sha256, true], ['Compiler', image.compiler], ['Flags', image.flags.join(' '), true], ['From the cache', image.cached ? 'yes' : 'no'],
    ]) : el('p', { class: 'note' }, 'not built')),
    block('Input', null, facts([['Samples', num(one.samples)], ['Sequences', one.sequences.length === 0 ? null : el('ul', { class: 'plain' }, one.sequences.slice(0, 30).map((sequence) => el('li', null, `${sequence.name} `, el('small', null, num(sequence.samples)))), one.sequences.length > 30 ? el('li', null, `and ${one.sequences.length - 30} more`) : null)]]))));
}

function logCard(one) {
  if (one.log.length === 0) return null;
  return card('Text from the target', 'Printed between frames, not trusted.', el('ol', { class: 'log', tabindex: '0', 'aria-label': 'Log lines' }, one.log.map((line) => el('li', null, line))));
}

function runCard(report) {
  const { run } = report;
  const host = run.hostFingerprint;
  const tools = Object.entries(host.tools);
  return card('The run', null, el('div', { class: 'blocks' },
    block('Command', null, el('p', { class: 'code command' }, run.command.map((word) => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll('\'', '\'\\\'\'')}'`)).join(' '))),
    block('Phases', null, facts([...run.phases.map((phase) => [phase.name, duration(phase.durationMs)]), ['in all', duration(run.durationMs)]])),
    block('Host', null, facts([['System', `${host.os}, ${host.arch}`], ['CPU', host.cpu], ['Node', host.node], ['hil', run.hilVersion]])),
    tools.length > 0 ? block('Tools', null, facts(tools.map(([name, version]) => [name, version]))) : null));
}
