import t from 'tap';
import { bounded, isToolFailure, missingLibrary, orderDiagnostics } from './diagnostics.ts';

t.test('errors first, each with its context, then the warnings', async (t) => {
  const { text, errors } = orderDiagnostics([
    "net.c: In function 'f':", "net.c:3:7: warning: unused variable 'x' [-Wunused-variable]", '    3 |   int x;', '      |       ^',
    'In file included from net.c:1:', "h.h:2:1: error: unknown type name 'foo'", '    2 | foo y;', "net.c:9:2: note: declared here", "net.c:12:1: error: second",
  ].join('\n'));
  t.match(text, /^In file included from net\.c:1:\nh\.h:2:1: error: unknown.*\n.*\nnet\.c:9:2: note.*\nnet\.c:12:1: error: second\nnet\.c: In function/);
  t.same(errors, [{ file: 'h.h', line: 2, message: "unknown type name 'foo'" }, { file: 'net.c', line: 12, message: 'second' }]);
});

t.test('bounded', async (t) => {
  t.match(bounded('x'.repeat(5000)), /^x{4000}\n\.\.\. \(1000 more characters\)$/);
  t.equal(bounded('short'), 'short');
});

t.test('whose fault: tool or program', async (t) => {
  for (const tool of [
    'net.c:5:1: internal compiler error: Segmentation fault', 'gcc: fatal error: Killed signal terminated program cc1',
    'net.c:5:1: fatal error: error writing to /tmp/x.s: No space left on device', '/usr/bin/ld: final link failed: No space left on device',
    'cc1: out of memory\nvirtual memory exhausted: Cannot allocate memory',
  ]) t.equal(isToolFailure(tool), true, tool);
  for (const program of [
    'net.c:1:2: error: #error internal compiler error: x', '    1 | x: internal compiler error: y',
    'net.c:1:10: fatal error: No space left on device: No such file or directory', "net.c:1:1: warning: x: No space left on device",
  ]) t.equal(isToolFailure(program), false, program);
});

t.test('a missing C library', async (t) => {
  t.equal(missingLibrary('agent.c:1:10: fatal error: string.h: No such file or directory'), 'string.h');
  t.equal(missingLibrary("arm-none-eabi-gcc: fatal error: cannot read spec file 'nano.specs': No such file"), 'nano.specs');
  t.equal(missingLibrary('/usr/bin/ld: cannot find crt1.o: No such file or directory'), 'crt1.o');
  t.equal(missingLibrary('net.c:1:10: fatal error: my_string.h: No such file or directory'), null);
  t.equal(missingLibrary("undefined reference to `f'"), null);
});
