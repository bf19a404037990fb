import t from 'tap';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from '../build/build-image.ts';
import { loadBoard } from '../build/board.ts';
import { examineDevices } from '../build/doctor.ts';
import { createDevice } from './create-device.ts';
import type { Keeper } from './keeper.ts';
import { builtInDevices, loadDevices } from './load-devices.ts';
import { groupIsAlive } from './process-identity.ts';
import { conformance } from './testing/conformance.ts';
import { writeConformanceNetwork } from './testing/conformance-network.ts';
import { keeperInto, startOptions, tempDir } from './testing/helpers.ts';

// What every driver must do, with the real firmware and a small network. A device whose tools are missing is skipped,
// with the reason; HIL_REQUIRE_DEVICES=1 (continuous integration) makes that a failure.
t.setTimeout(240_000);
const cacheDir = mkdtempSync(join(tmpdir(), 'hil-conformance-'));
t.teardown(() => rmSync(cacheDir, { recursive: true, force: true }));

/** Notes which process groups a driver starts. */
function spy(): Keeper & { groups: number[] } {
  const groups: number[] = [];
  return { groups, ...keeperInto(groups) };
}

for (const spec of (await loadDevices([builtInDevices])).filter(({ kind }) => kind === 'host' || kind === 'qemu')) {
  const [diagnosis] = await examineDevices([spec]);
  const required = process.env['HIL_REQUIRE_DEVICES'] === '1';
  if (!diagnosis!.usable && !required) {
    t.test(spec.id, { skip: diagnosis!.missing.map((each) => each.what).join('; ') }, async () => undefined);
    continue;
  }
  t.test(spec.id, async (t) => {
    const network = await writeConformanceNetwork(join(cacheDir, 'net'));
    const image = await buildImage({ package: network, board: await loadBoard(spec.board), cacheDir, signal: new AbortController().signal });
    const keeper = spy();
    await conformance(t, {
      device: createDevice(spec, { keeper }), image, second: 'works', allGone: () => !keeper.groups.some(groupIsAlive),
      // One machine of QEMU in full; the others differ from it in the board only.
      ...(spec.kind === 'qemu' && spec.id !== 'qemu-m55' ? { largeBytes: 10_000, cancelAfterMs: [0, 30, 150] } : {}),
      unplug: () => void process.kill(keeper.groups.at(-1) as number, 'SIGKILL'),
    });
  });
}

const m4 = (await loadDevices([builtInDevices])).find((device) => device.id === 'qemu-m4')!;
const { usable } = await createDevice(m4).probe();
t.test('real QEMU: a program that locks up the core, and a machine that QEMU does not know', { skip: usable ? false : 'no QEMU' }, async (t) => {
  const spec = m4;
  const dir = await tempDir(t);
  const elf = join(dir, 'image');
  writeFileSync(elf, Buffer.alloc(4096, 0xee)); // neither a stack nor code where the vectors say
  const image = { elf, sha256: '', buildId: '', files: {} };
  const session = await createDevice(spec).start(image, await startOptions(t));
  const end = await session.ended;
  t.match(end, { lockup: true, text: /Lockup/ });
  await session.stop();
  const unknown = { ...spec, qemu: { machine: 'no-such-machine', icountShift: 6 } };
  await t.rejects(createDevice(unknown).start(image, await startOptions(t)), { kind: 'bench', code: 'device.qemu-exited', message: /no-such-machine|unsupported machine/ });
});
