import { execa } from 'execa';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { parseElf } from './elf.ts';
import { preloadArea, symbolValues } from './elf-symbols.ts';

const dir = await mkdtemp(join(tmpdir(), 'hil-symbols-'));
t.teardown(() => rm(dir, { recursive: true, force: true }));
const source = join(dir, 'a.c');
await writeFile(source, 'int one(void){return 1;} int _start(void){return one();}');
const compiled = async (compiler: string, flags: readonly string[]): Promise<Uint8Array | null> => {
  const out = join(dir, `${compiler}${flags.length}`);
  const { failed } = await execa(compiler, [source, '-nostdlib', '-nostartfiles', '-static', ...flags, '-o', out], { reject: false });
  return failed ? null : readFile(out);
};
const low = '-Wl,--defsym=__hil_preload_low=0x2000';
const files = await Promise.all(['arm-none-eabi-gcc', 'gcc'].map(async (compiler) => [compiler, await compiled(compiler, []), await compiled(compiler, [low, '-Wl,--defsym=__hil_preload_high=0x6000']),
  await compiled(compiler, [low, '-Wl,--defsym=__hil_preload_high=0x2000', '-g']), await compiled(compiler, [low, '-Wl,--defsym=__hil_preload_high=0x1000', '-g', '-O1'])] as const));

for (const [compiler, plain, with16k, empty, reversed] of files) {
  t.test(compiler, { skip: plain === null ? `needs ${compiler}` : false }, async (t) => {
    const symbols = symbolValues(parseElf(plain as Uint8Array), ['one', '_start', 'none', 'ne']);
    t.same([...symbols.keys()].sort(), ['_start', 'one'], 'neither a missing name nor the tail of another');
    t.equal(symbols.get('_start'), parseElf(plain as Uint8Array).entry);
    t.equal(preloadArea(plain as Uint8Array), null);
    t.same(preloadArea(with16k as Uint8Array), { address: 0x2000, bytes: 0x4000 });
    t.equal(preloadArea(empty as Uint8Array), null);
    t.throws(() => preloadArea(reversed as Uint8Array), { code: 'build.bad-elf' });
  });
}
