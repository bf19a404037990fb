import fc from 'fast-check';
import t from 'tap';
import { LineSplitter, MAX_LINE_BYTES, type Line } from './line-splitter.ts';
import { bracketed, bufferBytes, findMessage, lapBetween, lapUs, results } from './replies.ts';

function split(pieces: readonly Uint8Array[], limit?: number): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), limit);
  for (const piece of pieces) splitter.take(piece);
  return lines;
}

t.test('lines are the same however the bytes come', async (t) => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(300), { maxLength: 10 }), (bytes, cuts) => {
    const at = [0, ...cuts.filter((cut) => cut <= bytes.length).sort((a, b) => a - b), bytes.length];
    const pieces = at.slice(1).map((end, k) => bytes.subarray(at[k], end));
    t.strictSame(split(pieces), split([bytes]));
  }), { numRuns: 200 });
  t.strictSame(split([Buffer.from('a\r\n\0b\n\nc')]).map((line) => line.text), ['a', 'b', '']);
});

t.test('a line without end costs its limit and no more', async (t) => {
  const lines = split([Buffer.alloc(3 * MAX_LINE_BYTES, 0x61), Buffer.from('b\nnext\n')]);
  t.equal(lines[0]?.text.length, MAX_LINE_BYTES);
  t.equal(lines[0]?.cut, true);
  t.strictSame(lines[1], { text: 'next', cut: false });
});

t.test('any text whatever is read without a throw, and numbers that come out are finite', async (t) => {
  const pieces = fc.constantFrom('m-results-[', ']', '0.1', ',', 'm-', 'm-ready', 'e-[', 'nan', '1e999', '1e-999', '%', ' ', 'm-lap-us-', '99999999999999999999', 'm-buffer-', '0a', '-', 'm-name-dut-[', '\xff');
  fc.assert(fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 6 })), { maxLength: 12 }), (parts) => {
    const { before, message } = findMessage(parts.join(''));
    t.ok(parts.join('').startsWith(before));
    if (message === null) return;
    const found = results(message);
    if (found?.kind === 'numbers') t.ok(found.numbers.length > 0 && found.numbers.every(({ value, step }) => Number.isFinite(value) && Number.isFinite(step)), message);
    lapUs(message);
    t.ok((bufferBytes(message)?.length ?? 1) <= 8);
    bracketed(message, 'm-name-dut-[');
  }), { numRuns: 1000 });
});

t.test('messages', async (t) => {
  t.strictSame(findMessage('name%m-name-dut-[x]'), { before: 'name%', message: 'm-name-dut-[x]' });
  t.strictSame(findMessage('\xffm-ready '), { before: '\xff', message: 'm-ready' });
  t.equal(findMessage('m-ready?').message, null);
  t.equal(findMessage('the-[x]').message, null);
  t.equal(bracketed('m-model-[ad01]', 'm-model-['), 'ad01');
  t.equal(bracketed('m-model-[ad0', 'm-model-['), null);
  t.equal(lapUs('m-lap-us-12x'), null);
  t.equal(lapBetween(5, 3), 2 ** 32 - 2);
  t.strictSame(bufferBytes('m-buffer-00-fF'), Uint8Array.of(0, 255));
  for (const wrong of ['m-buffer-', 'm-buffer-0', 'm-buffer-00-', 'm-buffer-00-11-22-33-44-55-66-77-88', 'm-buffer-0g']) t.equal(bufferBytes(wrong), null, wrong);
});

t.test('results', async (t) => {
  for (const damaged of ['m-results-[]', 'm-results-[0.1', 'm-results-[0.1,,0.2]', 'm-results-[0.1,0.0-1]', 'm-results-[1.2.3]', 'm-results-[0x10]', 'm-results-[,]', 'm-results-[1e999]']) {
    t.equal(results(damaged)?.kind, 'damaged', damaged);
  }
  t.equal(results('m-results-[0.1,nan]')?.kind, 'not-finite');
  t.equal(results('m-infer-done'), null);
});
