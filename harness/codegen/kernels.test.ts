/** Kernel headers can be used together in any mix: no two define the same name, and each compiles by itself, as C and as C++. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import t from 'tap';
import { kernelFiles } from './kernels.ts';
import { WARNINGS } from './testing/native.ts';

const folder = fileURLToPath(new URL('../../firmware/kernels/', import.meta.url));
const headers = readdirSync(folder).filter((name) => name.endsWith('.h'));
/** Intrinsics that no host has, and the text that is included once a type with its macros set. */
const NOT_ALONE = /^(nn_mve_.*|nn_products\.h)$/;

t.setTimeout(120_000);

t.test('no name is defined by two headers', async (t) => {
  const owners = new Map<string, Set<string>>();
  for (const header of headers) {
    const text = readFileSync(join(folder, header), 'utf8');
    for (const [, name = ''] of text.matchAll(/^(?:static|NN_[A-Z_]+)\b[^;={}]*?\b(nn_[a-z0-9_]+)\(/gm)) owners.set(name, (owners.get(name) ?? new Set()).add(header));
    // A macro that is undefined again at the end of its file is nobody else's business.
    for (const [, name = ''] of text.matchAll(/^#define (NN_[A-Z0-9_]+)/gm)) if (!text.includes(`#undef ${name}\n`)) owners.set(name, (owners.get(name) ?? new Set()).add(header));
    for (const [, name = ''] of text.matchAll(/^} (nn_[a-z0-9_]+);/gm)) owners.set(name, (owners.get(name) ?? new Set()).add(header));
  }
  t.ok(owners.size > 100, `${owners.size} names`);
  t.same([...owners].filter(([, files]) => files.size > 1).map(([name, files]) => `${name}: ${[...files].join(', ')}`), []);
});

t.test('each header brings what it needs', async (t) => {
  for (const header of headers.filter((name) => !NOT_ALONE.test(name))) {
    for (const [compiler, flags] of [['gcc', ['-std=c99', '-x', 'c']], ['g++', ['-std=c++20', '-x', 'c++', '-Wno-missing-field-initializers']]] as const) {
      const { exitCode, stderr } = await execa(compiler, [...WARNINGS, '-Wno-unused-function', ...flags, '-fsyntax-only', '-I', folder, '-'], { input: `#include "${header}"\n`, reject: false });
      t.equal(exitCode, 0, `${header} ${compiler}: ${stderr.slice(0, 400)}`);
    }
    t.ok(kernelFiles([header]).has(header));
  }
});
