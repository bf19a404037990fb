/**
 * The fault status registers of Armv7-M and Armv8-M in words.
 * Source: Armv8-M Architecture Reference Manual (CFSR, HFSR, SFSR); CMSIS core_cm55.h gives the same positions.
 */
interface Bit {
  readonly bit: number;
  readonly name: string;
  /** A clause of a sentence; null: says something of another bit. {at} is replaced by " to 0x..." where the address is known. */
  readonly words: string | null;
  readonly address?: 'mmfar' | 'bfar' | 'sfar';
}

const CFSR: readonly Bit[] = [
  { bit: 0, name: 'IACCVIOL', words: 'instruction fetch where none is allowed' },
  { bit: 1, name: 'DACCVIOL', words: 'forbidden data access{at}', address: 'mmfar' },
  { bit: 3, name: 'MUNSTKERR', words: 'forbidden read of the stack on exception return' },
  { bit: 4, name: 'MSTKERR', words: 'forbidden write to the stack on exception entry' },
  { bit: 5, name: 'MLSPERR', words: 'forbidden write of saved FP state' },
  { bit: 7, name: 'MMARVALID', words: null },
  { bit: 8, name: 'IBUSERR', words: 'bus error on an instruction fetch' },
  { bit: 9, name: 'PRECISERR', words: 'precise data access{at}', address: 'bfar' },
  { bit: 10, name: 'IMPRECISERR', words: 'imprecise data access (a store some instructions earlier)' },
  { bit: 11, name: 'UNSTKERR', words: 'bus error reading the stack on exception return' },
  { bit: 12, name: 'STKERR', words: 'bus error writing the stack on exception entry' },
  { bit: 13, name: 'LSPERR', words: 'bus error saving FP state' },
  { bit: 15, name: 'BFARVALID', words: null },
  { bit: 16, name: 'UNDEFINSTR', words: 'undefined instruction' },
  { bit: 17, name: 'INVSTATE', words: 'invalid state (e.g. a jump to an even address)' },
  { bit: 18, name: 'INVPC', words: 'invalid exception return' },
  { bit: 19, name: 'NOCP', words: 'instruction of a coprocessor that is off or absent (FPU, MVE)' },
  { bit: 20, name: 'STKOF', words: 'stack overflow' },
  { bit: 24, name: 'UNALIGNED', words: 'misaligned access' },
  { bit: 25, name: 'DIVBYZERO', words: 'division by zero' },
];
const HFSR: readonly Bit[] = [
  { bit: 1, name: 'VECTTBL', words: 'bus error reading the vector table' },
  { bit: 30, name: 'FORCED', words: null },
  { bit: 31, name: 'DEBUGEVT', words: 'debug event without a debugger' },
];
const SFSR: readonly Bit[] = [
  { bit: 0, name: 'INVEP', words: 'entry to secure code elsewhere than at SG' },
  { bit: 1, name: 'INVIS', words: 'wrong integrity signature on the stack' },
  { bit: 2, name: 'INVER', words: 'invalid exception return to secure state' },
  { bit: 3, name: 'AUVIOL', words: 'attribution violation{at}', address: 'sfar' },
  { bit: 4, name: 'INVTRAN', words: 'invalid transition from secure state' },
  { bit: 5, name: 'LSPERR', words: 'secure fault saving FP state' },
  { bit: 6, name: 'SFARVALID', words: null },
  { bit: 7, name: 'LSERR', words: 'wrong state of saved FP registers' },
];
const VALID = { mmfar: 1 << 7, bfar: 1 << 15, sfar: 1 << 6 } as const;
/** Stacking failed: with the stack pointer at the end of the stack that is an overflow. */
const STACKING = (1 << 4) | (1 << 12);
const STKOF = 1 << 20;
const FORCED = 1 << 30;

