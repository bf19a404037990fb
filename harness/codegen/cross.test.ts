/** Generated C for the cores: clean under all warnings, no heap, no libm, nothing but memcpy, memset and compiler helpers undefined. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import PQueue from 'p-queue';
import t from 'tap';
import type { Model } from '../model/graph.ts';
import { parseModel } from '../model/index.ts';
import { smallModel } from '../model/writer/samples.ts';
import { writeModel } from '../model/writer/index.ts';
import { generateC, networkNameFrom, type GeneratedNetwork } from './index.ts';
import { CORES, GCC, STRICT, type Core } from './testing/cores.ts';
import { ENGINE_ROM, SHARED } from './testing/goldens.ts';
import { compileObjects, writeFolder } from './testing/native.ts';
import { rawConstants } from './testing/raw-constants.ts';

/** The level that hil builds with on all cores; the others where the kernels differ most. */
const LEVELS: Readonly<Record<string, readonly (readonly string[])[]>> = { m0: [['-Os', '-std=c11'], ['-O3', '-std=c99']], m55: [['-Os', '-std=c11'], ['-O3', '-std=c99']] };
const DEFAULT_LEVEL = ['-O2', '-std=c99'];
const ALLOWED = /^(memcpy|memset|memmove|__aeabi_[a-z0-9_]+|__gnu_thumb1_case_[a-z]+)$/;
/** What the compiler may lose between arena and state arrays, bytes. */
const PADDING = 16;
/** Ways to read a word where none may begin; a Cortex-M0 traps. */
const UNALIGNED = /__attribute__[^\n;]*\b(packed|may_alias)\b|\b__packed\b|#pragma pack/;
/** What kernels may add to weights and biases: multiplier, shift and a folded zero point for each output channel, tables of 256 codes. */
const OVERHEAD = { share: 0.15, bytes: 2048 };

interface Subject { readonly model: Model; readonly name: string }
interface Build {
  readonly network: GeneratedNetwork;
  readonly objects: number;
  /** Of nm: kind letter and name, in order. */
  readonly symbols: readonly { readonly kind: string; readonly name: string; readonly bytes: number }[];
  readonly size: { readonly text: number; readonly data: number; readonly bss: number };
  /** Attributes of the objects, as readelf names them. */
  readonly attributes: string;
}

t.setTimeout(280_000);
const found = await execa(GCC, ['--version'], { reject: false });
const skip = found.exitCode === 0 ? false : `${GCC} is not installed`;

const files = [
  ...['hello_world_int8', 'trained_lstm_int8', 'ad01_int8', 'kws_ref_model', 'pretrainedResnet_quant', 'vww_96_int8'].map((name) => join(SHARED, 'models', `${name}.tflite`)),
  join(ENGINE_ROM, 'model/engine_rom_int8.tflite'),
].filter((file) => existsSync(file));
const subjects: readonly Subject[] = [
  ...files.map((file) => ({ name: networkNameFrom(basename(file)), model: parseModel(readFileSync(file)) })),
  { name: 'small', model: parseModel(writeModel(smallModel())) },
];
const queue = new PQueue({ concurrency: availableParallelism() });

async function build({ model, name }: Subject, core: Core, level: readonly string[]): Promise<Build> {
  const network = generateC(model, { name, core: `cortex-${core}` });
  const folder = await writeFolder(network.files);
  try {
    const objects = await compileObjects(GCC, folder.path, network.manifest, [...CORES[core], ...STRICT, '-Wstrict-prototypes', '-ffreestanding', ...level], 'x');
    const nm = await execa('arm-none-eabi-nm', ['-S', ...objects]);
    const symbols = [...nm.stdout.matchAll(/^(?:[0-9a-f]{8})? *([0-9a-f]{8})? +([A-Za-z]) (\S+)$/gm)].map(([, bytes, kind = '', symbol = '']) => ({ kind, name: symbol, bytes: Number.parseInt(bytes ?? '0', 16) }));
    // Beside the functions that show a network to hil, which a product leaves out.
    const size = await execa('arm-none-eabi-size', ['-t', ...objects.filter((object) => !object.includes('_hil.c'))]);
    const [text = 0, data = NaN, bss = 0] = (size.stdout.trim().split('\n').at(-1) ?? '').trim().split(/\s+/).map(Number);
    const attributes = (await execa('arm-none-eabi-readelf', ['-A', ...objects])).stdout;
    return { network, objects: objects.length, symbols, size: { text, data, bss }, attributes };
  } finally {
    await folder.remove();
  }
}

for (const core of Object.keys(CORES) as Core[]) {
  t.test(core, { skip }, async (t) => {
    const jobs = subjects.flatMap((subject) => [DEFAULT_LEVEL, ...(LEVELS[core] ?? [])].map((level) => ({ subject, level })));
    const builds = await Promise.all(jobs.map(async ({ subject, level }) => ({ subject, what: `${subject.name} ${core} ${level[0]}`, built: await queue.add(() => build(subject, core, level)) })));
    for (const { subject, what, built: { network: { manifest, files }, objects, symbols, size, attributes } } of builds) {
      t.equal(objects, manifest.build.sources.length);
      const defined = new Set(symbols.filter(({ kind }) => kind !== 'U').map(({ name }) => name));
      t.ok(defined.has(manifest.symbol), `${what}: the network object is there`);
      t.same(symbols.filter(({ kind, name }) => kind === 'U' && !defined.has(name) && !ALLOWED.test(name)).map(({ name }) => name), [], `${what} needs nothing else`);
      t.same(symbols.filter(({ kind, name }) => /[A-TV-Z]/.test(kind) && !name.startsWith(`${manifest.name}_`)).map(({ name }) => name), [], `${what}: every global symbol has the prefix`);
      t.equal(size.data, 0, `${what}: nothing is copied to RAM at start-up`);
      const { arenaBytes, stateBytes, constantBytes } = manifest.memory;
      const ram = arenaBytes + stateBytes;
      t.ok(size.bss >= ram && size.bss < ram + PADDING, `${what}: RAM is arena and state: ${size.bss}, ${ram}`);
      const raw = rawConstants(subject.model);
      t.ok(constantBytes <= raw * (1 + OVERHEAD.share) + OVERHEAD.bytes, `${what}: ${constantBytes} bytes of constants, ${raw} in the model`);
      t.ok(size.text >= constantBytes, `${what}: the manifest says no more than there is`);
      if (core === 'm0') {
        t.notMatch(attributes, /Tag_CPU_unaligned_access/, `${what}: no access that is not aligned`);
        t.same([...files].filter(([name, text]) => /\.[ch]$/.test(name) && UNALIGNED.test(text)).map(([name]) => name), [], `${what}: none by a trick either`);
      }
      t.comment(`${what}: code ${size.text - constantBytes}, constants ${constantBytes} (raw ${raw}), RAM ${size.bss}`);
    }
  });
}
