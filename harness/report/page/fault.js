/** A fault, hang or lock-up of the target: where, when, and the registers as they were. */
const FAULT_WORDS = { fault: 'Fault', hang: 'Endless loop', lockup: 'Lock-up', assert: 'Failed assert()', exit: 'abort() or exit()', reset: 'Reset', crash: 'Crash' };

/** Core registers as a debugger lists them, then those that tell of the fault. */
function registerRank(name) {
  const general = /^r(\d+)$/i.exec(name);
  if (general !== null) return Number(general[1]);
  const at = ['sp', 'msp', 'psp', 'lr', 'pc', 'xpsr', 'cfsr', 'hfsr', 'dfsr', 'mmfar', 'bfar', 'afsr'].indexOf(name.toLowerCase());
  return at < 0 ? 999 : 100 + at;
}

function faultCard(one) {
  const { fault } = one;
  if (fault === null) return null;
  const { pc, caller, layer } = fault;
  const named = (place) => [el('b', null, place.function ?? '(no symbol)'), place.file === null ? null : ` ${place.file}:${place.line ?? '?'}`];
  const where = pc === null ? null : [...named(pc), el('span', { class: 'code' }, `  PC ${pc.address}`)];
  const registers = Object.entries(fault.registers).sort(([a], [b]) => registerRank(a) - registerRank(b));
  return card(FAULT_WORDS[fault.kind], null, el('div', { class: 'fault' },
    el('p', { class: 'main-reason' }, fault.text),
    facts([
      ['At', where], ['Called from', caller ? named(caller) : null], ['Layer', layer === null ? null : `${layer.index} ${layer.op}${layer.name ? ` (${layer.name})` : ''}`],
      ['Sequence', fault.sequence], ['Step', fault.step === null ? null : num(fault.step)], ['Sample', fault.sample === null ? null : num(fault.sample)],
    ]),
    fault.flags.length > 0 ? el('p', { class: 'flags', 'aria-label': 'Fault flags' }, fault.flags.map((flag) => el('span', { class: 'badge state-wrong' }, flag))) : null,
    registers.length > 0 ? el('dl', { class: 'registers', 'aria-label': 'Registers' }, registers.map(([name, value]) => el('div', { class: /^(pc|lr|sp|cfsr|hfsr)$/i.test(name) ? 'key' : null }, el('dt', null, name), el('dd', null, value)))) : null));
}
