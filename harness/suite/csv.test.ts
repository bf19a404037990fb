import fc from 'fast-check';
import t from 'tap';
import { parseCsv } from './csv.ts';
import { FormatError } from './npy.ts';

const parse = (text: string): ReturnType<typeof parseCsv> => parseCsv(new TextEncoder().encode(text));

t.test('rows are samples; header, comments, empty lines and CRLF are understood', async (t) => {
  const array = parse('# made by hand\r\nspeed, load\r\n1.5, -2e3\r\n\r\n.5, 4\r\n');
  t.same(array.shape, [2, 2]);
  t.same([...array.data], [1.5, -2000, 0.5, 4]);
  t.equal(array.anyInteger, false);
});

t.test('whole numbers alone are told apart, for they are codes', async (t) => {
  t.equal(parse('1,2\n-3,+4').anyInteger, true);
  t.equal(parse('1,2\n-3,4.0').anyInteger, false);
  t.equal(parse('').anyInteger, false);
});

t.test('semicolons and tabs', async (t) => {
  t.same(parse('1;2\n3;4').shape, [2, 2]);
  t.same(parse('1\t2').shape, [1, 2]);
  t.same(parse('7').shape, [1, 1]);
});

t.test('errors say where', async (t) => {
  t.throws(() => parse('1,2\n3,x'), { name: 'FormatError', message: /line 2, column 2: "x" is no number/ });
  t.throws(() => parse('1,2\n\n3'), { message: /line 3 has 1 columns, the lines before it 2/ });
  t.throws(() => parse('a,b\nc,d'), { message: /line 2, column 1: "c" is no number/ });
  t.throws(() => parse('1,2\n0x10,3'), { message: /line 2, column 1/ });
  t.throws(() => parse('1,,2'), { message: /column 2: "" is no number/ });
  t.throws(() => parseCsv(Uint8Array.from([0xff, 0xfe])), { message: /UTF-8/ });
});

t.test('words for not-a-number are read, for the loader to refuse with their place', async (t) => {
  t.same([...parse('nan,-inf,1.0').data], [Number.NaN, -Infinity, 1]);
});

t.test('any text is read or refused', async () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('1', ',', '\n', '.', 'e', '-', ';', 'x', ' ', '#', '\t') }), (text) => {
    try {
      const array = parse(text);
      return array.data.length === (array.shape[0] ?? 0) * (array.shape[1] ?? 0);
    } catch (error) {
      return error instanceof FormatError;
    }
  }), { numRuns: 2000 });
});
