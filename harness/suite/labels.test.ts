import fc from 'fast-check';
import t from 'tap';
import { HilError } from '../errors.ts';
import { parseLabels, type Labels } from './labels.ts';

const parse = (text: string, samples: number): Labels => parseLabels({ name: 'labels.csv', bytes: Buffer.from(text) }, samples);

t.test('the forms', async (t) => {
  t.same(parse('file,label\na.wav,3\nb.wav,0\n', 2), { files: [{ name: 'a.wav', label: 3 }, { name: 'b.wav', label: 0 }], fileOf: new Int32Array([0, 1]) });
  t.same(parse('# made by hand\r\n\r\nx.bin,12,11\r\n', 1), { files: [{ name: 'x.bin', label: 11 }], fileOf: new Int32Array([0]) }, "MLPerf Tiny's y_labels.csv");
  t.same(parse('a,1\na,1\nb,0\na,1\n', 4).fileOf, new Int32Array([0, 0, 1, 0]), 'several samples of a file');
  t.same(parse('a,2,0,2560,512\nb,2,1,2560,512\n', 6), { files: [{ name: 'a', label: 0 }, { name: 'b', label: 1 }], fileOf: new Int32Array([0, 0, 0, 1, 1, 1]) }, 'windows');
});

t.test('what is refused, with its line', async (t) => {
  for (const [text, samples, message] of [
    ['', 1, /holds no label/], ['file,label\n', 1, /holds no label/], ['a,1\nb,2\n', 3, /2 rows for 3 samples/], ['a,1\nb,2\n', 4, /2 rows for 4 samples/],
    ['a,2,0,1,1\nb,2,0,1,1\n', 5, /2 rows for 5 samples/], ['a,1\nb\n', 2, /line 2 has 1 columns/], ['a,1\nb,x\n', 2, /line 2: "x" is no label/], ['a,1\nb,-1\n', 2, /"-1" is no label/],
    ['a,2,2\n', 1, /line 1: label 2 of "2" classes/], ['a,1\na,2\n', 2, /"a" has label 1 and label 2/], ['a,2,0,1,1\na,2,0,1,1\n', 4, /"a" comes twice/], [',1\n', 1, /name is empty/], ['a\n', 1, /1 columns/],
    ['a,1.5\nb,1\n', 2, /2 samples/],
  ] as const) t.throws(() => parse(text, samples), { kind: 'config', code: 'input.labels', message }, JSON.stringify(text));
  t.throws(() => parseLabels({ name: 'x', bytes: Uint8Array.of(0xff, 0xfe) }, 1), { message: /UTF-8/ });
});

t.test('any bytes: labels of all samples, or one error', async () => {
  const piece = fc.constantFrom('a', 'b', ',', '\n', '1', '0', '#', '\r', 'x,1\n', 'y,2,1\n', '\u{0}');
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (pieces, samples) => {
    try {
      const { files, fileOf } = parse(pieces.join(''), samples);
      return fileOf.length === samples && fileOf.every((at) => files[at] !== undefined);
    } catch (error) {
      return error instanceof HilError && error.kind === 'config';
    }
  }));
});
