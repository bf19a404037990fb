import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t, { type Test } from 'tap';
import { HilError } from '../../errors.ts';
import { writeModel } from '../../model/writer/index.ts';
import { parseModel } from '../../model/index.ts';
import { prepareReference, type TensorData } from '../../reference/index.ts';
import { lstmModel } from '../../reference/fixtures/lstm-model.ts';
import { compareDumps, dumpLines, modelOfDump, openReferenceDump, type DumpDiff } from '../index.ts';
import { twoLayers, writeDump, type Spoil } from '../testing/dumps.ts';

function scratch(t: Test): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'hil-diff-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function compare(a: string, b: string, profile?: string): Promise<DumpDiff> {
  const dumps = [await openReferenceDump(a, 'A'), await openReferenceDump(b, 'B')] as const;
  try {
    return await compareDumps(...dumps, await modelOfDump(undefined, dumps[0].sha256, dumps[0].modelFiles), profile ?? dumps[0].profile);
  } finally {
    for (const dump of dumps) dump.close();
  }
}

/** Another model of the same form computes operator `at`. */
function computedBy(description: Parameters<typeof writeModel>[0], at: number): Spoil {
  const runner = prepareReference(parseModel(writeModel(description)));
  return (operator, tensors) => {
    if (operator !== at) return;
    tensors.forEach((data, i) => { if (runner.graph.tensors[i]?.data === null) (runner.tensors[i] as Int8Array).set(data as Int8Array); });
    runner.runOperator(at);
    for (const index of runner.graph.operators[at]!.outputs) (tensors[index] as Int8Array).set(runner.tensors[index] as Int8Array);
  };
}

const plain = (_style: string, text: string): string => text;

t.test('the same twice is equal, and says of how much', async (t) => {
  const dir = scratch(t);
  writeDump(`${dir}/a`, twoLayers(), 5);
  writeDump(`${dir}/b`, twoLayers(), 5);
  const diff = await compare(`${dir}/a`, `${dir}/b`);
  t.match(diff, { equal: true, compared: 5 * 11, mismatched: 0, samples: 5, profile: 'tflm', notes: [], inputs: { compared: 20, mismatched: 0 } });
  t.same(diff.layers.map(({ verdict, own }) => [verdict, own?.compared]), [['equal', 40], ['equal', 15]]);
  t.equal(dumpLines(diff, plain).at(-1), 'EQUAL  55 elements of 5 samples');
});

t.test('a wrong layer is told from one that was fed wrong values, and why', async (t) => {
  const dir = scratch(t);
  const wrong = { ...twoLayers(), tensors: twoLayers().tensors.map((tensor) => (tensor.name === 'b0' ? { ...tensor, data: new Array<number>(8).fill(0) } : tensor)) };
  writeDump(`${dir}/a`, twoLayers(), 8);
  writeDump(`${dir}/b`, twoLayers(), 8, computedBy(wrong, 0));
  const diff = await compare(`${dir}/a`, `${dir}/b`);
  t.same(diff.layers.map(({ verdict }) => verdict), ['own error', 'inherited']);
  const [first, second] = diff.layers;
  t.ok(first!.own!.mismatched > 20 && first!.mismatched === first!.own!.mismatched && second!.mismatched > 0);
  t.ok(first!.diagnosis.some(({ cause, rank }) => cause === 'bias.missing' && rank === 1), first!.diagnosis.map(({ cause }) => cause).join());
  t.equal(diff.equal, false);
  const lines = dumpLines(diff, plain);
  t.match(lines.at(-1), /^DIFFERENT {2}\d+ of 88 elements of 8 samples differ, own error in layer 0$/);
  t.ok(lines.some((line) => line.includes('the bias was left out')));
  t.notOk(lines.some((line) => line.includes('\u001b')), 'names do not reach the terminal as they are');
});

