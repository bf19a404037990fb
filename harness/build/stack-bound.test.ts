import t from 'tap';
import { LIBRARY_STACK_BYTES, stackBound } from './stack-bound.ts';

const node = (title: string, frame: string): string => `node: { title: "${title}" label: "${title}\\nx.c:1:1\\n${frame}" }`;
const edge = (from: string, to: string): string => `edge: { sourcename: "${from}" targetname: "${to}" label: "x.c:2:3" }`;
const graph = (...lines: string[]): string => ['graph: { title: "x.c"', ...lines, '}'].join('\n');

t.test('the deepest chain, over several files', async (t) => {
  const a = graph(node('invoke', '8 bytes (static)'), node('layer0', '16 bytes (static)'), node('layer1', '24 bytes (static)'), edge('invoke', 'layer0'), edge('invoke', 'layer1'), edge('layer0', 'kernel'));
  const b = graph(node('kernel', '100 bytes (static)'), node('unused', '1000 bytes (static)'));
  t.same(stackBound([a, b], 'invoke'), { bytes: 124, why: 'invoke > layer0 > kernel' });
  t.same(stackBound([a, b], 'nothing of this name'), { bytes: 1000, why: 'unused' }, 'else all that nothing calls');
});

t.test('library functions have an allowance', async (t) => {
  const text = graph(node('f', '8 bytes (static)'), 'node: { title: "memcpy" label: "__builtin_memcpy\\n<built-in>" shape : ellipse }', edge('f', 'memcpy'));
  t.same(stackBound([text], 'f'), { bytes: 8 + LIBRARY_STACK_BYTES, why: 'f > memcpy' });
});

t.test('a call through a pointer reaches what nothing else calls', async (t) => {
  const text = graph(node('net_invoke', '8 bytes (static)'), node('net.c:run', '16 bytes (static)'), node('net.c:one', '32 bytes (static)'), node('net.c:two', '64 bytes (static)'), node('net.c:entry', '8 bytes (static)'),
    edge('net_invoke', 'net.c:run'), edge('net.c:run', '__indirect_call'), edge('net.c:entry', 'net_invoke'));
  t.same(stackBound([text], 'net_invoke'), { bytes: 8 + 16 + 64, why: 'net_invoke > net.c:run > net.c:two' });
});

t.test('what has no bound', async (t) => {
  t.match(stackBound([graph(node('f', '8 bytes (static)'), edge('f', 'f'))], 'f'), { bytes: null, why: /f calls itself/ });
  t.match(stackBound([graph(node('f', '8 bytes (static)'), node('g', '8 bytes (static)'), edge('f', 'g'), edge('g', 'f'))], 'x'), { bytes: null, why: /recursion/ });
  t.match(stackBound([graph(node('f', '8 bytes (static)'), edge('f', '__indirect_call'))], 'f'), { bytes: null, why: /through a pointer/ });
  t.match(stackBound([graph(node('f', '8 bytes (dynamic)'))], 'f'), { bytes: null, why: /no fixed size/ });
  t.match(stackBound([], 'f'), { bytes: null, why: /no call graph/ });
});
