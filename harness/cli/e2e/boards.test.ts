import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { noSer2net, startSer2net } from '../../link/transports/testing/ser2net.ts';
import { validateReport, type CaseReport } from '../../report/index.ts';
import { boardBench, midRun, noBoard, type BoardBench } from './board-bench.ts';
import { engineModel, reportOf, suiteDir } from './hil.ts';
import { listen } from './sandbox.ts';
import { edit, generateEngine } from './scene.ts';

// The commands with a board on a serial line. No board is here: a stand-in of a real pty and a real QEMU, flashed by a stand-in for
// OpenOCD (device/testing/board-stand-in.ts).
t.setTimeout(280_000);

const ALREADY = 'not flashed: the board already runs this build';
const check = (device: string, samples = 4): string[] => ['check', engineModel, '--samples', String(samples), '--device', device];

function nothingLeft(t: Test, { box }: BoardBench): void {
  t.same(box.running(), [], 'no process is left');
  t.same(box.leftovers(), [], 'no lock, work folder or half-written file is left');
}

/** All that was computed and counted; not what belongs to the bench. */
const numbers = ({ verdict, samples, image, layers, outputs, latency, memory, fault, npu }: CaseReport): object => (
  { verdict, samples, image: { ...image, cached: null }, layers: layers.map(({ cost, ...layer }) => ({ ...layer, cost: cost.value })), outputs, latency, memory, fault, npu }
);

t.test('the suite: flashed once, then only asked; beside QEMU of the same machine the same numbers, in a column of its own', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t);
  const first = await bench.run(['run', suiteDir, '--device', 'board', '--out', bench.box.out, '--json']);
  t.equal(first.code, 0, first.stderr);
  t.match(reportOf(first).cases[0], { verdict: 'pass', samples: 1800, reasons: ['flashed with openocd'] });
  t.match(first.stderr, /^engine-rom on board: start \(flashing with openocd\)$/m);
  t.equal(bench.flashes(), 1);

  const both = await bench.run(['run', suiteDir, '--device', 'qemu-m4,board', '--out', bench.box.out]);
  t.equal(both.code, 0, both.stderr);
  const report = bench.box.report();
  t.same(validateReport(report), []);
  const [qemu, board] = report.cases as [CaseReport, CaseReport];
  t.same([qemu.device, board.device], ['qemu-m4', 'board']);
  t.same(numbers(board), numbers(qemu));
  t.equal(board.layers.flatMap((layer) => layer.tensors).reduce((sum, { compared }) => sum + compared, 0), 1800 * 97);
  t.equal(board.reasons[0], ALREADY);
  t.equal(bench.flashes(), 1, 'once for both runs');
  t.match(both.stdout, /^ +qemu-m4 +board\n +cortex-m4 +cortex-m4\n +engine-rom +PASS +PASS\n/m);
  t.match(readFileSync(path.join(bench.box.out, 'summary.md'), 'utf8'), /\|[^\n]*qemu-m4[^\n]*\|[^\n]*board[^\n]*\|/);
  nothingLeft(t, bench);
});

t.test('two at once on one board: the second says who has it, waits, and passes; so do two names of one board', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t, { spec: { lock: 'desk-1', timeouts: { startMs: 20_000, helloMs: 10_000, replyMs: 60_000, silenceMs: 60_000 } } });
  bench.device('twin', {});
  const [one, other] = ['one', 'other'].map((name) => path.join(bench.box.dir, name)) as [string, string];
  const first = bench.start([...check('board', 400), '--out', one]);
  await midRun(first, one);
  const { cpu } = await bench.board.status();
  process.kill(cpu!, 'SIGSTOP'); // so that it is still at it when the second comes
  const second = bench.start([...check('twin'), '--out', other]);
  await listen(second).heard(new RegExp(`^engine_rom_int8 on twin: wait for device \\(\\S+ pid ${first.pid} since \\d{4}-[^\\n]*\\)$`, 'm'));
  t.match((await bench.run(['devices'])).stdout, new RegExp(`^twin +busy .*\\n +busy by \\S+ \\(process ${first.pid} since [^\\n]*check`, 'm'));
  t.notOk(existsSync(path.join(other, 'report.json')), 'it waits');
  process.kill(cpu!, 'SIGCONT');
  t.match(await first, { exitCode: 0 });
  t.match(await second, { exitCode: 0 });
  t.equal(bench.flashes(), 1);

  const together = await bench.run([...check('board,twin'), '--out', bench.box.out]);
  t.equal(together.code, 0, together.stdout);
  t.match(together.stderr, /wait for device \(\S+ pid \d+ since/, 'they exclude each other within one run too');
  t.same(bench.box.report().cases.map(({ device, verdict, reasons }) => [device, verdict, reasons[0]]), [['board', 'pass', ALREADY], ['twin', 'pass', ALREADY]]);
  nothingLeft(t, bench);
});

