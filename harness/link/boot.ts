import type { ErrorKind } from '../errors.ts';
import { FieldReader } from './fields.ts';

/** BOOT: the agent has just started. */
export interface Boot {
  /** Why the chip was reset, as far as it tells; several where its flags add up, none where it does not tell. */
  readonly causes: readonly ResetCause[];
  /** 32 hex digits. */
  readonly buildId: string;
}

/** In the order of BOOT's bits. */
const CAUSES = ['power-on', 'reset pin', 'software', 'watchdog', 'brown-out', 'lockup', 'debugger'] as const;
export type ResetCause = (typeof CAUSES)[number];

/** Later agents may say more behind what is known here. @throws MalformedError */
export function decodeBoot(payload: Buffer): Boot {
  const f = new FieldReader(payload);
  const bits = f.u16();
  f.u16();
  return { causes: CAUSES.filter((_, bit) => (bits >>> bit) & 1), buildId: f.hex(16) };
}

export interface ResetMeaning {
  readonly kind: Extract<ErrorKind, 'target' | 'bench'>;
  readonly code: string;
  /** e.g. "the supply fell below what the chip needs (brown-out)". */
  readonly what: string;
  readonly hint: string;
}

/** What the code under test can bring about; the supply, the reset pin and the probe belong to the bench. */
const OWN: Readonly<Partial<Record<ResetCause, string>>> = {
  lockup: 'the code under test locked up the core, which was reset', watchdog: 'a watchdog reset the core', software: 'the code under test reset the core (SYSRESETREQ)',
};

/**
 * Who is to blame for a reset. A chip's flags add up (on many parts every reset also pulls the reset pin), so the least
 * deniable cause counts: loss of power, brown-out, lockup, watchdog, software, debugger, pin.
 * @param running whether the code under test was being run: only then an unknown cause is laid to it
 * @param expected build id of the image that the session began with, if it had begun. Another one was flashed from outside,
 *   whatever the cause: debuggers reset by software, too
 */
export function resetMeaning({ causes, buildId }: Boot, running: boolean, expected: string | null): ResetMeaning {
  const has = (cause: ResetCause): boolean => causes.includes(cause);
  const alone = 'See that nobody else uses the board, its reset button, its probe, or its port (opening one can pull the reset line).';
  if (expected !== null && buildId !== expected) {
    return { kind: 'bench', code: 'link.reset-from-outside', what: `the device was flashed with another image (build ${buildId}, it was ${expected})`, hint: alone };
  }
  const supply = 'Check the supply and the cable: a weak USB port or hub, a load that is switched on, a loose plug.';
  if (has('power-on')) return { kind: 'bench', code: 'link.power-lost', what: 'the device lost its power (power-on reset)', hint: supply };
  if (has('brown-out')) return { kind: 'bench', code: 'link.brown-out', what: 'the supply fell below what the chip needs (brown-out reset)', hint: supply };
  const own = (['lockup', 'watchdog', 'software'] as const).find(has);
  // Most probes reset by software, too, and code that is not being run does not.
  if (own === 'software' && !running && expected !== null) {
    return { kind: 'bench', code: 'link.reset-from-outside', what: 'the device was reset by software while it ran none of the code under test, as debug probes do', hint: alone };
  }
  if (own !== undefined) return { kind: 'target', code: 'target.reset', what: OWN[own] as string, hint: 'Look in the code under test, and in what runs beside it, for what resets the core.' };
  if (has('debugger') || has('reset pin')) {
    return { kind: 'bench', code: 'link.reset-from-outside', what: `the device was reset from outside (${has('debugger') ? 'debugger' : 'reset pin'})`, hint: alone };
  }
  return running
    ? { kind: 'target', code: 'target.reset', what: 'the device was reset while it ran the code under test; the chip does not tell why', hint: 'Run it under a debugger, or on a simulator, to see what resets it.' }
    : { kind: 'bench', code: 'link.reset-from-outside', what: 'the device was reset while it ran none of the code under test; the chip does not tell why', hint: supply };
}
