/** Cases that share an image: each has its own verdict, and what one of them does is not held against the others. */
import t from 'tap';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { smallModel } from '../../model/writer/samples.ts';
import { writeModel } from '../../model/writer/index.ts';
import { validateReport } from '../../report/index.ts';
import { hil } from './hil.ts';
import { edit, Scene, type SceneRun } from './scene.ts';

t.setTimeout(240_000);
const scene = new Scene(t);
const suite = path.join(scene.dir, 'suite');
mkdirSync(suite);
const bytes = writeModel(smallModel());
const sha256 = createHash('sha256').update(bytes).digest('hex');
writeFileSync(path.join(suite, 'm.tflite'), bytes);

/** C of the model under a name of its own, with something changed. */
async function variant(name: string, change: (folder: string) => void): Promise<{ kind: 'c'; dir: string }> {
  const folder = path.join(suite, name);
  const run = await hil(['generate', path.join(suite, 'm.tflite'), '--out', folder, '--name', name]);
  if (run.code !== 0) throw new Error(run.stderr);
  change(folder);
  return { kind: 'c', dir: name };
}

const LAYER = (name: string): string => `void ${name}_layer_2(void)\n{\n`;
const wrong = await variant('wrong', (folder) => edit(folder, 'wrong.c', LAYER('wrong'), `${LAYER('wrong')}  WRONG_T3[0] ^= 64;\n`));
const crash = await variant('crash', (folder) => edit(folder, 'crash.c', LAYER('crash'), `${LAYER('crash')}  __builtin_trap();\n`));
const broken = await variant('broken', (folder) => edit(folder, 'broken.c', LAYER('broken'), `${LAYER('broken')}  this is no C;\n`));

const write = (folder: string, cases: readonly (readonly [name: string, generator: object | 'builtin'])[], pack: number): void => {
  mkdirSync(folder, { recursive: true });
  if (folder !== suite) cpSync(suite, folder, { recursive: true });
  writeFileSync(path.join(folder, 'suite.json'), JSON.stringify({ schema: 'hil-suite/1', name: 'packed', pack,
    cases: cases.map(([name, generator]) => ({ name, model: { file: 'm.tflite', sha256 }, generator, sequences: [{ name: 's', random: { samples: 3, seed: name } }] })) }));
};
const verdicts = (run: SceneRun): string[] => {
  t.same(run.report === null ? ['no report'] : validateReport(run.report), []);
  return (run.report?.cases ?? []).map((one) => `${one.name} ${one.device} ${one.verdict}`);
};

t.test('wrong values and a crash in the middle', async (t) => {
  write(suite, [['one', 'builtin'], ['wrong', wrong], ['two', 'builtin'], ['crash', crash], ['three', 'builtin']], 5);
  for (const device of ['qemu-m55', 'host']) {
    const run = await scene.run(['run', suite, '--device', device]);
    t.equal(run.code, 1, device);
    t.same(run.left, []);
    t.same(verdicts(run), ['one pass', 'wrong fail', 'two pass', 'crash fail', 'three pass'].map((line) => line.replace(' ', ` ${device} `)));
    const [one, bad, , dead, three] = run.report?.cases ?? [];
    t.match(bad?.reasons[0], /layer 2 SOFTMAX/);
    t.match(dead?.fault, { layer: { index: 2 } }, device);
    t.equal(one?.image?.sha256, three?.image?.sha256, 'one image');
    t.equal(readdirSync(path.join(run.out, 'images')).length, 1);
    t.match(one?.reasons, [/an image of 5 networks/]);
    t.equal(one?.memory?.networkFlashBytes, null, 'whose flash it is cannot be told');
    t.ok((one?.link?.bytesToDevice ?? 0) > 0 && (three?.link?.bytesToDevice ?? 0) > 0);
    t.ok((one?.layers[0]?.compared ?? 0) === (three?.layers[0]?.compared ?? -1));
  }
});

t.test('C that does not compile costs only its own case', async (t) => {
  write(suite, [['one', 'builtin'], ['broken', broken], ['two', 'builtin']], 3);
  const run = await scene.run(['run', suite, '--device', 'qemu-m55']);
  t.equal(run.code, 3);
  t.same(verdicts(run), ['one qemu-m55 pass', 'broken qemu-m55 build-error', 'two qemu-m55 pass']);
  t.same(run.left, []);
});

t.test('a sample of the cases, chosen by a seed; another level of optimisation', async (t) => {
  write(suite, Array.from({ length: 9 }, (_, k) => [`case-${k}`, 'builtin'] as const), 4);
  const pick = async (...args: string[]): Promise<string[]> => {
    const run = await scene.run(['run', suite, '--device', 'host', '--sample', '4', ...args]);
    t.equal(run.code, 0);
    return verdicts(run);
  };
  const first = await pick('--seed', 'a');
  t.equal(first.length, 4);
  t.same(await pick('--seed', 'a'), first);
  t.notSame(await pick('--seed', 'b'), first);
  const small = await scene.run(['run', suite, '--device', 'qemu-m3', '--optimise', 's', '--case', 'case-1']);
  t.equal(small.code, 0);
  t.ok(small.report?.cases[0]?.image?.flags.includes('-Os'));
  t.equal((await hil(['run', suite, '--optimise', '9'])).code, 2);
  t.equal((await hil(['run', suite, '--sample', '0'])).code, 2);
});