t.test('in quarantine it is neither flashed nor asked; released, it runs', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t);
  t.match(await bench.run(['devices', 'quarantine', 'board', '--reason', 'loose cable', '--until', '2099-12-31']), { code: 0 });
  const skipped = await bench.run([...check('board'), '--json', '--out', bench.box.out]);
  t.equal(skipped.code, 4);
  t.match(reportOf(skipped), { verdict: 'skipped', cases: [{ verdict: 'skipped', reasons: [/^loose cable .*quarantined until 2099-12-31/] }] });
  t.equal(bench.flashes(), 0);
  t.match(await bench.run(['devices', 'release', 'board']), { code: 0 });
  t.match(await bench.run([...check('board'), '--out', bench.box.out]), { code: 0 });
  t.equal(bench.flashes(), 1);
});

t.test('wrong numbers and a fault are the code\'s: exit 1, never repeated, no power switched; the right code then passes', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t, { power: true });
  const c = await generateEngine(bench.box.dir);
  const run = (): ReturnType<BoardBench['run']> => bench.run([...check('board'), '--c', c, '--out', bench.box.out]);
  const switched = (): boolean => /"(off|on|reset run)"/.test(readFileSync(bench.board.log, 'utf8'));

  edit(c, 'engine_rom_int8_weights.c', '  62, -2, -15, 11,', '  63, -2, -15, 11,');
  t.equal((await run()).code, 1);
  const [wrong] = bench.box.report().cases;
  t.match(wrong, { verdict: 'fail', reasons: [/^layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM is wrong by itself/] });
  t.notMatch(wrong!.reasons.join('\n'), /repeated/);
  t.equal(bench.flashes(), 1);

  edit(c, 'engine_rom_int8_weights.c', '  63, -2, -15, 11,', '  62, -2, -15, 11,');
  edit(c, 'engine_rom_int8.c', 'void engine_rom_int8_layer_1(void)\n{\n', 'void engine_rom_int8_layer_1(void)\n{\n  __builtin_trap();\n');
  t.equal((await run()).code, 1);
  const [crashed] = bench.box.report().cases;
  t.match(crashed, { verdict: 'fail', fault: { kind: 'fault', layer: { index: 1 } } });
  t.notMatch(crashed!.reasons.join('\n'), /repeated/);
  t.equal(bench.flashes(), 2);
  t.notOk(switched(), 'nothing was switched off, on or reset');

  edit(c, 'engine_rom_int8.c', '  __builtin_trap();\n', '');
  t.match(await run(), { code: 0 });
  t.equal(bench.flashes(), 3);
  nothingLeft(t, bench);
});

t.test('far behind ser2net, raw and by RFC 2217: passes; without ser2net in mid-run the bench failed', { skip: noBoard || noSer2net }, async (t) => {
  const bench = await boardBench(t);
  const { serial } = bench.board.spec;
  const raw = await startSer2net(t, 'tcp', bench.board.port);
  bench.device('far', { lock: 'board', serial: { ...serial!, port: { tcp: { host: raw.host, port: raw.port } } } });
  t.match(await bench.run([...check('far'), '--out', bench.box.out]), { code: 0 });
  t.match(bench.box.report().cases[0], { verdict: 'pass', reasons: ['flashed with openocd'] });
  await raw.process.stop();

  const telnet = await startSer2net(t, 'telnet(rfc2217)', bench.board.port);
  bench.device('farther', { lock: 'board', serial: { ...serial!, port: { rfc2217: { host: telnet.host, port: telnet.port } } }, timeouts: { ...bench.board.spec.timeouts, startMs: 1500 } });
  t.match(await bench.run([...check('farther'), '--out', bench.box.out]), { code: 0 });
  t.match(bench.box.report().cases[0], { verdict: 'pass', reasons: [ALREADY] });

  const out = path.join(bench.box.dir, 'cut');
  const cut = bench.start([...check('farther', 20_000), '--out', out]);
  await midRun(cut, out);
  await telnet.process.stop();
  const { exitCode, stdout } = await cut;
  t.equal(exitCode, 4, stdout);
  t.match(stdout, /BENCH ERROR: /);
  const [one] = (JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8')) as { cases: CaseReport[] }).cases;
  t.match(one, { verdict: 'bench-error', fault: null });
  t.match(one!.reasons.join('\n'), new RegExp(`^repeated once after a bench fault: .*rfc2217://127\\.0\\.0\\.1:${telnet.port} closed the connection`, 'm'));
  t.match(one!.reasons[0], /refused the connection/, 'nor was the server there for the second attempt');
  nothingLeft(t, bench);
});
