import t from 'tap';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { traceEngine } from './engine-trace.ts';
import { reportOf } from './hil.ts';
import { edit, generateEngine, lineOf, onlyCase, Scene, smallSuite } from './scene.ts';

// C that computes something wrong, or is not what it says it is: the real command, told apart by exit code and report.
const NET = 'engine_rom_int8.c';
const HIL = 'engine_rom_int8_hil.c';
const WEIGHTS = 'engine_rom_int8_weights.c';
const LSTM = 'UNIDIRECTIONAL_SEQUENCE_LSTM';
const RUN_FC = '  nn_run_fully_connected(&layer, ENGINE_ROM_INT8_T22, ENGINE_ROM_INT8_T23);';
const TAP_1 = '  if (tap(ctx, 1u, 0u, &engine_rom_int8_views[3], 1u) != 0) {\n    return HIL_STOPPED;\n  }\n';
const CALL_0 = '  engine_rom_int8_layer_0();\n  if (tap(ctx, 0u, 0u, &engine_rom_int8_views[0], 3u) != 0) {\n    return HIL_STOPPED;\n  }\n';

t.setTimeout(280_000);
const scene = new Scene(t);
const suite = smallSuite(scene.dir, ['steps', 'ramps']);
const generated = await generateEngine(scene.dir);
let folders = 0;

/** The engine's C with one change in it. */
function changed(change: (folder: string) => void): string {
  const folder = path.join(scene.dir, `c${++folders}`);
  cpSync(generated, folder, { recursive: true });
  change(folder);
  return folder;
}

const firstOf = (tensor: { firstMismatch: object | null } | undefined): unknown => tensor?.firstMismatch ?? null;

t.test('untouched C passes, and leaves nothing but the report', async (t) => {
  const run = await scene.run(['run', suite, '--c', generated, '--device', 'host']);
  t.equal(run.code, 0);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.equal(one.verdict, 'pass');
  t.strictSame([one.samples, one.layers.map(({ ran, compared, mismatched }) => [ran, compared, mismatched])], [600, [['cpu', 600 * 96, 0], ['cpu', 600, 0]]]);
});

t.test('one weight of the LSTM: the layer, and the very element that an independent trace finds', async (t) => {
  const folder = changed((c) => edit(c, WEIGHTS, '  62, -2, -15, 11,', '  63, -2, -15, 11,'));
  const expected = traceEngine(folder, 'steps', scene.dir);
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'qemu-m55', '--json']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.strictSame(reportOf(run), run.report, '--json prints what is in report.json, and nothing else');
  t.equal(one.verdict, 'fail');
  const [lstm, dense] = one.layers;
  t.ok((lstm?.own?.mismatched ?? 0) > 0, 'the layer with the weight is wrong by itself');
  t.equal(dense?.own?.mismatched, 0, 'the later layer is not');
  t.ok((dense?.mismatched ?? 0) > 0, 'though its values differ too');
  for (const tensor of lstm?.tensors ?? []) {
    const place = expected.get(tensor.tensor ?? -1) ?? null;
    t.ok(place !== null, `tensor ${tensor.tensor} differs`);
    t.match(tensor.firstMismatch, { sequence: 'steps', sample: place?.step, step: place?.step, expected: place?.expected, got: place?.got });
    t.equal(tensor.firstMismatch?.index.at(-1), place?.element, `element of tensor ${tensor.tensor}`);
  }
  const cell = expected.get(16);
  t.match(one.reasons[0], new RegExp(`^layer 0 ${LSTM} is wrong by itself: .*first in sequence steps, step ${cell?.step}, element \\[0,${cell?.element}\\]`));
  for (const file of ['junit.xml', 'report.tap', 'summary.md']) {
    const text = run.file(file).replaceAll('\\', '');
    t.match(text, new RegExp(`layer 0 ${LSTM} is wrong by itself`), file);
    t.match(text, new RegExp(`steps[\\s\\S]{0,20}step\\W+${cell?.step}`), `${file}: the place`);
  }
});

