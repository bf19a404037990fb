/** C of the operator cases for the cores, whose instructions no host has: no warning, as C and as C++. What it computes there, the runs on the emulated cores tell. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import PQueue from 'p-queue';
import t from 'tap';
import { generateC } from '../../harness/codegen/index.ts';
import { CORES, GCC, GXX, STRICT, type Core } from '../../harness/codegen/testing/cores.ts';
import { AGENT_INCLUDE, WARNINGS } from '../../harness/codegen/testing/native.ts';
import { FAMILIES } from './cases/index.ts';
import { prepareCase, type PreparedCase } from './prepared.ts';

/** Every such case of a family; neighbours are of the same operator. */
const STRIDE = 8;
/** Networks that are compiled as one file. */
const PACK = 40;
const ON: readonly Core[] = ['m0', 'm4', 'm55'];
/** C++ has no designators out of order, and g++ warns of those left out. */
const COMPILERS = [[GCC, ['-std=c99', '-Wstrict-prototypes']], [GXX, ['-x', 'c++', '-std=c++20', '-Wno-missing-field-initializers']]] as const;

t.setTimeout(280_000);
const found = await Promise.all(COMPILERS.map(([compiler]) => execa(compiler, ['--version'], { reject: false })));
const skip = found.every(({ exitCode }) => exitCode === 0) ? false : `${GCC} or ${GXX} is not installed`;
const queue = new PQueue({ concurrency: availableParallelism() });

/** What the compilers say of the C of these cases: '' where it is clean. */
async function complaints(cases: readonly PreparedCase[], core: Core, tamper = (text: string): string => text): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hil-cross-'));
  try {
    const networks = cases.map(({ model }, k) => generateC(model, { name: `g${k}`, core: `cortex-${core}` }));
    for (const { files } of networks) for (const [name, text] of files) await writeFile(join(folder, name), tamper(text));
    const all = join(folder, 'all.c');
    await writeFile(all, networks.flatMap(({ manifest }) => manifest.build.sources.map((source) => `#include "${source}"\n`)).join(''));
    const said: string[] = [];
    for (const [compiler, flags] of COMPILERS) {
      const { stderr } = await execa(compiler, [...CORES[core], ...WARNINGS, ...STRICT, ...flags, '-fsyntax-only', '-fmax-errors=3', '-I', AGENT_INCLUDE, '-I', folder, all], { reject: false });
      said.push(stderr.replaceAll(`${folder}/`, ''));
    }
    return said;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

for (const [family, cases] of Object.entries(FAMILIES)) {
  t.test(family, { skip }, async (t) => {
    const sample = cases.filter((_, k) => k % STRIDE === 0).map(prepareCase);
    const packs = Array.from({ length: Math.ceil(sample.length / PACK) }, (_, k) => sample.slice(k * PACK, (k + 1) * PACK));
    const jobs = ON.flatMap((core) => packs.map((pack) => ({ core, pack })));
    const outcomes = await Promise.all(jobs.map(({ core, pack }) => queue.add(() => complaints(pack, core))));
    jobs.forEach(({ core, pack }, k) => t.same(outcomes[k], ['', ''], `${core}: ${pack.length} cases from ${pack[0]?.one.name}`));
  });
}

t.test('a cast that a Cortex-M0 traps on is seen', { skip }, async (t) => {
  const [one] = Object.values(FAMILIES).flat();
  if (one === undefined) return t.fail('no case');
  const wrong = '\nstatic inline unsigned word_at(const char *at)\n{\n  return *(const unsigned *)at;\n}\n';
  const said = await complaints([prepareCase(one)], 'm0', (text) => text.replace('#include "g0_layers.h"\n', (include) => `${include}${wrong}`));
  t.match(said[0], /cast increases required alignment/);
});
