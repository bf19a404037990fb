import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { LinkStream } from '../../transports/link-stream.ts';

const program = fileURLToPath(new URL('../../../device/testing/fixtures/dut-stand-in.mjs', import.meta.url));

/** Starts the stand-in for stock firmware with the given misbehaviour; see its file. It ends with its stream, at the latest with the test. */
export function startStandIn(t: { teardown(fn: () => unknown): unknown }, behaviour: Readonly<Record<string, unknown>> = {}): Duplex {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, DUT_STAND_IN: JSON.stringify(behaviour) } });
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  return new LinkStream(child.stdout, child.stdin);
}
