import { Duplex } from 'node:stream';
import t, { type Test } from 'tap';
import type { BuiltImage } from '../build/index.ts';
import type { Device } from '../device/index.ts';
import { qemuSpec, tempDir } from '../device/testing/helpers.ts';
import { FieldWriter } from '../link/fields.ts';
import { encodeFrame } from '../link/frame.ts';
import { ANSWER } from '../link/protocol.ts';
import type { NetworkManifest } from '../runtimes/index.ts';
import { openCaseSession } from './case-session.ts';

const BUILD = '00112233445566778899aabbccddeeff';
const WATCHDOG = 8;
const STARTS = 4;

/** A board that starts again and again, by its watchdog, and answers nothing. */
function looping(buildId: string): Device {
  const boot = encodeFrame(ANSWER.boot, 0, new FieldWriter(20).u16(WATCHDOG).u16(0).hex(buildId).done());
  return {
    spec: { ...qemuSpec, kind: 'serial', timeouts: { startMs: 1000, helloMs: 400, replyMs: 300, silenceMs: 300 } }, probe: async () => ({ usable: true, found: [], missing: [] }),
    start: async () => {
      const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
      for (let k = 0; k < STARTS; k += 1) stream.push(boot);
      return { stream, ended: new Promise(() => undefined), stop: async () => void stream.destroy() };
    },
  };
}

async function open(t: Test, runs: string): Promise<unknown> {
  return openCaseSession({ device: looping(runs), image: { buildId: BUILD } as BuiltImage, manifest: {} as NetworkManifest, workDir: await tempDir(t), signal: new AbortController().signal,
    onLog: () => undefined, onStep: () => undefined, preloaded: null, transcript: { record: () => undefined } });
}

t.test('who is to blame for a reset loop before HELLO', async (t) => {
  await t.rejects(open(t, BUILD), { kind: 'target', code: 'target.reset-loop' }, 'the image that was built');
  await t.rejects(open(t, 'ff'.repeat(16)), { kind: 'bench', code: 'run.wrong-image', message: /starts again and again .*; another image runs: BOOT says build ffff/ }, 'an older one that is still on the board');
});
