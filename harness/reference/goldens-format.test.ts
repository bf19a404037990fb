import t from 'tap';
import { parseModel } from '../model/index.ts';
import { smallModel } from '../model/writer/samples.ts';
import { writeModel } from '../model/writer/index.ts';
import { compareWithGoldens, prepareReference, readGoldens } from './index.ts';

const model = parseModel(writeModel(smallModel()));
const input = { index: 0, opIndex: null, op: null, role: 'input', name: 'x', shape: [1, 4], dtype: 'int8', offset: 0, bytes: 4 };
const output = { index: 3, opIndex: 0, op: 'FULLY_CONNECTED', role: 'output', name: 'y', shape: [1, 3], dtype: 'int8', offset: 8, bytes: 3 };
const json = { model: 'small', sha256: model.sha256, case: 'one', invocations: 2, invocationBytes: 16, tensors: [input, output] };
const bytes = new Uint8Array(32);

/** The case as the reference itself computes it. */
function recorded(): Uint8Array {
  const runner = prepareReference(model);
  const file = new Uint8Array(32);
  [0, 1].forEach((invocation) => {
    const codes = Int8Array.of(1, 2, 3, 4 + invocation);
    runner.tensors[0]!.set(codes as never);
    runner.invoke();
    file.set(new Uint8Array(codes.buffer), invocation * 16);
    file.set(new Uint8Array((runner.tensors[3] as Int8Array).buffer), invocation * 16 + 8);
  });
  return file;
}

t.test('equal where it is equal, and one changed element is found', async (t) => {
  const file = recorded();
  t.match(compareWithGoldens(prepareReference(model), readGoldens(json, file)), { invocations: 2, compared: 14, mismatched: 0, first: null });
  const at = 16 + 8 + 1;
  file[at] = (file[at]! + 1) & 0xff;
  t.match(compareWithGoldens(prepareReference(model), readGoldens(json, file)), { compared: 14, mismatched: 1, first: { invocation: 1, element: 1, tensor: { index: 3 } } });
});

t.test('a Buffer out of a pool reads like plain bytes', async (t) => {
  const pooled = Buffer.from(recorded());
  t.equal(compareWithGoldens(prepareReference(model), readGoldens(json, pooled)).mismatched, 0);
});

t.test('damaged files are refused by field', async (t) => {
  const refused = (change: object, file: Uint8Array, message: RegExp): void => {
    t.throws(() => readGoldens({ ...json, ...change }, file), { kind: 'config', code: 'goldens.invalid', message });
  };
  refused({}, bytes.subarray(1), /invocations: 2 of 16 bytes, the file has 31/);
  refused({ invocations: -1 }, bytes, /invocations: -1 is no count/);
  refused({ tensors: {} }, bytes, /tensors: not a list/);
  refused({ tensors: [{ ...input, offset: 13 }] }, bytes, /tensors\[0\]: 4 bytes at 13 leave an invocation of 16/);
  refused({ tensors: [{ ...input, role: 'weights' }] }, bytes, /tensors\[0\]\.role: weights is no role/);
  refused({ tensors: [{ ...input, shape: [1.5] }] }, bytes, /tensors\[0\]\.shape\[0\]/);
  t.throws(() => readGoldens(null, bytes), { message: /goldens: not an object/ });
  const goldens = readGoldens(json, bytes);
  t.throws(() => goldens.read(2, goldens.tensors[0]!), RangeError);
});

t.test('a case of another model, or of other tensors, is refused', async (t) => {
  const runner = prepareReference(model);
  t.throws(() => compareWithGoldens(runner, readGoldens({ ...json, sha256: '00' }, bytes)), { code: 'goldens.invalid', message: /of model 00/ });
  t.throws(() => compareWithGoldens(runner, readGoldens({ ...json, tensors: [{ ...input, index: 99 }] }, bytes)), { message: /no tensor 99/ });
  t.throws(() => compareWithGoldens(runner, readGoldens({ ...json, tensors: [{ ...input, bytes: 3 }] }, bytes)), { message: /tensor 0 is int8, 4 bytes, not int8, 3/ });
});
