/** Generated C for the cores: clean under all warnings, no heap, no libm, nothing but memcpy, memset and compiler helpers undefined. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { smallModel } from '../model/writer/samples.ts';
import { writeModel } from '../model/writer/index.ts';
import { generateC, type GeneratedNetwork } from './index.ts';
import { ENGINE_ROM, SHARED } from './testing/goldens.ts';
import { compileObjects, writeFolder } from './testing/native.ts';

const CORES: readonly (readonly [string, readonly string[]])[] = [
  ['m0', ['-mcpu=cortex-m0', '-mthumb']],
  ['m4', ['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=hard', '-mfpu=fpv4-sp-d16']],
  ['m55', ['-mcpu=cortex-m55', '-mthumb', '-mfloat-abi=hard']],
];
const ALLOWED = /^(memcpy|memset|memmove|__aeabi_[a-z0-9_]+|__gnu_thumb1_case_[a-z]+)$/;
/** What the compiler may lose between arena and state arrays, bytes. */
const PADDING = 16;
const GCC = 'arm-none-eabi-gcc';

t.setTimeout(180_000);
const found = await execa(GCC, ['--version'], { reject: false });
const skip = found.exitCode === 0 ? false : `${GCC} is not installed`;

function networks(): GeneratedNetwork[] {
  const files = [
    join(SHARED, 'models/hello_world_int8.tflite'),
    join(SHARED, 'models/trained_lstm_int8.tflite'),
    join(ENGINE_ROM, 'model/engine_rom_int8.tflite'),
  ].filter((file) => existsSync(file));
  const models = [...files.map((file) => readFileSync(file)), writeModel(smallModel())].map((bytes) => parseModel(bytes));
  return models.map((model, i) => generateC(model, { name: `net${i}` }));
}

for (const [core, target] of CORES) {
  t.test(core, { skip }, async (t) => {
    for (const { manifest, files } of networks()) {
      const folder = await writeFolder(files);
      t.teardown(() => folder.remove());
      for (const [tag, flags] of [['Os', ['-std=c99', '-Os']], ['O2', ['-std=c11', '-O2']]] as const) {
        const objects = await compileObjects(GCC, folder.path, manifest, [...target, ...flags, '-ffreestanding', '-Wcast-align', '-Wshadow', '-Wstrict-prototypes'], `${core}.${tag}`);
        t.equal(objects.length, manifest.build.sources.length);
        const { stdout } = await execa('arm-none-eabi-nm', objects);
        const defined = new Set([...stdout.matchAll(/^[0-9a-f]+ [A-TV-Zbdrt] (\S+)$/gm)].map((match) => match[1]));
        const missing = [...stdout.matchAll(/^ +U (\S+)$/gm)].map((match) => match[1] ?? '').filter((symbol) => !defined.has(symbol));
        t.ok(defined.has(manifest.symbol), 'the network object is there');
        t.same(missing.filter((symbol) => !ALLOWED.test(symbol)), [], `${manifest.name} ${core} ${tag} needs nothing else`);
        const exported = [...defined].filter((symbol) => symbol !== undefined && !symbol.startsWith(`${manifest.name}_`));
        t.same([...stdout.matchAll(/^[0-9a-f]+ [A-TV-Z] (\S+)$/gm)].map((match) => match[1]).filter((symbol) => exported.includes(symbol)), [], 'every global symbol has the prefix');
        const size = await execa('arm-none-eabi-size', ['-t', ...objects.filter((object) => !object.includes('_hil.c'))]);
        const [text = '', data = '', bss = ''] = (size.stdout.trim().split('\n').at(-1) ?? '').trim().split(/\s+/);
        t.equal(data, '0', 'nothing is copied to RAM at start-up');
        const ram = manifest.memory.arenaBytes + manifest.memory.stateBytes;
        t.ok(Number(bss) >= ram && Number(bss) < ram + PADDING, `RAM is arena and state: ${bss}, ${ram}`);
        t.comment(`${manifest.name} ${core} ${tag}: text+rodata ${text} (constants ${manifest.memory.constantBytes}), bss ${bss}`);
      }
    }
  });
}
