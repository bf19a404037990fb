import t, { type Test } from 'tap';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { edit, generateEngine, lineOf, onlyCase, Scene, smallSuite, type SceneRun } from './scene.ts';
import type { CaseReport } from '../../report/index.ts';

// C that faults, loops for ever or locks the core up, at its 500th invocation: sequence "ramps", step 199.
const NET = 'engine_rom_int8.c';
const LAYER_1 = 'void engine_rom_int8_layer_1(void)\n{\n';
const MARK = '/* here */';

t.setTimeout(280_000);
const scene = new Scene(t);
const suite = smallSuite(scene.dir, ['steps', 'ramps']);
const generated = await generateEngine(scene.dir);
let folders = 0;

/** The engine's C that does something in layer 1 at its 500th call. `before` goes above the function. */
function faulty(statement: string, before = ''): string {
  const folder = path.join(scene.dir, `c${++folders}`);
  cpSync(generated, folder, { recursive: true });
  edit(folder, NET, LAYER_1, `static unsigned calls;\n${before}\n${LAYER_1}  if (++calls == 500u) {\n    ${statement} ${MARK}\n  }\n`);
  return folder;
}

/** What is the same for every fault: exit 1, the place in all reports, nothing left. */
function checkPlace(t: Test, run: SceneRun, at: { function: string; line: number }): CaseReport {
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.equal(one.verdict, 'fail');
  t.match(one.fault, { layer: { index: 1, op: 'FULLY_CONNECTED' }, sequence: 'ramps', step: 199, sample: 499 });
  t.match(one.fault?.pc, { function: at.function, file: `network/engine_rom_int8/${NET}`, line: at.line });
  t.match(one.reasons[0], new RegExp(`in layer 1 FULLY_CONNECTED: .*at ${at.function} network/.*${NET}:${at.line}(?:, called from [^,]+)?, sequence ramps, step 199`));
  t.strictSame([one.samples, one.layers.map(({ mismatched }) => mismatched)], [300, [0, 0]], 'what was compared before stays said');
  t.match(run.stdout, new RegExp(`at ${at.function} network/engine_rom_int8/${NET}:${at.line}, PC 0x[0-9a-f]{8}`));
  for (const file of ['junit.xml', 'report.tap', 'summary.md', 'report.html']) {
    const text = run.file(file).replaceAll('\\', '');
    t.match(text, new RegExp(`${at.function}[\\s\\S]{0,200}${NET}[\\s\\S]{0,20}${at.line}`), `${file}: function and line`);
  }
  t.match(run.file('junit.xml'), /<skipped message="the case ended before this was fully compared"\/>/);
  return one;
}

t.test('a read where nothing is', async (t) => {
  const folder = faulty('sink = *(volatile int *)0x48800000u;', 'static volatile int sink;');
  const at = { function: 'engine_rom_int8_layer_1', line: lineOf(folder, NET, MARK) };
  for (const device of ['qemu-m55', 'qemu-m0']) {
    const one = checkPlace(t, await scene.run(['run', suite, '--c', folder, '--device', device]), at);
    t.equal(one.fault?.kind, 'fault');
    t.equal(one.fault?.text, 'BusFault: precise data access to 0x48800000', device);
    t.match(one.fault?.caller, { function: 'engine_rom_int8_invoke_tapped', file: 'network/engine_rom_int8/engine_rom_int8_hil.c' }, device);
    t.match(one.reasons[0], /, called from engine_rom_int8_invoke_tapped network\/engine_rom_int8\/engine_rom_int8_hil\.c:\d+, sequence ramps, step 199/, device);
    t.match(one.fault?.registers, { cfsr: '0x00008200', bfar: '0x48800000', pc: one.fault?.pc?.address }, device);
    t.ok(one.fault?.flags.includes('BFARVALID'), device);
  }
  const host = checkPlace(t, await scene.run(['run', suite, '--c', folder, '--device', 'host']), at);
  t.equal(host.fault?.text, 'SIGSEGV');
});

t.test('an undefined instruction', async (t) => {
  const folder = faulty('__builtin_trap();');
  const at = { function: 'engine_rom_int8_layer_1', line: lineOf(folder, NET, MARK) };
  const one = checkPlace(t, await scene.run(['run', suite, '--c', folder, '--device', 'qemu-m55']), at);
  t.equal(one.fault?.text, 'UsageFault: undefined instruction');
  t.equal(one.fault?.registers['cfsr'], '0x00010000');
});

