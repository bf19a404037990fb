import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { smallModel } from '../../model/writer/samples.ts';
import { writeModel, type ModelDescription } from '../../model/writer/index.ts';
import { encodeNpy, parseNpy } from '../../suite/index.ts';
import { engineModel, hil, suiteDir } from './hil.ts';
import { filesOf } from './hostile-models.ts';
import { sandbox } from './sandbox.ts';

/** hil reference: every tensor as .npy, as others read it, against values that another implementation computed. */

t.setTimeout(240_000);

interface Index {
  readonly model: { readonly file: string; readonly sha256: string };
  readonly profile: string;
  readonly samples: number;
  readonly tensors: readonly { index: number; opIndex: number | null; op: string | null; name: string; role: string; shape: number[]; dtype: string; scale: number | null; zeroPoint: number | null; file: string }[];
}
interface Oracle {
  readonly sha256: string;
  readonly invocations: number;
  readonly invocationBytes: number;
  readonly tensors: readonly { index: number; opIndex: number | null; op: string | null; role: string; name: string; shape: number[]; dtype: string; scale: number; zeroPoint: number; offset: number; bytes: number }[];
}

const readIndex = (dir: string): Index => JSON.parse(readFileSync(path.join(dir, 'index.json'), 'utf8')) as Index;
const bytesOf = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);

/** Reads arrays as a Python program would: with NumPy where it is, else by the format's definition. */
const PYTHON = `
import sys, json, ast, struct, hashlib
def load(name):
    try:
        import numpy
        a = numpy.load(name, allow_pickle=False)
        return a.dtype.str, list(a.shape), a.tobytes()
    except ImportError:
        b = open(name, 'rb').read()
        assert b[:8] == b'\\x93NUMPY\\x01\\x00'
        n = struct.unpack('<H', b[8:10])[0]
        assert (10 + n) % 64 == 0 and b[9 + n:10 + n] == b'\\n'
        h = ast.literal_eval(b[10:10 + n].decode('latin1'))
        assert set(h) == {'descr', 'fortran_order', 'shape'} and h['fortran_order'] is False
        return h['descr'], list(h['shape']), b[10 + n:]
out = []
for name in sys.argv[1:]:
    descr, shape, data = load(name)
    out.append([descr, shape, hashlib.sha256(data).hexdigest()])
print(json.dumps(out))
`;

function pythonReads(t: Test, dir: string, index: Index, expected: ReadonlyMap<string, string>): void {
  const run = spawnSync('python3', ['-c', PYTHON, ...index.tensors.map(({ file }) => path.join(dir, file))], { encoding: 'utf8', timeout: 60_000 });
  if (run.error !== undefined) return t.comment('no python3 here');
  t.equal(run.status, 0, run.stderr);
  const descr: Readonly<Record<string, string>> = { int8: '|i1', int16: '<i2', int32: '<i4', float32: '<f4' };
  t.same(JSON.parse(run.stdout), index.tensors.map(({ dtype, shape, file }) => [descr[dtype], [index.samples, ...shape], expected.get(file)]));
}

t.test('equals the oracle in every tensor and state of a sequence', async (t) => {
  const box = sandbox(t);
  const oracle = JSON.parse(readFileSync(path.join(suiteDir, 'oracle/steps.json'), 'utf8')) as Oracle;
  const values = readFileSync(path.join(suiteDir, 'oracle/steps.tflm.bin'));
  const { code, stdout, stderr } = await hil(['reference', engineModel, '--input', path.join(suiteDir, 'sequences/steps.input.npy'), '--out', box.out], { env: box.env });
  t.equal(code, 0, stderr);
  t.match(stdout, /^5 tensors of 300 samples in .* \(profile tflm\)$/);
  const index = readIndex(box.out);
  t.same({ ...index, tensors: index.tensors.length }, { model: { file: engineModel, sha256: oracle.sha256 }, profile: 'tflm', samples: oracle.invocations, tensors: oracle.tensors.length });
  t.same(filesOf(box.out), ['index.json', ...index.tensors.map(({ file }) => file)].sort(), 'the files of the index and no others');
  const sums = new Map<string, string>();
  for (const tensor of index.tensors) {
    const wanted = oracle.tensors.find(({ index: other, role }) => other === tensor.index && role === tensor.role);
    if (wanted === undefined) return t.fail(`tensor ${tensor.index} ${tensor.role} is not in the oracle`);
    const { opIndex, op, name, shape, dtype, scale, zeroPoint } = wanted;
    t.same(tensor, { index: wanted.index, opIndex, op, name, role: wanted.role, shape, dtype, scale, zeroPoint, file: tensor.file }, `index.json of ${tensor.file}`);
    const array = parseNpy(readFileSync(path.join(box.out, tensor.file)));
    t.same([array.dtype, array.shape], [dtype, [oracle.invocations, ...shape]]);
    const expected = Buffer.concat(Array.from({ length: oracle.invocations }, (_, k) => values.subarray(k * oracle.invocationBytes + wanted.offset, k * oracle.invocationBytes + wanted.offset + wanted.bytes)));
    t.equal(Buffer.compare(bytesOf(array.data), expected), 0, `${expected.length} bytes of ${name} (${wanted.role}) are the oracle's`);
    sums.set(tensor.file, createHash('sha256').update(expected).digest('hex'));
  }
  pythonReads(t, box.out, index, sums);
});

