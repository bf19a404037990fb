import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceSpec } from '../../device/index.ts';

const program = fileURLToPath(new URL('../../device/testing/fixtures/dut-stand-in.mjs', import.meta.url));

/**
 * A board with stock MLPerf Tiny firmware on a serial port that is reached over TCP: a stand-in for the firmware (see its file) for each connection.
 * @param behaviour may change between runs @returns the folder with its device file, for HIL_DEVICES
 */
export async function stockBoard(t: { teardown(fn: () => unknown): unknown }, dir: string, id: string, behaviour: () => Readonly<Record<string, unknown>>): Promise<string> {
  const children = new Set<ChildProcess>();
  const server = createServer((socket) => {
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, DUT_STAND_IN: JSON.stringify(behaviour()) } });
    children.add(child);
    // It prints line by line: each would wait for the one before to be acknowledged.
    socket.setNoDelay(true);
    child.once('exit', () => { children.delete(child); socket.destroy(); });
    child.stdin.on('error', () => undefined);
    socket.on('error', () => undefined).once('close', () => child.stdin.end());
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(async () => {
    server.close();
    for (const child of children) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  const folder = path.join(dir, 'devices');
  mkdirSync(folder, { recursive: true });
  const device: DeviceSpec = {
    schema: 'hil-device/1', id, description: 'a board with stock firmware <kws>', kind: 'serial', core: 'cortex-m4', board: 'none', simulated: false, clockHz: 120_000_000, slots: 1, labels: {},
    firmware: 'mlperf-tiny', mlperfTiny: { readBack: false }, latency: { unit: 'us', quality: 'hardware', numerator: 1, denominator: 1 },
    timeouts: { startMs: 10_000, helloMs: 10_000, replyMs: 5000, silenceMs: 10_000 }, invocationLimitMs: 5000,
    serial: { port: { tcp: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } }, baud: { start: 115_200, faster: [] }, reset: { onOpen: 'none', pulseMs: 0, bootMs: 0 } },
    energy: { none: 'not measured' },
  };
  writeFileSync(path.join(folder, `${id}.json`), JSON.stringify(device));
  return folder;
}
