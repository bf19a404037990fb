import t from 'tap';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { has } from '../../firmware/agent/fixtures/compile.ts';
import { buildImage } from './build-image.ts';
import { parseElf } from './elf.ts';
import { symbolValues } from './elf-symbols.ts';
import { firmwareDir, loadBoard, userBoardDirs } from './board.ts';
import { tempDir, writeNetwork } from './testing/fixture.ts';

t.setTimeout(120_000);
const hils = await loadBoard('mps2-an386');
const compiler = await has('arm-none-eabi-gcc');

/** A user's board: hil's shared code for an MPS2, and a clock tree of its own. */
async function writeBoard(dir: string, name: string, change: object = {}): Promise<void> {
  const json = JSON.parse(await readFile(join(hils.root, 'board.json'), 'utf8')) as { sources: string[] };
  const board = {
    ...json, id: name, sources: [...json.sources.map((path) => path.replace('../', 'hil:')), 'clock.c'],
    includeDirs: ['hil:common'], linkerScript: 'hil:common/cortex-m.ld', ...change,
  };
  await mkdir(join(dir, name), { recursive: true });
  await writeFile(join(dir, name, 'board.json'), JSON.stringify(board));
  await writeFile(join(dir, name, 'clock.c'), '#include "hil_board.h"\nvoid hil_clock_tree_open(void) { *(volatile uint32_t *)0x20000000u = 42u; }\n');
}

const BX_LR = 0x4770;
async function firstInstruction(file: string): Promise<number> {
  const elf = parseElf(await readFile(file));
  const text = elf.sections.find(({ name }) => name === '.text')!;
  const at = (symbolValues(elf, ['hil_clock_tree_open']).get('hil_clock_tree_open')! & ~1) - text.address;
  return Buffer.from(text.data).readUInt16LE(at);
}

t.test('a folder `boards` beside the device files', async (t) => {
  t.same(userBoardDirs({}), []);
  t.same(userBoardDirs({ HIL_DEVICES: '/bench/devices' }), ['/bench/devices/boards']);
});

t.test('a board of one\'s own, with shared sources', { skip: !compiler && 'needs arm-none-eabi-gcc' }, async (t) => {
  const dir = await tempDir(t);
  await writeBoard(join(dir, 'a/boards'), 'mine');
  const mine = await loadBoard('mine', firmwareDir, [join(dir, 'a/boards')]);
  t.match(mine, { id: 'mine', root: join(dir, 'a/boards/mine'), linkerScript: join(firmwareDir, 'boards/common/cortex-m.ld') });
  t.ok(mine.sources.includes(join(firmwareDir, 'boards/common/startup.c')) && mine.sources.includes('clock.c'));

  const network = await writeNetwork(join(dir, 'net'));
  const build = { package: network, cacheDir: join(dir, 'cache'), signal: new AbortController().signal };
  const image = await buildImage({ ...build, board: mine });
  const plain = await buildImage({ ...build, board: hils });
  t.same([await firstInstruction(plain.elf), await firstInstruction(image.elf) !== BX_LR], [BX_LR, true], 'its clock tree took the place of the weak one, which does nothing');

  await cp(join(dir, 'a'), join(dir, 'b'), { recursive: true });
  const moved = await buildImage({ ...build, board: await loadBoard('mine', firmwareDir, [join(dir, 'b/boards')]) });
  t.match(moved, { cached: true, buildId: image.buildId }, 'its place makes no difference');
  await writeFile(join(dir, 'b/boards/mine/clock.c'), 'void hil_clock_tree_open(void) {}\n');
  t.equal((await buildImage({ ...build, board: await loadBoard('mine', firmwareDir, [join(dir, 'b/boards')]) })).cached, false, 'its content does');
});

t.test('what is refused', async (t) => {
  const dir = await tempDir(t);
  const load = (name: string) => loadBoard(name, firmwareDir, [dir]);
  await writeBoard(dir, 'mps2-an386');
  await t.rejects(load('mps2-an386'), { code: 'build.bad-board', message: /two boards mps2-an386/, hint: /another name/ });
  await t.rejects(load('none'), { code: 'build.bad-board', message: /no board none: .*firmware.boards or /, hint: /HIL_DEVICES/ });
  await writeBoard(dir, 'out', { sources: ['hil:../agent/hil_agent.c'] });
  await t.rejects(load('out'), { code: 'build.bad-board', message: /hil:\.\.\/agent\/hil_agent\.c leaves/ });
  await writeBoard(dir, 'absolute', { linkerScript: '/etc/passwd' });
  await t.rejects(load('absolute'), { code: 'build.bad-board', message: /\/etc\/passwd is not relative/ });
  await writeBoard(dir, 'other', { id: 'another' });
  await t.rejects(load('other'), { code: 'build.bad-board', message: /\$\.id: is another/ });
});