t.test('state: a step that starts from a cleared state is wrong from the second sample on', async (t) => {
  const dir = scratch(t);
  const model = lstmModel({ units: 5, depth: 3, steps: 2, batches: 1, timeMajor: false, seed: 3 });
  const runner = prepareReference(parseModel(writeModel(model)));
  const cleared: Spoil = (operator, tensors) => {
    if (operator !== 0) return;
    runner.reset();
    (runner.tensors[runner.graph.inputs[0]!] as Int8Array).set(tensors[runner.graph.inputs[0]!] as Int8Array);
    runner.invoke();
    runner.graph.tensors.forEach(({ data, index }) => { if (data === null) (tensors[index] as Int8Array).set(runner.tensors[index] as Int8Array); });
  };
  writeDump(`${dir}/a`, model, 6);
  writeDump(`${dir}/b`, model, 6, cleared);
  const { layers: [lstm] } = await compare(`${dir}/a`, `${dir}/b`);
  t.match(lstm, { verdict: 'own error', againstRule: 0, own: { samples: 6, first: { sample: 1, step: 1 } } });
  t.same(lstm!.tensors.map(({ role }) => role), ['output', 'state', 'state']);
  writeDump(`${dir}/each`, model, 6, cleared, { resetEach: true });
  writeDump(`${dir}/each2`, model, 6, cleared, { resetEach: true });
  t.match(await compare(`${dir}/each`, `${dir}/each2`), { equal: true, notes: [] }, 'where each sample starts from a reset that is right');
});

t.test('without the model, or by a rule that A does not follow, less is claimed', async (t) => {
  const dir = scratch(t);
  const spoil: Spoil = (operator, tensors) => { if (operator === 0) (tensors[3] as Int8Array)[2]! ^= 1; };
  writeDump(`${dir}/a`, twoLayers(), 4);
  writeDump(`${dir}/b`, twoLayers(), 4, spoil);
  const dumps = [await openReferenceDump(`${dir}/a`, 'A'), await openReferenceDump(`${dir}/b`, 'B')] as const;
  t.teardown(() => dumps.forEach((dump) => dump.close()));
  const bare = await compareDumps(...dumps, null, 'tflm');
  t.match(bare, { equal: false, profile: null, notes: [/the model was not found/] });
  t.same(bare.layers.map(({ index, op, verdict, own }) => [index, op, verdict, own])[0], [0, 'FULLY_CONNECTED', 'not known', null]);
  const back = await compare(`${dir}/b`, `${dir}/a`);
  t.match(back.notes, [/^A itself does not follow the rule 'tflm' in layers 0:/]);
  t.equal(back.layers[0]!.againstRule, 4);
  t.equal(back.layers[0]!.verdict, 'not known', 'A is what is wrong: B has no own error there');
});

t.test('a tensor that shows something else than its reader read accuses nobody else', async (t) => {
  const dir = scratch(t);
  // The first layer's buffer is taken after something was written over it: the second layer, which read it before, is right.
  writeDump(`${dir}/a`, twoLayers(), 8);
  writeDump(`${dir}/b`, twoLayers(), 8, (operator, tensors) => {
    if (operator !== 1) return;
    (tensors[3] as Int8Array).forEach((value, i, data) => { data[i] = (value * 3 + i * 40) % 100; });
  });
  const diff = await compare(`${dir}/a`, `${dir}/b`);
  t.match(diff.layers, [{ verdict: 'own error', notRead: [] }, { verdict: 'equal', mismatched: 0, own: null, notRead: [3], diagnosis: [] }]);
  t.match(diff.notes, [/^what tensor 3 of B shows is not what layer 1 FULLY_CONNECTED read, which gives all that A has$/]);
  t.match(dumpLines(diff, plain).at(-1), /own error in layer 0$/);
});