t.test('one weight of the last layer: only that layer', async (t) => {
  const folder = changed((c) => edit(c, WEIGHTS, '  -50, -61, -18, -2, -5,', '  -54, -61, -18, -2, -5,'));
  const place = traceEngine(folder, 'steps', scene.dir).get(23);
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'host']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.strictSame(one.layers[0]?.mismatched, 0);
  t.ok((one.layers[1]?.own?.mismatched ?? 0) > 0);
  t.match(firstOf(one.layers[1]?.tensors[0]), { sequence: 'steps', step: place?.step, expected: place?.expected, got: place?.got });
  t.match(run.stdout, new RegExp(`FAIL: layer 1 FULLY_CONNECTED is wrong by itself: .* step ${place?.step}, `));
  t.match(run.stdout, new RegExp(`^ {2}culprit +layer 1 FULLY_CONNECTED: \\d+ of 600 elements wrong by itself .*, first in sequence steps, step ${place?.step}, element`, 'm'));
  t.notMatch(run.stdout, /culprit +layer 0/);
});

t.test('an output that is never written is not the value of the sample before', async (t) => {
  const folder = changed((c) => edit(c, NET, RUN_FC, '  (void)layer;'));
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'host']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const [, dense] = onlyCase(run).layers;
  // It holds poison, or the input that lies in its place: neither looks right but by chance.
  t.ok((dense?.mismatched ?? 0) > 540, `${dense?.mismatched} of 600 samples are wrong`);
  t.match(firstOf(dense?.tensors[0]), { step: 0 });
});

t.test('a layer that is left out is called not executed', async (t) => {
  const folder = changed((c) => edit(c, HIL, CALL_0, ''));
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'host']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.strictSame(one.layers.map(({ ran }) => ran), ['not executed', 'cpu']);
  t.match(one.reasons[0], /^layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM was not executed/);
  t.match(run.stdout, /FAIL: layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM was not executed/);
  t.match(run.file('junit.xml'), /<failure message="not executed or not shown"/);
  t.match(run.file('report.tap'), /not ok \d+ - layer 0 /);
});

t.test('right values with a tap missing are no pass either', async (t) => {
  const folder = changed((c) => edit(c, HIL, TAP_1, ''));
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'host']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.equal(one.outputs[0]?.mismatched, 0, 'the output is right');
  t.strictSame(one.reasons.filter((reason) => !reason.startsWith('the reference equals')), ['layer 1 FULLY_CONNECTED was not executed or not shown: its tap was never called']);
});

t.test('a path without taps that computes something else: what ships is not what was compared', async (t) => {
  const folder = changed((c) => edit(c, NET, '  engine_rom_int8_layer_0();\n  engine_rom_int8_layer_1();\n', '  engine_rom_int8_layer_0();\n'));
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'host']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.strictSame(one.layers.map(({ mismatched }) => mismatched), [0, 0], 'the tapped path is right');
  t.match(one.reasons, [/^without taps, as it would ship, the network gives other outputs/]);
});

t.test('a result that the same inputs and state do not give again', async (t) => {
  // The 450th invocation flips a bit; the run that fetches the values is past it.
  const folder = changed((c) => edit(c, NET, RUN_FC, `${RUN_FC}\n  static unsigned calls;\n  if (++calls == 450u) ENGINE_ROM_INT8_T23[0] ^= 1;`));
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'host']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.match(one.reasons[0], /^the network is nondeterministic/);
  t.ok(one.reasons.some((reason) => /nondeterministic: re-running sequence ramps from step 0 .* in layer 1$/.test(reason)), one.reasons.join('\n'));
  const [lstm, dense] = one.layers;
  t.equal(lstm?.mismatched, 0);
  t.ok((dense?.mismatched ?? 0) > 0, 'the values of the other run are not taken for those of this one');
  t.equal(firstOf(dense?.tensors[0]), null);
  t.equal(one.outputs[0]?.mismatched, 1, 'the output is read from the run itself');
});

