import t from 'tap';
import type { FaultReport as WireFault } from '../link/index.ts';
import { faultFlags, faultText } from './fault-registers.ts';
import { endReport, faultReport } from './fault-report.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';
import type { PlannedSequence } from './planned-case.ts';

const bare = { hostSignal: false, stackOverflow: false, v8: null };
const v7 = (cfsr: number, hfsr = 0): { cfsr: number; hfsr: number; mmfar: number; bfar: number; afsr: number } => ({ cfsr, hfsr, mmfar: 0x1000, bfar: 0x50000000, afsr: 0 });
const text = (kind: number, cfsr: number, hfsr = 0): string => faultText({ ...bare, kind, v7: v7(cfsr, hfsr) });

t.test('every bit of CFSR in words', (t) => {
  // Bits and names: CMSIS core_cm55.h.
  const table: readonly (readonly [bit: number, kind: number, name: string, words: string])[] = [
    [0, 4, 'IACCVIOL', 'MemManage: instruction fetch where none is allowed'],
    [1, 4, 'DACCVIOL', 'MemManage: forbidden data access'],
    [3, 4, 'MUNSTKERR', 'MemManage: forbidden read of the stack on exception return'],
    [4, 4, 'MSTKERR', 'MemManage: forbidden write to the stack on exception entry'],
    [5, 4, 'MLSPERR', 'MemManage: forbidden write of saved FP state'],
    [7, 4, 'MMARVALID', 'MemManage'],
    [8, 5, 'IBUSERR', 'BusFault: bus error on an instruction fetch'],
    [9, 5, 'PRECISERR', 'BusFault: precise data access'],
    [10, 5, 'IMPRECISERR', 'BusFault: imprecise data access (a store some instructions earlier)'],
    [11, 5, 'UNSTKERR', 'BusFault: bus error reading the stack on exception return'],
    [12, 5, 'STKERR', 'BusFault: bus error writing the stack on exception entry'],
    [13, 5, 'LSPERR', 'BusFault: bus error saving FP state'],
    [15, 5, 'BFARVALID', 'BusFault'],
    [16, 6, 'UNDEFINSTR', 'UsageFault: undefined instruction'],
    [17, 6, 'INVSTATE', 'UsageFault: invalid state (e.g. a jump to an even address)'],
    [18, 6, 'INVPC', 'UsageFault: invalid exception return'],
    [19, 6, 'NOCP', 'UsageFault: instruction of a coprocessor that is off or absent (FPU, MVE)'],
    [20, 6, 'STKOF', 'stack overflow (UsageFault)'],
    [24, 6, 'UNALIGNED', 'UsageFault: misaligned access'],
    [25, 6, 'DIVBYZERO', 'UsageFault: division by zero'],
  ];
  for (const [bit, kind, name, words] of table) {
    t.equal(text(kind, 2 ** bit), words);
    t.match(faultFlags(v7(2 ** bit), null), [new RegExp(`^${name}( \\(|$)`)]);
  }
  const defined = table.reduce((sum, [bit]) => sum + 2 ** bit, 0);
  t.strictSame(faultFlags(v7(~defined >>> 0), null), [], 'reserved bits say nothing');
  t.equal(text(3, ~defined >>> 0), 'HardFault');
  t.end();
});

t.test('addresses, escalation, several causes, other registers', (t) => {
  t.equal(text(5, 1 << 9 | 1 << 15), 'BusFault: precise data access to 0x50000000');
  t.equal(text(4, 1 << 1 | 1 << 7), 'MemManage: forbidden data access to 0x00001000');
  t.equal(text(4, 1 << 1 | 1 << 15), 'MemManage: forbidden data access', 'the other address is none of its');
  t.equal(text(3, 1 << 25, 1 << 30), 'UsageFault escalated to HardFault: division by zero');
  t.equal(text(3, 1 << 9 | 1 << 15, 1 << 30), 'BusFault escalated to HardFault: precise data access to 0x50000000');
  t.equal(text(3, 1, 1 << 30), 'MemManage escalated to HardFault: instruction fetch where none is allowed');
  t.equal(text(3, 0, 2), 'HardFault: bus error reading the vector table');
  t.equal(text(3, 0, 0x80000000), 'HardFault: debug event without a debugger');
  t.equal(text(6, 1 << 16 | 1 << 24), 'UsageFault: undefined instruction; misaligned access');
  t.equal(faultText({ ...bare, kind: 7, v7: v7(0), v8: { sfsr: 0x48, sfar: 0x20 } }), 'SecureFault: attribution violation to 0x00000020');
  t.strictSame(faultFlags(v7(0), { sfsr: 0xff, sfar: 0 } as never).map((flag) => flag.split(' ')[0]), ['INVEP', 'INVIS', 'INVER', 'AUVIOL', 'INVTRAN', 'LSPERR', 'SFARVALID', 'LSERR']);
  t.equal(faultText({ ...bare, kind: 3, v7: null }), 'HardFault (this core does not tell why)');
  t.equal(faultText({ ...bare, kind: 40, v7: null }), 'exception 40 (this core does not tell why)');
  t.equal(faultText({ ...bare, kind: 3, v7: null, stackOverflow: true }), 'stack overflow (HardFault)');
  t.equal(faultText({ ...bare, kind: 4, v7: v7(1 << 4), stackOverflow: true }), 'stack overflow (MemManage when registers were to be stacked)');
  t.equal(faultText({ ...bare, kind: 11, hostSignal: true, v7: null }), 'SIGSEGV');
  t.equal(faultText({ ...bare, kind: 11, hostSignal: true, v7: null, stackOverflow: true }), 'stack overflow (SIGSEGV)');
  t.end();
});

