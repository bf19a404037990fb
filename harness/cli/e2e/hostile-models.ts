import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Test } from 'tap';
import type { ModelDescription } from '../../model/writer/index.ts';
import type { HilRun } from './hil.ts';

/** Names that try to act in C, a path, HTML, XML, TAP, Markdown, a terminal or a CI log. */
export const HOSTILE: readonly string[] = [
  '*/ #error pwned /*', 'two\nlines', '../../x', '</script><script>alert(1)</script>', '::error::pwned', '\n::error file=a::pwned', '\u001b[31mred\u001b]0;title\u0007',
  `"double" 'single' \`back\``, 'back\\slash\\', '%0A::error::pwned', ']]><failure/>', '-- <!-- -->', '\u202egnp.exe', 'nul\0byte', '| pipe | **bold** |',
  '##[error]pwned', 'ok 1 # SKIP really', '$(touch pwned); touch pwned', '<img src=x onerror=alert(1)>', '\u009b31m', '__proto__', 'L'.repeat(10_240),
];

const quantisation = { scale: 0.05, zeroPoint: -3 };

/** A chain of small layers, each of whose tensors has a hostile name; input and output have them all. */
export function hostileModel(): ModelDescription {
  const all = HOSTILE.slice(0, -1).join(' ');
  const tensors: ModelDescription['tensors'][number][] = [{ name: `in ${all}`, dtype: 'int8', shape: [1, 4], quantisation }];
  const operators: ModelDescription['operators'][number][] = [];
  for (const [i, name] of HOSTILE.entries()) {
    const first = tensors.length;
    tensors.push({ name: `${name}w`, dtype: 'int8', shape: [4, 4], quantisation: { scale: 0.02 }, data: Array.from({ length: 16 }, (_, k) => ((k * 37 + i * 11) % 200) - 100) },
      { name: `${name}b`, dtype: 'int32', shape: [4], quantisation: { scale: 0.001 }, data: [10, -20, 30, -40] },
      { name: i === HOSTILE.length - 1 ? `out ${all}` : name, dtype: 'int8', shape: [1, 4], quantisation });
    operators.push({ op: 'FULLY_CONNECTED', inputs: [first === 1 ? 0 : first - 1, first, first + 1], outputs: [first + 2], version: 4 });
  }
  return { description: all, tensors, operators, inputs: [0], outputs: [tensors.length - 1] };
}

/** One operator that nobody knows, with a name to remember. */
export function customModel(custom: string): ModelDescription {
  return {
    tensors: [{ name: 'x', dtype: 'int8', shape: [1, 4], quantisation }, { name: 'y', dtype: 'int8', shape: [1, 4], quantisation }],
    operators: [{ op: { custom }, inputs: [0], outputs: [1] }], inputs: [0], outputs: [1],
  };
}

/** Those that hold more than what a comment may show. */
const ACTIVE = HOSTILE.filter((name) => /[^A-Za-z0-9 _.:/-]/.test(name));

/** C0 but the newline, DEL, C1, bidirectional and invisible marks: what must reach no terminal and no generated file. */
// eslint-disable-next-line no-control-regex
const ACTING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** What a terminal or a CI runner would obey. */
export function harmless(t: Test, run: Pick<HilRun, 'stdout' | 'stderr'>): void {
  for (const [stream, text] of Object.entries({ stdout: run.stdout, stderr: run.stderr })) {
    t.notMatch(text, ACTING, `no control character on ${stream}`);
    t.notMatch(text, /^\s*::/m, `no workflow command on ${stream}`);
    t.notMatch(text, /##\[|##vso\[|##teamcity\[/, `no logging command on ${stream}`);
  }
}

/** Every file below a folder, as paths below it. */
export function filesOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name))).sort();
}

/** The C that hil wrote: plain text, with names in comments only, and of them only what cannot act. */
export function plainC(t: Test, dir: string): void {
  const files = filesOf(dir).filter((file) => /\.[ch]$/.test(file));
  t.ok(files.length > 5, files.join(' '));
  for (const file of files) {
    const text = readFileSync(path.join(dir, file), 'utf8');
    // eslint-disable-next-line no-control-regex
    t.notMatch(text, /[^\n\x20-\x7e]/, `${file} is ASCII`);
    t.same(ACTIVE.filter((name) => text.includes(name)), [], `${file} holds no name as it is`);
    t.notMatch(text, /LLLLL{80}|\?\?\//, `${file}: nothing overlong, no trigraph`);
    t.same(text.match(/\*\//g)?.length, text.match(/\/\*/g)?.length, `${file}: each comment ends once`);
  }
}
