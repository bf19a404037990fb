import t from 'tap';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { hil, type HilRun } from './hil.ts';
import { edit, generateEngine, Scene, smallSuite } from './scene.ts';

// Real runs of the engine on an emulated core, landed in a history of their own: what alarms, what does not, and how an alarm ends.
t.setTimeout(500_000);
const scene = new Scene(t);
// What a CI system says of the job that runs this test is nothing that it is about.
const env = { GITHUB_REF: '', CI_MERGE_REQUEST_IID: '', CHANGE_ID: '', HIL_BRANCH: 'main', HIL_HISTORY: path.join(scene.dir, 'history.sqlite'), HIL_HOME: scene.home };
const suite = smallSuite(scene.dir, ['steps']);
const generated = await generateEngine(scene.dir);
const LAYER_0 = 'void engine_rom_int8_layer_0(void)\n{\n';

function slower(name: string, turns: number): string {
  const folder = path.join(scene.dir, name);
  cpSync(generated, folder, { recursive: true });
  edit(folder, 'engine_rom_int8.c', LAYER_0, `${LAYER_0}  for (volatile int useless = 0; useless < ${turns}; useless++) {\n  }\n`);
  return folder;
}

let commits = 0;
const run = async (c: string, ...more: string[]): Promise<void> => {
  const { code, stderr, stdout } = await scene.run(['run', suite, '--c', c, '--device', 'qemu-m3', ...more], { env: { ...env, HIL_COMMIT: `c0ffee${commits++}` } });
  if (code !== 0) throw new Error(`hil run: exit ${code}\n${stdout}\n${stderr}`);
};
const ask = (...args: string[]): Promise<HilRun> => hil(['history', ...args], { env });

// In order: each step is judged with all before it in the history.
const empty = await ask('regressions');
await run(generated);
const once = await ask('regressions', '--json');
await run(generated);
const twice = await ask('regressions', '--json');
await run(generated, '--optimise', 's');
const unlike = await ask('regressions', '--all');
await run(slower('slow', 100));
const worse = await ask('regressions');
const worseJson = await ask('regressions', '--json', '--metric', 'latency');
const withoutReason = await ask('accept', '--case', '*');
const wrongCase = await ask('accept', '--case', 'no-such-case', '--reason', 'why not');
const still = await ask('regressions');
const accepted = await ask('accept', '--case', '*', '--reason', 'a wider input window, \u001b[31m#12');
const afterwards = await ask('regressions', '--all');
await run(slower('slower', 200));
const again = await ask('regressions', '--json');
await run(generated);
const undone = await ask('regressions', '--json');

t.test('nothing judged is no pass', async (t) => {
  t.equal(empty.code, 4);
  t.match(empty.stdout, /Nothing to judge/);
  t.equal(once.code, 4, 'one run has nothing before it');
  t.match(JSON.parse(once.stdout), { judged: 0, exitCode: 4 });
});

t.test('the same run twice: judged, and nothing is worse', async (t) => {
  t.equal(twice.code, 0);
  const { judged, changes } = JSON.parse(twice.stdout) as { judged: number; changes: unknown[] };
  t.ok(judged >= 5, `${judged} figures`);
  t.strictSame(changes, []);
});

t.test('another optimisation is not comparable, and no regression', async (t) => {
  t.equal(unlike.code, 4, 'and what was judged before says nothing of now');
  t.match(unlike.stdout, /Nothing could be judged; 0 figures judged, \d+ older ones left out/);
  t.match(unlike.stdout, /not comparable since c0ffee2: 10 figures of engine-rom on qemu-m3: .*-O2 -> .*-Os/);
});

t.test('slower C is worse: which case, by how much, in which layer, what to do', async (t) => {
  t.equal(worse.code, 1);
  t.match(worse.stdout, /WORSE engine-rom on qemu-m3: latency \+[\d.]+ % since c0ffee3, [\d ]+ -> [\d ]+ instructions/);
  t.match(worse.stdout, /all of it in layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM/);
  t.match(worse.stdout, /hil history accept --suite \S+ --case \S+ --commit c0ffee3 --reason/);
  t.equal(worseJson.code, 1);
  const { changes } = JSON.parse(worseJson.stdout) as { changes: { kind: string; from: number; to: number; suspect: string; confidence: { how: string }; layer: { layer: number } }[] };
  t.match(changes, [{ kind: 'open', suspect: 'code', confidence: { how: 'exact' }, layer: { layer: 0 } }]);
  t.ok(changes[0]!.to > changes[0]!.from);
});

t.test('an alarm stays until it is accepted, with a reason', async (t) => {
  t.equal(withoutReason.code, 2);
  t.equal(wrongCase.code, 2);
  t.match(wrongCase.stderr, /no open regression/);
  t.equal(still.code, 1, 'refused is not accepted');
  t.equal(accepted.code, 0);
  t.equal(afterwards.code, 0);
  t.match(afterwards.stdout, /accepted .*latency of engine-rom on qemu-m3.*accepted by .* on \d{4}-\d\d-\d\d: a wider input window/);
  t.notMatch(afterwards.stdout, /\u001b\[31m/, 'the reason is escaped');
});

t.test('beyond what was accepted it alarms again; back at what it was it is undone', async (t) => {
  t.equal(again.code, 1);
  t.equal(undone.code, 0);
  const kinds = (JSON.parse(undone.stdout) as { changes: { kind: string; metric: string }[] }).changes.filter(({ metric }) => metric === 'latency').map(({ kind }) => kind);
  t.strictSame(kinds, ['accepted', 'undone']);
});