const wire = (change: Partial<WireFault> = {}): WireFault => ({
  kind: 5, hostSignal: false, stackOverflow: false, pc: 0x1234, pcGuessed: false, excReturn: 0xfffffffd, msp: 1, psp: 2,
  registers: { r0: 0, r1: 0, r2: 0, r3: 0, r12: 0, lr: 0x2001, pc: 0x1234, xpsr: 0 }, v7: v7(1 << 9 | 1 << 15), v8: null,
  network: 0, layer: 0, sample: 3, mode: 'digest', elapsedTicks: 5, ...change,
});
const manifest = { layers: [{ index: 0, op: 'CONV_2D', name: 'conv' }] } as unknown as NetworkManifest;
const sequences = [{ name: 'a', samples: 2 }, { name: 'b', samples: 4 }] as unknown as PlannedSequence[];
/** 0x1000... is conv(), 0x1ffe (in the call before 0x2000) is invoke(). */
const resolve = (address: number): Promise<{ function: string; file: string; line: number } | null> =>
  Promise.resolve(address < 0x1f00 ? { function: 'conv', file: 'conv.c', line: 120 } : address === 0x1ffe ? { function: 'invoke', file: 'net.c', line: 44 } : null);
const report = (fault: WireFault, printed: string | null = null, kind: 'fault' | 'hang' = 'fault') => faultReport(kind, fault, printed, manifest, sequences, 1000, resolve);

t.test('the place: function, caller, layer, step', async (t) => {
  t.match(await report(wire()), {
    kind: 'fault', text: 'BusFault: precise data access to 0x50000000', pc: { address: '0x00001234', function: 'conv', file: 'conv.c', line: 120 },
    caller: { address: '0x00002000', function: 'invoke', file: 'net.c', line: 44 }, layer: { index: 0, op: 'CONV_2D' }, sequence: 'b', step: 1, sample: 3,
    registers: { lr: '0x00002001', cfsr: '0x00008200', excReturn: '0xfffffffd' },
  });
  const lr = (value: number): WireFault => wire({ registers: { ...wire().registers as NonNullable<WireFault['registers']>, lr: value } });
  for (const [value, why] of [[0x2000, 'no Thumb code'], [0xfffffff9, 'an exception return'], [0x1301, 'the function itself'], [0x900001, 'no code']] as const) {
    t.equal((await report(lr(value))).caller, null, why);
  }
  t.match(await report(wire({ pc: 0x9000 })), { pc: { function: null }, caller: null });
  t.match(await report(wire({ registers: null, pcGuessed: true, stackOverflow: true })), { caller: null, text: /^stack overflow \(BusFault\) \(the place is guessed/ });
  t.match(await report(wire({ network: 0xffff, layer: null, sample: 0 })), { layer: null, sample: null, sequence: null, step: null }, 'outside of a RUN no step is made up');
  t.match(await report(wire(), null, 'hang'), { kind: 'hang', text: 'an invocation did not end within 0.01 s of device time' });
});

t.test('calls that end the program, and their message', async (t) => {
  const call = wire({ kind: 0x100, v7: null });
  t.match(await report(call, 'assertion "n > \\"0\\"" failed: file "/build/x/net.c", line 3, function: f'),
    { kind: 'assert', text: 'assertion "n > \\"0\\"" failed', pc: { function: 'conv', line: 120 }, caller: null, registers: {}, flags: [] });
  t.match(await report(call, 'something else'), { kind: 'assert', text: 'an assert() failed' });
  t.match(await report({ ...call, kind: 0x101 }, 'exit(-3) was called'), { kind: 'exit', text: 'exit(-3) was called' });
  t.match(await report({ ...call, kind: 0x101 }, null), { kind: 'exit', text: 'abort() or exit() was called' });
  t.match(await report(wire({ kind: 0x100, hostSignal: true, v7: null })), { kind: 'fault', text: 'signal 256' });
});

t.test('ends that leave no place', (t) => {
  t.match(endReport('reset', 'it was reset', 2, sequences), { kind: 'reset', text: 'it was reset, in sequence b at step 0 or later', sequence: 'b', step: null, pc: null });
  t.match(endReport('crash', 'it said so', null, sequences), { kind: 'crash', text: 'it said so', sequence: null });
  t.end();
});
