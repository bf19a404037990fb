import t from 'tap';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBoard } from '../build/board.ts';
import { buildImage } from '../build/build-image.ts';
import { noSer2net, startSer2net } from '../link/transports/testing/ser2net.ts';
import type { Image } from './device.ts';
import { createSerialDevice } from './drivers/serial.ts';
import type { PortIdentity } from './spec.ts';
import { portIsFree, startBoard, whyNoBoard } from './testing/board-stand-in.ts';
import { conformance } from './testing/conformance.ts';
import { writeConformanceNetwork } from './testing/conformance-network.ts';
import { keeperInto, tempDir } from './testing/helpers.ts';

// The driver of serial boards against all that a driver must do: a stand-in board (a real QEMU behind a real pty, flashed by a stand-in
// of OpenOCD), near, and far behind a real ser2net.
t.setTimeout(240_000);
t.jobs = 3; // most of the time they wait
const why = await whyNoBoard();
const folder = mkdtempSync(join(tmpdir(), 'hil-conformance-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const build = async (): Promise<Image> => buildImage({
  package: await writeConformanceNetwork(join(folder, 'net')), board: await loadBoard('mps2-an386'), cacheDir: join(folder, 'cache'), signal: new AbortController().signal,
});
const image: Image = why === null ? await build() : { elf: '', sha256: '', buildId: '', files: {} };

const lines = [
  { name: 'a port of this computer', accepter: null, skip: why },
  { name: 'raw TCP', accepter: 'tcp', skip: why ?? (noSer2net || null) },
  { name: 'RFC 2217', accepter: 'telnet(rfc2217)', skip: why ?? (noSer2net || null) },
] as const;

for (const { name, accepter, skip } of lines) {
  t.test(name, { skip: skip ?? false, buffered: true }, async (t) => {
    const board = await startBoard(t, { power: accepter !== null });
    const far = accepter === null ? null : await startSer2net(t, accepter, board.port);
    const at = far === null ? null : { host: far.host, port: far.port };
    const port: PortIdentity = at === null ? { path: board.port } : accepter === 'tcp' ? { tcp: at } : { rfc2217: at };
    const groups: number[] = [];
    const none = join(await tempDir(t), 'none');
    const device = createSerialDevice({ ...board.spec, serial: { ...board.spec.serial!, port } }, { env: board.env, keeper: keeperInto(groups), usb: { devices: none, nodes: none } });
    await conformance(t, {
      device, image, second: /^port\./, largeBytes: 20_000, cancelAfterMs: [0, 20, 100, 400, 1000],
      allGone: () => portIsFree(board.port, groups),
      unplug: async () => void await board.tell('unplug'),
      restart: async () => void await board.tell('plug'),
    });
  });
}
