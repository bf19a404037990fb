import { HilError } from '../../errors.ts';
import type { FvpSpec } from '../spec.ts';

/** Names of the lines `instance.parameter=value   #(type, init-time) default = ...` of -l. Bounded; other lines are passed over. */
export function parseParameterNames(text: string): Set<string> {
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Za-z0-9_][A-Za-z0-9_.-]{0,199})=/.exec(line);
    if (match !== null) names.add(match[1]!);
  }
  return names;
}

export interface Settings {
  /** name=value, for -C. */
  readonly given: readonly string[];
  /** Names in the device file that this model does not have. */
  readonly leftOut: readonly string[];
}

/**
 * The settings for one start: those of the device file that the model has, and those without which the driver cannot
 * work: no windows, no telnet client, UART0 as raw bytes on a TCP port, and no access of the program under test to this
 * computer's files (semihosting).
 * @param port first port that the model tries for UART0
 */
export function settingsFor(fvp: FvpSpec, names: ReadonlySet<string>, port: number): Settings {
  const given = new Map(Object.entries(fvp.parameters).filter(([name]) => names.has(name)));
  const terminal = new RegExp(`^${fvp.boardInstance}\\.telnetterminal\\d+\\.(start_telnet|mode)$`);
  for (const name of names) {
    const part = terminal.exec(name)?.[1];
    if (part !== undefined) given.set(name, part === 'mode' ? 'raw' : '0');
    if (name === `${fvp.boardInstance}.visualisation.disable-visualisation` || name === 'vis_hdlcd.disable_visualisation') given.set(name, '1');
    if (name.endsWith('.semihosting-enable')) given.set(name, '0');
    if (fvp.npu.fast && /(^|\.)ethosu\.extra_args$/.test(name)) given.set(name, '--fast');
  }
  given.set(`${fvp.boardInstance}.telnetterminal0.start_port`, String(port));
  return {
    given: [...given].map(([name, value]) => `${name}=${value}`),
    leftOut: Object.keys(fvp.parameters).filter((name) => !names.has(name)),
  };
}

/** What the driver cannot do without. */
export function missingParameters(fvp: FvpSpec, names: ReadonlySet<string>): string[] {
  return ['start_port', 'mode'].map((part) => `${fvp.boardInstance}.telnetterminal0.${part}`).filter((name) => !names.has(name));
}

/** @throws HilError 'config' for settings that a device file must not have */
export function checkParameters(id: string, fvp: FvpSpec): void {
  for (const [name, value] of Object.entries(fvp.parameters)) {
    const bad = (why: string): never => {
      throw new HilError('config', 'device.invalid', `device ${id}: $.fvp.parameters.${name}: ${why}`);
    };
    if (name.endsWith('semihosting-enable') && value !== '0') bad('semihosting would give the program under test access to the files of this computer');
    if (/\.uart\d+\.out_file$/.test(name) && /^['"]?-['"]?$/.test(value)) bad('what the program under test writes would pass for the words of the model itself');
    if (/(^|\.)ethosu\.extra_args$/.test(name) && value.includes('--fast') && !fvp.npu.fast) bad('--fast makes the counters of the NPU meaningless: say so by $.fvp.npu.fast');
  }
}