t.test('state carries over unless --reset-each', async (t) => {
  const box = sandbox(t);
  const input = path.join(box.dir, 'same.csv');
  writeFileSync(input, '40,-20,60,10\n'.repeat(6));
  const output = async (...more: string[]): Promise<number[]> => {
    const { code, stderr } = await hil(['reference', engineModel, '--input', input, '--out', box.out, ...more], { env: box.env });
    t.equal(code, 0, stderr);
    const file = readIndex(box.out).tensors.find(({ role, op }) => role === 'output' && op === 'FULLY_CONNECTED')?.file ?? '';
    return [...bytesOf(parseNpy(readFileSync(path.join(box.out, file))).data)];
  };
  const carried = await output();
  const reset = await output('--reset-each');
  t.equal(new Set(reset).size, 1, 'each sample starts from a reset');
  t.ok(new Set(carried).size > 1, `the state carries over: ${carried.join(' ')}`);
  t.equal(carried[0], reset[0]);
});

t.test('several inputs as NAME=FILE', async (t) => {
  const box = sandbox(t);
  const { tensors } = smallModel();
  const [x, w, b, y] = tensors as [ModelDescription['tensors'][0], ModelDescription['tensors'][0], ModelDescription['tensors'][0], ModelDescription['tensors'][0]];
  const model = path.join(box.dir, 'two.tflite');
  // Names with '=' in them, one the beginning of the other: the longest that fits is meant.
  writeFileSync(model, writeModel({
    tensors: [{ ...x, name: 'a' }, { ...x, name: 'a=b' }, w, b, { ...y, name: 'ya' }, { ...y, name: 'yb' }],
    operators: [{ op: 'FULLY_CONNECTED', inputs: [0, 2, 3], outputs: [4], version: 4 }, { op: 'FULLY_CONNECTED', inputs: [1, 2, 3], outputs: [5], version: 4 }],
    inputs: [0, 1], outputs: [4, 5],
  }));
  const npy = (name: string, data: Int8Array): string => {
    writeFileSync(path.join(box.dir, name), encodeNpy({ dtype: 'int8', shape: [data.length / 4, 1, 4], data }));
    return name;
  };
  const [first, second] = [Int8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), Int8Array.from([-9, -8, -7, -6, -5, -4, -3, -2])];
  const world = { env: box.env, cwd: box.dir };
  const files = [npy('1.npy', first), npy('2.npy', second)];
  for (const inputs of [[`a=${files[0]}`, `a=b=${files[1]}`], [`a=b=${files[1]}`, `a=${files[0]}`]]) {
    const args = inputs.flatMap((input) => ['--input', input]);
    const { code, stderr } = await hil(['reference', model, ...args, '--out', box.out], world);
    t.equal(code, 0, stderr);
    const read = (name: string): number[] => [...new Int8Array(bytesOf(parseNpy(readFileSync(path.join(box.out, readIndex(box.out).tensors.find((tensor) => tensor.name === name)?.file ?? ''))).data))];
    t.same(read('a'), [...first]);
    t.same(read('a=b'), [...second]);
    t.notSame(read('ya'), read('yb'));
    t.equal((await hil(['check', model, ...args, '--device', 'host', '--out', path.join(box.dir, 'check')], world)).code, 0, 'check takes them too');
  }
  for (const [inputs, says] of [
    [['--input', files[0]], /the model has 2 inputs, so "input" must name a file for each/], [['--input', `a=${files[0]}`], /no file for the model's input "a=b"/],
    [['--input', `a=${files[0]}`, '--input', `a=b=${npy('3.npy', new Int8Array(12))}`], /holds 2 samples and 3\.npy 3/],
    [['--input', `a=${files[0]}`, '--input', `c=${files[1]}`], /the model has no input "c"/],
    [['--input', `a=${files[0]}`, '--input', `a=${files[1]}`], /there is another file for the input "a"/],
    [['--input', files[0], '--input', files[1]], /several files need names/],
  ] as [string[], RegExp][]) {
    const { code, stderr } = await hil(['reference', model, ...inputs, '--out', path.join(box.dir, 'none')], world);
    t.equal(code, 2);
    t.match(stderr, says);
  }
});