t.test('state that the network does not expose: the sequence is replayed, not called nondeterministic', async (t) => {
  const folder = changed((c) => {
    edit(c, WEIGHTS, '  62, -2, -15, 11,', '  63, -2, -15, 11,');
    edit(c, HIL, '  .state = engine_rom_int8_state,\n  .n_state = 2,', '  .state = 0,\n  .n_state = 0,');
    edit(c, HIL, 'static const hil_buffer engine_rom_int8_state[2]', 'extern const hil_buffer not_shown[2];\nconst hil_buffer not_shown[2]');
    const manifest = JSON.parse(readFileSync(path.join(c, 'network.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(path.join(c, 'network.json'), JSON.stringify({ ...manifest, state: [] }));
  });
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'host']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.match(one.reasons[0], /^layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM is wrong by itself: .*, step \d+, element/);
  t.notOk(one.reasons.some((reason) => /nondeterministic/.test(reason)), one.reasons.join('\n'));
});

t.test('an error code of the network: which, and where', async (t) => {
  const folder = changed((c) => edit(c, HIL, '  engine_rom_int8_layer_1();\n  if (tap', '  static int calls;\n  if (++calls == 500) {\n    return 42;\n  }\n  engine_rom_int8_layer_1();\n  if (tap'));
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'host']);
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.match(one.reasons[0], /invoke returned error 42, in sequence ramps, step 199, after layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM$/);
  t.equal(one.samples, 300, 'what was compared before is said');
  t.match(run.file('junit.xml'), /<skipped message="the case ended before this was fully compared"\/>/, 'and is no green test');
});

t.test('C that does not compile: exit 3 with the compiler\'s words and the place', async (t) => {
  const folder = changed((c) => edit(c, NET, '  engine_rom_int8_layer_1();\n}', '  engine_rom_int8_layer_1()\n}'));
  const line = lineOf(folder, NET, '  engine_rom_int8_layer_1()');
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'host']);
  t.equal(run.code, 3);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.equal(one.verdict, 'build-error');
  t.match(one.reasons[0], new RegExp(`${NET}:${line}:\\d+: error: expected ';'`));
  t.match(run.stdout, new RegExp(`^ +network/engine_rom_int8/${NET}:${line}:`, 'm'), 'on a line of its own');
  t.match(run.file('junit.xml'), /<error [^>]*does not compile/);
});

t.test('C that does not link: exit 3 with the symbol and its caller', async (t) => {
  const folder = changed((c) => edit(c, NET, RUN_FC, `${RUN_FC}\n  extern void missing_kernel(void);\n  missing_kernel();`));
  const line = lineOf(folder, NET, '  missing_kernel();');
  const run = await scene.run(['run', suite, '--c', folder, '--device', 'qemu-m55']);
  t.equal(run.code, 3);
  t.strictSame(run.left, []);
  t.match(onlyCase(run).reasons[0], new RegExp(`does not link: [\\s\\S]*network/engine_rom_int8/${NET}:${line}: undefined reference to .missing_kernel'`));
});

t.test('C of another model: by its manifest exit 2 before anything runs, by its own word exit 4', async (t) => {
  const manifest = changed((c) => edit(c, 'network.json', 'd696a26a8237', 'd696a26a8238'));
  const refused = await scene.run(['run', suite, '--c', manifest, '--device', 'host']);
  t.equal(refused.code, 2);
  t.strictSame(refused.left, []);
  t.equal(refused.report, null);
  t.match(refused.stderr, /^hil: .*made from another model/m);
  t.notMatch(refused.stderr, /: build/, 'nothing was built');

  const code = changed((c) => edit(c, HIL, '0xd6, 0x96,', '0xd6, 0x97,'));
  const run = await scene.run(['run', suite, '--c', code, '--device', 'host']);
  t.equal(run.code, 4);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.equal(one.verdict, 'bench-error');
  t.match(one.reasons[0], /has model SHA-256 d697[0-9a-f]{60}, the manifest says d696[0-9a-f]{60}$/);
  t.strictSame(one.layers, [], 'nothing is said of layers that were not compared');
});
