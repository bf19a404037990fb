import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { findTool } from '../../../device/find-tool.ts';
import { startTargetProcess } from '../../../device/target-process.ts';
import type { TargetProcess } from '../../../device/target-process.ts';
import { until } from '../../../device/testing/helpers.ts';

const ser2net = await findTool('HIL_SER2NET', ['ser2net', '/usr/sbin/ser2net']);

/** For tap's `skip`: false, or what is missing. */
export const noSer2net: false | string = ser2net === null ? 'ser2net is not installed' : false;

export interface Server {
  readonly host: string;
  readonly port: number;
  readonly process: TargetProcess;
}

/** A real ser2net on the loopback interface, in front of a port of this computer. */
export async function startSer2net(t: Test, accepter: 'tcp' | 'telnet' | 'telnet(rfc2217)', device: string): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'hil-ser2net-'));
  const port = await freePort();
  const file = join(dir, 'ser2net.yaml');
  const layers = accepter === 'tcp' ? 'tcp' : `${accepter},tcp`;
  await writeFile(file, `connection: &line\n  accepter: ${layers},127.0.0.1,${port}\n  connector: serialdev,${device},115200n81,local\n`);
  const process = await startTargetProcess({ file: ser2net!.path, args: ['-n', '-u', '-c', file, '-P', join(dir, 'pid')], cwd: dir, linkOnStdio: false });
  t.teardown(async () => {
    await process.stop();
    await rm(dir, { recursive: true, force: true });
  });
  // A connection to see whether it listens would take the port.
  await until('ser2net listening', 10_000, async () => new RegExp(`0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`).test(await readFile('/proc/net/tcp', 'latin1')));
  return { host: '127.0.0.1', port, process };
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
