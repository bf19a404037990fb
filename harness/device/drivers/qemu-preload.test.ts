import t from 'tap';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadBoard } from '../../build/board.ts';
import { buildImage } from '../../build/build-image.ts';
import { examineDevices } from '../../build/doctor.ts';
import { preloadArea } from '../../build/elf-symbols.ts';
import { readFile } from 'node:fs/promises';
import { openLink, systemClock } from '../../link/index.ts';
import { seededRandom } from '../../link/testing/random.ts';
import { builtInDevices, loadDevices } from '../load-devices.ts';
import { writeConformanceNetwork } from '../testing/conformance-network.ts';
import { startOptions, tempDir } from '../testing/helpers.ts';
import { createQemuDevice } from './qemu.ts';

// Real QEMU: files that it loads into the machine's memory, seen by the agent that runs there.
t.setTimeout(120_000);
const signal = new AbortController().signal;
const spec = (await loadDevices([builtInDevices])).find(({ id }) => id === 'qemu-m55')!;
const [diagnosis] = await examineDevices([spec]);
const missing = diagnosis!.missing.map((each) => each.what).join('; ');

t.test('two preloads, from a folder with a comma in its name', { skip: missing === '' || process.env['HIL_REQUIRE_DEVICES'] === '1' ? false : missing }, async (t) => {
  const dir = await tempDir(t);
  const image = await buildImage({ package: await writeConformanceNetwork(join(dir, 'net')), board: await loadBoard(spec.board), cacheDir: join(dir, 'cache'), signal });
  const area = preloadArea(await readFile(image.elf))!;
  const random = seededRandom(7);
  const first = Uint8Array.from({ length: 300_001 }, () => random() * 256);
  const last = Uint8Array.of(1, 2, 3, 4, 5);
  const workDir = join(dir, 'a,b');
  await mkdir(workDir);
  const session = await createQemuDevice(spec).start(image, await startOptions(t, {
    workDir, preload: [{ address: area.address, bytes: first }, { address: area.address + area.bytes - last.length, bytes: last }],
  }));
  t.teardown(() => session.stop());
  const link = await openLink(session.stream, { deviceId: spec.id, signal, clock: systemClock, helloTimeoutMs: 20_000, replyTimeoutMs: 5000, silenceMs: 10_000 });
  t.equal(link.hello.hasPreload, true);
  await link.copy(0, 0, first.length);
  const offset = first.length - 1000;
  t.same([...(await link.read(offset, 1000))], [...first.subarray(offset)], 'the end of the first');
  await link.copy(area.bytes - last.length, 64, last.length);
  t.same([...(await link.read(64, last.length))], [...last], 'the last bytes of the area');
  await link.close();
});
