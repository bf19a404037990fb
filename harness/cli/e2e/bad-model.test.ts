import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import type { ModelDescription } from '../../model/writer/index.ts';
import { writeModel } from '../../model/writer/index.ts';
import { smallModel } from '../../model/writer/samples.ts';
import { engineModel, hil, suiteDir } from './hil.ts';
import { allRefused, type Refusal } from './refused.ts';
import { sandbox } from './sandbox.ts';

/** Models that are none, are damaged, or cannot be run: exit code 2, where and why, before anything is built. */

const good = readFileSync(engineModel);

t.setTimeout(240_000);

t.test('files that are no model', async (t) => {
  const box = sandbox(t);
  const file = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(path.join(box.dir, name), bytes);
    return path.join(box.dir, name);
  };
  const where = /: offset 0x[0-9a-f]+: /;
  const damaged = (name: string, bytes: Uint8Array, field: RegExp): Refusal[] => {
    const model = file(name, bytes);
    return [{ name: `${name}, inspect`, args: ['inspect', model], says: [where, field] }, { name: `${name}, check`, args: ['check', model, '--device', 'host', '--out', 'out'], says: [where, field] }];
  };
  const changed = (at: number, bytes: readonly number[]): Uint8Array => {
    const copy = Uint8Array.from(good);
    copy.set(bytes, at);
    return copy;
  };
  const root = good.readUInt32LE(0);
  await allRefused(t, box, [
    { name: 'missing', args: ['check', 'nowhere.tflite'], says: [/cannot read the model "nowhere\.tflite": there is no such file/] },
    { name: 'a folder', args: ['inspect', box.dir], says: [/cannot read the model ".*": it is a folder/] },
    { name: 'text', args: ['generate', file('text.tflite', 'this is no model at all\n'), '--out', 'out'], says: [where, /TFL3|root/] },
    ...damaged('empty.tflite', new Uint8Array(0), /header \(8 bytes\) of a \.tflite leaves the file \(0 bytes\)/),
    ...damaged('cut at 7.tflite', good.subarray(0, 7), /header/),
    ...damaged('cut at 40.tflite', good.subarray(0, 40), /leaves the file \(40 bytes\)/),
    ...damaged('cut in the middle.tflite', good.subarray(0, good.length >> 1), /operator_codes: offset \d+ leaves the file/),
    ...damaged('one byte short.tflite', good.subarray(0, good.length - 1), /operator_codes\[0\]: a table of 12 bytes leaves the file/),
    ...damaged('other identifier.tflite', changed(4, [0x54, 0x46, 0x4c, 0x32]), /TFL3/),
    ...damaged('root far away.tflite', changed(0, [0xff, 0xff, 0xff, 0x7f]), /root: offset 2147483647 leaves the file/),
    ...damaged('table of tables.tflite', changed(root, [0, 0, 0, 0x80]), /root|table/),
  ]);
});

