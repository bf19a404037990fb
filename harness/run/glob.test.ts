import fc from 'fast-check';
import t from 'tap';
import { matchesGlob } from './glob.ts';

t.test('globs', async (t) => {
  for (const [pattern, text] of [['conv*', 'conv'], ['conv*', 'conv2d/Relu;x'], ['*CONV_2D', 'DEPTHWISE_CONV_2D'], ['*', ''], ['a?c', 'abc'], ['a*b*c', 'aXbbYbZc'], ['', ''], ['?', '💡'], ['a.c', 'a.c'], ['**', 'x']] as const) t.ok(matchesGlob(pattern, text), `${pattern} ${text}`);
  for (const [pattern, text] of [['conv*', 'xconv'], ['*CONV_2D', 'CONV_2DX'], ['a?c', 'ac'], ['a.c', 'abc'], ['', 'x'], ['?', ''], ['a*b', 'a'], ['CONV', 'conv']] as const) t.notOk(matchesGlob(pattern, text), `${pattern} ${text}`);
});

t.test('as a regular expression says, and in no time', async (t) => {
  const chars = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(fc.property(chars, chars, (pattern, text) => matchesGlob(pattern, text) === new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`).test(text)), { numRuns: 2000 });
  const started = performance.now();
  t.notOk(matchesGlob('*a'.repeat(100) + 'b', 'a'.repeat(10_000)));
  t.ok(performance.now() - started < 2000);
});