t.test('what does not fit together is refused, and nothing compared is never equal', async (t) => {
  const dir = scratch(t);
  writeDump(`${dir}/a`, twoLayers(), 3);
  const refused = async (name: string, code: string, message: RegExp): Promise<void> => {
    await t.rejects(compare(`${dir}/a`, `${dir}/${name}`), { kind: 'config', code: `diff.${code}`, message }, name);
  };
  writeDump(`${dir}/samples`, twoLayers(), 4);
  await refused('samples', 'samples', /A has 3 samples, B has 4/);
  writeDump(`${dir}/other`, { ...twoLayers(), description: 'another' }, 3);
  await refused('other', 'model', /different models/);
  writeDump(`${dir}/cut`, twoLayers(), 3);
  truncateSync(`${dir}/cut/6-output.npy`, 130);
  await refused('cut', 'invalid', /6-output\.npy: is 130 bytes long, not 137: it is cut short/);
  await refused('missing', 'unreadable', /index\.json/);
  writeDump(`${dir}/lost`, twoLayers(), 3);
  rmSync(`${dir}/lost/3-output.npy`);
  await refused('lost', 'invalid', /3-output\.npy: there is no such file/);
  const index = JSON.parse(readFileSync(`${dir}/a/index.json`, 'utf8')) as { tensors: { index: number; role: string; shape: number[]; file: string }[] };
  const rewritten = async (name: string, change: (copy: typeof index) => object, code: string, message: RegExp): Promise<void> => {
    writeDump(`${dir}/${name}`, twoLayers(), 3);
    writeFileSync(`${dir}/${name}/index.json`, JSON.stringify(change(structuredClone(index))));
    await refused(name, code, message);
  };
  const withTensor = (change: object) => (copy: typeof index): object => ({ ...copy, tensors: copy.tensors.map((tensor, i) => (i === 2 ? { ...tensor, ...change } : tensor)) });
  await rewritten('shape', withTensor({ shape: [3, 1] }), 'invalid', /holds "\|i1" \(3, 1, 3\), not "\|i1" \(3, 3, 1\)/);
  await rewritten('outside', withTensor({ file: '../a/6-output.npy' }), 'invalid', /is no plain file name/);
  await rewritten('type', withTensor({ dtype: 'int4' }), 'invalid', /"int4" is none that hil compares/);
  await rewritten('proto', withTensor({ dtype: '__proto__' }), 'invalid', /is none that hil compares/);
  await rewritten('huge', withTensor({ shape: [2 ** 40, 2 ** 40] }), 'invalid', /more than/);
  await rewritten('twice', (copy) => ({ ...copy, tensors: [...copy.tensors, copy.tensors[2]] }), 'invalid', /there twice/);
  await rewritten('inputs-only', (copy) => ({ ...copy, tensors: copy.tensors.slice(0, 1) }), 'nothing', /nothing to compare/);
  await rewritten('text', () => [1], 'invalid', /is no object/);
  writeDump(`${dir}/none`, twoLayers(), 0);
  writeDump(`${dir}/none2`, twoLayers(), 0);
  await t.rejects(compare(`${dir}/none`, `${dir}/none2`), { code: 'diff.nothing' });
  await t.rejects(modelOfDump(`${dir}/other/model.tflite`, (parseModel(readFileSync(`${dir}/a/model.tflite`))).sha256, []), { code: 'diff.model' });
});

t.test('a comparison can be stopped', async (t) => {
  const dir = scratch(t);
  writeDump(`${dir}/a`, twoLayers(), 3);
  writeDump(`${dir}/b`, twoLayers(), 3, (operator, tensors) => { (tensors[operator === 0 ? 3 : 6] as unknown as TensorData & { [i: number]: number })[0]! ^= 3; });
  const dumps = [await openReferenceDump(`${dir}/a`, 'A'), await openReferenceDump(`${dir}/b`, 'B')] as const;
  t.teardown(() => dumps.forEach((dump) => dump.close()));
  const model = await modelOfDump(undefined, dumps[0].sha256, dumps[0].modelFiles);
  await t.rejects(compareDumps(...dumps, model, 'tflm', { signal: AbortSignal.abort(new HilError('cancelled', 'cli.interrupted', 'stop')) }), { code: 'cli.interrupted' });
});
