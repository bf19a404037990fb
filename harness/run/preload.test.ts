import { execa } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { Device } from '../device/index.ts';
import type { PlannedSequence } from './planned-case.ts';
import { planPreload } from './preload.ts';

const dir = await mkdtemp(join(tmpdir(), 'hil-preload-'));
t.teardown(() => rm(dir, { recursive: true, force: true }));
const [source, elf] = [join(dir, 'a.c'), join(dir, 'a.elf')];
await writeFile(source, 'int _start(void){return 1;}');
await execa('gcc', [source, '-nostdlib', '-static', '-Wl,--defsym=__hil_preload_low=0x2000', '-Wl,--defsym=__hil_preload_high=0x4000', '-o', elf]);

const device = (kind: string, preloads = true) => ({ preloads, spec: { kind } }) as unknown as Device;
const sequence = (codes: Uint8Array): PlannedSequence => ({ name: 's', samples: 1, codes, truth: null, oracle: null, resetEach: false });
const whole = new Uint8Array(16_384).map((_each, i) => i % 251);
const parts = [whole.subarray(0, 3000), whole.subarray(3000, 12_000), whole.subarray(12_000, 16_000)];
const plan = await planPreload(device('fvp'), elf, parts.map(sequence));
const few = await planPreload(device('fvp'), elf, [sequence(whole.subarray(0, 100))]);
const qemu = await planPreload(device('qemu'), elf, parts.map(sequence));
const without = await planPreload(device('fvp', false), elf, parts.map(sequence));

t.test('inputs are placed while they fit, and found by what they are a part of', async (t) => {
  t.match(plan?.preload, [{ address: 0x2000 }]);
  const bytes = plan?.preload[0]?.bytes as Uint8Array;
  t.equal(bytes.length, 7000, 'the second does not fit into 8 KiB, the third does');
  t.equal(plan?.find((parts[0] as Uint8Array).subarray(10, 20)), 10);
  t.equal(plan?.find((parts[2] as Uint8Array).subarray(5, 4000)), 3005);
  t.same(bytes.subarray(3005, 3015), whole.subarray(12_005, 12_015));
  t.equal(plan?.find((parts[1] as Uint8Array).subarray(0, 10)), null, 'not placed');
  t.equal(plan?.find(whole.subarray(2999, 3001)), null, 'across two sequences');
  t.equal(plan?.find(Uint8Array.from(parts[0] as Uint8Array)), null, 'equal bytes elsewhere');
});

t.test('not where there is no side door, or nothing worth it', async (t) => {
  t.same([few, qemu, without], [null, null, null]);
});