t.test('a stack overflow by recursion', async (t) => {
  const folder = faulty('{ volatile char c = 1; calls += (unsigned)deep(&c); }',
    'static int deep(volatile char *up)\n{\n  volatile char here[256]; here[0] = *up; return deep(here) + here[1];\n}');
  // Which instruction of the one line touches the limit first is the compiler's choice, but for its prologue.
  const prologue = lineOf(folder, NET, 'static int deep');
  for (const [device, text] of [['qemu-m55', /^stack overflow \(UsageFault\)/], ['qemu-m0', /^stack overflow \(MemManage when registers were to be stacked\)/], ['host', /^stack overflow \(SIGSEGV\)$/]] as const) {
    const run = await scene.run(['run', suite, '--c', folder, '--device', device]);
    const line = onlyCase(run).fault?.pc?.line ?? 0;
    t.ok(line >= prologue && line <= prologue + 3, `${device}: line ${line}`);
    t.match(checkPlace(t, run, { function: 'deep', line }).fault?.text, text, device);
  }
});

t.test('a failed assert() and an abort(): the call, and its message', async (t) => {
  const assertion = faulty('assert(calls != 500u);', '#include <assert.h>');
  for (const device of ['qemu-m33', 'qemu-m0', 'host']) {
    const one = checkPlace(t, await scene.run(['run', suite, '--c', assertion, '--device', device]), { function: 'engine_rom_int8_layer_1', line: lineOf(assertion, NET, MARK) });
    t.match(one.fault, { kind: 'assert', text: 'assertion "calls != 500u" failed', registers: {}, flags: [] }, device);
    t.match(one.log.join('\n'), /assertion "calls != 500u" failed: file ".*", line \d+, function: engine_rom_int8_layer_1/, device);
  }
  const aborts = faulty('abort();', '#include <stdlib.h>');
  const one = checkPlace(t, await scene.run(['run', suite, '--c', aborts, '--device', 'qemu-m4']), { function: 'engine_rom_int8_layer_1', line: lineOf(aborts, NET, MARK) });
  t.match(one.fault, { kind: 'exit', text: 'abort() was called' });
});

t.test('an endless loop: layer and line, well before the silence of the link', async (t) => {
  const folder = faulty('while (forever) { }', 'static volatile int forever = 1;');
  const at = { function: 'engine_rom_int8_layer_1', line: lineOf(folder, NET, MARK) };
  for (const like of ['qemu-m55', 'host']) {
    const device = scene.device(`${like}-quick`, like, { invocationLimitMs: 400 });
    const one = checkPlace(t, await scene.run(['run', suite, '--c', folder, '--device', device]), at);
    t.equal(one.fault?.kind, 'hang', like);
    t.match(one.fault?.text, /^an invocation did not end within 0\.\d+ s/, like);
  }
});

t.test('a lockup: the core\'s own end, told from a broken bench; no place is made up', async (t) => {
  // The vector table points to where nothing is: the fault cannot even be taken.
  const folder = faulty('*(volatile unsigned *)0xE000ED08u = 0x48800000u; __builtin_trap();');
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'qemu-m55']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.equal(one.verdict, 'fail');
  t.match(one.fault, { kind: 'lockup', sequence: 'ramps', step: null, sample: null, layer: null, pc: null });
  t.match(one.reasons[0], /the core locked up, in sequence ramps at step 0 or later: .*Lockup/);
});

t.test('C that resets the core: the emulator ends without an error, and it is the code\'s doing all the same', async (t) => {
  const folder = faulty('*(volatile unsigned *)0xE000ED0Cu = 0x05FA0004u; for (;;) { }');
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'qemu-m55']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  t.match(onlyCase(run).reasons[0], /the code under test reset the core .*in sequence ramps at step 0 or later/);
  t.match(onlyCase(run).fault, { kind: 'reset', sequence: 'ramps', step: null, pc: null });
});

t.test('C that leaves the process: its own fault on the host', async (t) => {
  const folder = faulty('exit(3);', 'extern void exit(int);');
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'host']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  t.match(onlyCase(run).reasons[0], /the code under test ended the process; .*exit code 3/);
});