t.test('graphs that cannot be run', async (t) => {
  const box = sandbox(t);
  const small = smallModel();
  const [fully, reshape, softmax] = small.operators as [ModelDescription['operators'][0], ModelDescription['operators'][0], ModelDescription['operators'][0]];
  const model = (name: string, change: Partial<ModelDescription>): string => {
    const file = path.join(box.dir, `${name}.tflite`);
    writeFileSync(file, writeModel({ ...small, ...change }));
    return file;
  };
  const unknown = model('unknown', { operators: [fully, { op: 'TOPK_V2', inputs: ['y', 'w'], outputs: ['flat'] }, softmax] });
  const otherForm = model('form', { operators: [fully, { op: 'CONV_2D', inputs: ['y', 'w', 'b'], outputs: ['flat'] }, softmax] });
  const supported = /ABS, ADD, .*FULLY_CONNECTED, .*WHILE/;
  const steps = path.join(suiteDir, 'sequences/steps.input.npy');
  const huge = model('huge', { tensors: small.tensors.map((tensor) => (tensor.name === 'flat' ? { ...tensor, shape: [2 ** 31 - 1] } : tensor)) });
  await allRefused(t, box, [
    { name: 'unknown operator, check', args: ['check', unknown, '--device', 'host', '--out', 'out'], says: [/operator 1 TOPK_V2/, supported] },
    { name: 'a form that is not supported', args: ['check', otherForm, '--device', 'host', '--out', 'out'], says: [/operator 1 CONV_2D: weights \[3,4\] have not four axes\n/, /Supported of CONV_2D: int8/] },
    { name: 'unknown operator, reference', args: ['reference', unknown, '--input', steps, '--out', 'out'], says: [/operator 1 TOPK_V2/, supported] },
    { name: 'unknown operator, generate', args: ['generate', unknown, '--out', 'out'], says: [/[Oo]perator 1 \(?TOPK_V2/, supported] },
    { name: 'a tensor that does not exist', args: ['inspect', model('stray', { operators: [{ ...fully, inputs: [77, 'w', 'b'] }, reshape, softmax] })], says: [/offset 0x/, /operators\[0\]\.inputs\[0\]/, /77/] },
    { name: 'a tensor of 2 GB', args: ['inspect', huge], says: [/offset 0x/, /tensors\[5\]\.shape/, /hil accepts \d+/] },
    { name: 'a tensor of 2 GB, check', args: ['check', huge, '--out', 'out'], says: [/tensors\[5\]\.shape/] },
    { name: 'another schema version', args: ['inspect', model('version', { version: 9 })], says: [/offset 0x/, /version/] },
    { name: 'an unknown rounding profile', args: ['check', model('small', {}), '--profile', 'tflmm', '--out', 'out'], says: [/tflmm/, /tflm\b/] },
  ]);
  const inspected = await hil(['inspect', unknown], { env: box.env });
  t.equal(inspected.code, 0, 'inspect shows what it cannot run');
  t.match(inspected.stdout, /not supported: operator 1 TOPK_V2/);
});

t.test("a suite's model is known by its hash", async (t) => {
  const box = sandbox(t);
  const dir = path.join(box.dir, 'suite');
  mkdirSync(dir);
  copyFileSync(engineModel, path.join(dir, 'm.tflite'));
  copyFileSync(path.join(suiteDir, 'sequences/steps.input.npy'), path.join(dir, 'x.npy'));
  const sha256 = 'd696a26a8237b43a2349d140062fe122b425e7f64a85121b249c794dd02f9a96';
  writeFileSync(path.join(dir, 'suite.json'), JSON.stringify({ schema: 'hil-suite/1', name: 's', cases: [{ name: 'c', model: { file: 'm.tflite', sha256 }, generator: 'builtin', sequences: [{ name: 'x', input: 'x.npy' }] }] }));
  t.equal((await hil(['run', dir, '--device', 'host', '--out', box.out], { env: box.env })).code, 0, 'it runs as it is');
  const bytes = Uint8Array.from(good);
  bytes[6000] = (bytes[6000] ?? 0) ^ 1; // a weight: still a sound model
  writeFileSync(path.join(dir, 'm.tflite'), bytes);
  t.equal((await hil(['inspect', path.join(dir, 'm.tflite')], { env: box.env })).code, 0, 'the changed model is sound');
  await allRefused(t, box, [{ name: 'changed weight', args: ['run', dir, '--device', 'host', '--out', 'out'], says: [/\$\.cases\[0\]\.model\.sha256: "m\.tflite" has SHA-256 [0-9a-f]{64}, not d696a26a/, /Another model/] }]);
});

t.test('damaged models cost no memory', async (t) => {
  const box = sandbox(t);
  const peak = async (bytes: Uint8Array): Promise<number> => {
    const [model, note] = [path.join(box.dir, 'm.tflite'), path.join(box.dir, 'rss')];
    writeFileSync(model, bytes);
    const record = `data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(process.env.NOTE,String(process.resourceUsage().maxRSS)))`;
    await hil(['inspect', model], { env: { ...box.env, NOTE: note, NODE_OPTIONS: `--import=${record}` } });
    return Number(readFileSync(note, 'utf8')) / 1024;
  };
  const usual = await peak(good);
  t.ok(usual > 20, `${usual} MB for a good one`);
  // Every vector length and offset of the header and the first tables claims as much as it can.
  for (const at of [0, good.readUInt32LE(0), 0x38, 0x3c, 0x40, 0x22a4, 100, 1000]) {
    const bytes = Buffer.from(good);
    bytes.writeUInt32LE(0x7fffffff, at);
    const used = await peak(bytes);
    t.ok(used < usual + 64, `4 bytes at ${at}: ${used} MB, a good one ${usual} MB`);
  }
});
