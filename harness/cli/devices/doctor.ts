import { examineDevices } from '../../build/index.ts';
import { processKeeper, type DeviceSpec } from '../../device/index.ts';
import { walkDevice, type DoctorStep } from '../../doctor/index.ts';
import { escapeTerminal } from '../../report/index.ts';
import { buildCacheDir } from '../build-cache.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../program.ts';
import type { Terminal } from '../terminal.ts';

/** hil devices doctor: a quick look at all of them; starts nothing. */
export async function examineAll(specs: readonly DeviceSpec[], terminal: Terminal): Promise<number> {
  const rows = await examineDevices(specs);
  terminal.result(rows.map(({ device, ...usability }) => ({ id: device.id, ...usability })));
  for (const { device, ...usability } of rows) {
    terminal.out(`${device.id}: ${usability.usable ? terminal.style('green', 'usable') : terminal.style('red', 'not usable')}`);
    for (const found of usability.found) terminal.out(`  found    ${escapeTerminal(found)}`);
    for (const missing of usability.missing) terminal.out(`  missing  ${escapeTerminal(`${missing.what} -> ${missing.howToGet}`)}`);
  }
  return rows.every(({ usable }) => usable) ? EXIT.ok : EXIT.bench;
}

/** hil devices doctor ID: every step from the tools to the last byte, told as it is done; ends at the first that fails. */
export async function walkOne(spec: DeviceSpec, { terminal, signal }: CommandContext): Promise<number> {
  terminal.out(`${spec.id}: ${escapeTerminal(spec.description)}`);
  const steps = await walkDevice(spec, { cacheDir: buildCacheDir(), signal, keeper: processKeeper, onStep: (step) => printStep(step, terminal), onLine: (line) => terminal.detail(`${spec.id}: ${line}`) });
  const failed = steps.find(({ ok }) => !ok);
  // The fields of the quick look, and the steps.
  terminal.result([{
    id: spec.id, usable: failed === undefined, found: steps.filter(({ ok, detail }) => ok && detail !== '').map(({ detail }) => detail),
    missing: failed === undefined ? [] : [{ what: failed.detail, howToGet: failed.todo.join('\n') }], failedAt: failed?.name ?? null, steps,
  }]);
  terminal.out(failed === undefined ? `${terminal.style('green', 'PASS')}  ${spec.id}: all ${steps.length} steps` : `${terminal.style('red', 'FAILED')}  ${spec.id}: at the step ${failed.name}; those after it were not tried`);
  return failed === undefined ? EXIT.ok : EXIT.bench;
}

const NAME_WIDTH = 24;

function printStep({ name, ok, detail, todo }: DoctorStep, terminal: Terminal): void {
  // With --quiet the last line says which step failed; why, belongs to it.
  if (terminal.quiet && ok) return;
  terminal.out(`  ${ok ? terminal.style('green', 'ok    ') : terminal.style('red', 'FAILED')}  ${escapeTerminal(`${name.padEnd(NAME_WIDTH)}  ${detail}`).trimEnd()}`);
  for (const line of todo) terminal.out(`          -> ${escapeTerminal(line)}`);
}
