/**
 * Names of the bits of the fault status registers of Armv7-M and Armv8-M.
 * Source: Armv8-M Architecture Reference Manual (CFSR, HFSR, SFSR); CMSIS core_cm55.h gives the same positions.
 */
const CFSR: Readonly<Record<number, string>> = {
  0: 'IACCVIOL (instruction access violation)', 1: 'DACCVIOL (data access violation)', 3: 'MUNSTKERR (fault on exception return)',
  4: 'MSTKERR (fault on exception entry)', 5: 'MLSPERR (fault saving FP state)', 7: 'MMARVALID',
  8: 'IBUSERR (bus error on instruction fetch)', 9: 'PRECISERR (precise data bus error)', 10: 'IMPRECISERR (imprecise data bus error)',
  11: 'UNSTKERR (bus error on exception return)', 12: 'STKERR (bus error on exception entry)', 13: 'LSPERR (bus error saving FP state)', 15: 'BFARVALID',
  16: 'UNDEFINSTR (undefined instruction)', 17: 'INVSTATE (invalid state, e.g. a jump to an even address)', 18: 'INVPC (invalid exception return)',
  19: 'NOCP (no coprocessor, e.g. FPU or MVE off)', 20: 'STKOF (stack overflow)', 24: 'UNALIGNED (unaligned access)', 25: 'DIVBYZERO (division by zero)',
};
const HFSR: Readonly<Record<number, string>> = { 1: 'VECTTBL (bus error reading the vector table)', 30: 'FORCED (escalated)', 31: 'DEBUGEVT' };
const SFSR: Readonly<Record<number, string>> = {
  0: 'INVEP', 1: 'INVIS', 2: 'INVER', 3: 'AUVIOL (attribution unit violation)', 4: 'INVTRAN (invalid transition)', 5: 'LSPERR', 6: 'SFARVALID', 7: 'LSERR',
};
/** Exception numbers of M-profile cores. */
const EXCEPTIONS: Readonly<Record<number, string>> = { 2: 'NMI', 3: 'HardFault', 4: 'MemManage', 5: 'BusFault', 6: 'UsageFault', 7: 'SecureFault' };
/** Linux signal numbers that generated C can raise. */
const SIGNALS: Readonly<Record<number, string>> = { 4: 'SIGILL', 5: 'SIGTRAP', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 11: 'SIGSEGV', 14: 'SIGALRM', 31: 'SIGSYS' };

const MMARVALID = 1 << 7;
const BFARVALID = 1 << 15;

const bits = (value: number, names: Readonly<Record<number, string>>): string[] =>
  Object.entries(names).filter(([bit]) => (value >>> Number(bit)) & 1).map(([, name]) => name);

/** Names of the set bits, registers joined. */
export function faultFlags(v7: { readonly cfsr: number; readonly hfsr: number } | null, v8: { readonly sfsr: number } | null): string[] {
  return [...(v7 === null ? [] : [...bits(v7.cfsr, CFSR), ...bits(v7.hfsr, HFSR)]), ...(v8 === null ? [] : bits(v8.sfsr, SFSR))];
}

/** e.g. "HardFault", "SIGSEGV". */
export function exceptionName(kind: number, hostSignal: boolean): string {
  return (hostSignal ? SIGNALS[kind] : EXCEPTIONS[kind]) ?? `${hostSignal ? 'signal' : 'exception'} ${kind}`;
}

/** The address whose access failed, where a register says so. */
export function faultAddress(v7: { readonly cfsr: number; readonly mmfar: number; readonly bfar: number } | null): number | null {
  if (v7 === null) return null;
  if (v7.cfsr & BFARVALID) return v7.bfar;
  return v7.cfsr & MMARVALID ? v7.mmfar : null;
}

export function hex32(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}