/** Exception numbers of M-profile cores. */
const EXCEPTIONS: Readonly<Record<number, string>> = { 2: 'NMI', 3: 'HardFault', 4: 'MemManage', 5: 'BusFault', 6: 'UsageFault', 7: 'SecureFault' };
/** Linux signal numbers that generated C can raise. */
const SIGNALS: Readonly<Record<number, string>> = { 4: 'SIGILL', 5: 'SIGTRAP', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 11: 'SIGSEGV', 14: 'SIGALRM', 31: 'SIGSYS' };

export interface V7Status { readonly cfsr: number; readonly hfsr: number; readonly mmfar: number; readonly bfar: number }
export interface V8Status { readonly sfsr: number; readonly sfar: number }

const set = (value: number, bits: readonly Bit[]): readonly Bit[] => bits.filter(({ bit }) => (value >>> bit) & 1);

/** The bits that are set, joined over the registers: 'PRECISERR (precise data access)', 'BFARVALID'. */
export function faultFlags(v7: Pick<V7Status, 'cfsr' | 'hfsr'> | null, v8: Pick<V8Status, 'sfsr'> | null): string[] {
  const bits = [...(v7 === null ? [] : [...set(v7.cfsr, CFSR), ...set(v7.hfsr, HFSR)]), ...(v8 === null ? [] : set(v8.sfsr, SFSR))];
  return bits.map(({ name, words }) => (words === null ? name : `${name} (${words.replace('{at}', '')})`));
}

/** e.g. "HardFault", "SIGSEGV". */
export function exceptionName(kind: number, hostSignal: boolean): string {
  return (hostSignal ? SIGNALS[kind] : EXCEPTIONS[kind]) ?? `${hostSignal ? 'signal' : 'exception'} ${kind}`;
}

export interface FaultStatus {
  /** Exception number, or signal number where hostSignal. */
  readonly kind: number;
  readonly hostSignal: boolean;
  /** What was running had used up its stack, as far as the device could tell by itself. */
  readonly stackOverflow: boolean;
  readonly v7: V7Status | null;
  readonly v8: V8Status | null;
}

/** What happened, in one clause: "BusFault: precise data access to 0x50000000", "stack overflow (UsageFault)". */
export function faultText({ kind, hostSignal, stackOverflow, v7, v8 }: FaultStatus): string {
  const name = exceptionName(kind, hostSignal);
  if (hostSignal) return stackOverflow ? `stack overflow (${name})` : name;
  const cfsr = v7?.cfsr ?? 0;
  const origin = v7 !== null && (v7.hfsr & FORCED) !== 0 && cfsr !== 0 ? `${cfsr > 0xffff ? 'UsageFault' : cfsr > 0xff ? 'BusFault' : 'MemManage'} escalated to ${name}` : name;
  if (stackOverflow || (cfsr & STKOF) !== 0) return `stack overflow (${origin}${(cfsr & STACKING) !== 0 ? ' when registers were to be stacked' : ''})`;
  const words = [
    ...(v7 === null ? [] : [...clauses(cfsr, CFSR, v7, cfsr), ...clauses(v7.hfsr, HFSR, v7, cfsr)]),
    ...(v8 === null ? [] : clauses(v8.sfsr, SFSR, v8, v8.sfsr)),
  ];
  if (words.length > 0) return `${origin}: ${words.join('; ')}`;
  return v7 === null ? `${name} (this core does not tell why)` : name;
}

/** @param valid the register that says which addresses hold */
function clauses(value: number, bits: readonly Bit[], addresses: Readonly<Partial<Record<'mmfar' | 'bfar' | 'sfar', number>>>, valid: number): string[] {
  return set(value, bits).flatMap(({ words, address }) => {
    if (words === null) return [];
    const known = address !== undefined && (valid & VALID[address]) !== 0 ? addresses[address] : undefined;
    return [words.replace('{at}', known === undefined ? '' : ` to ${hex32(known)}`)];
  });
}

export function hex32(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}
