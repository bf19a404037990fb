import fc from 'fast-check';
import t from 'tap';
import { decodeDigests, decodeLayerTimes, decodeSampleTicks, digestAuxBytes, layerTimesAuxBytes } from './aux-messages.ts';
import { decodeBoot } from './boot.ts';
import { FieldWriter, MalformedError } from './fields.ts';
import * as messages from './messages.ts';
import { decodeFault, decodeRunDone, encodeRun, FILL_BYTES } from './run-messages.ts';
import { plainRun } from '../../firmware/agent/fixtures/wire.ts';
import type { RunRequest } from './run-messages.ts';

const helloBytes = (change: { maxPayload?: number; rxWindow?: number; digest?: number; core?: string } = {}): Buffer => {
  const core = change.core ?? 'cortex-m55';
  return new FieldWriter(43 + core.length).u32(0xdeadbeef).u8(2).u8(change.digest ?? 2).u16(change.maxPayload ?? 512)
    .u32(change.rxWindow ?? 4096).u32(100_000).hex('0f'.repeat(16)).u32(32_000_000).u16(5).u16(6).u16(2).name(core).done();
};

t.test('HELLO_OK', (t) => {
  const hello = messages.decodeHelloOk(helloBytes());
  t.match(hello, {
    nonce: 0xdeadbeef, maxPayload: 512, rxWindowBytes: 4096, poolBytes: 100_000, buildId: '0f'.repeat(16), tickHz: 32_000_000,
    counters: { sysTick: true, dwt: false, pmu: true, hostClock: false }, stackPaintable: false, catchesEndless: true,
    reportsFaults: true, networkCount: 2, core: 'cortex-m55',
  });
  for (const bad of [{ maxPayload: 63 }, { rxWindow: 10 }, { digest: 1 }, { core: 'a\nb' }]) {
    t.throws(() => messages.decodeHelloOk(helloBytes(bad)), MalformedError, JSON.stringify(bad));
  }
  t.throws(() => messages.decodeHelloOk(Buffer.concat([helloBytes(), Buffer.of(0)])), /1 bytes too long/);
  t.end();
});

t.test('requests have the layout of the protocol', (t) => {
  t.equal(messages.encodeHello(0x01020304).toString('hex'), '04030201');
  t.equal(messages.encodeNetwork(0x0102).toString('hex'), '0201');
  t.equal(messages.encodeWrite(0, 0x10, Buffer.from('aabb', 'hex')).toString('hex'), '0010000000aabb');
  t.equal(messages.encodeRead(0, 0x10, 0x20).toString('hex'), '001000000020000000');
  const run: RunRequest = {
    network: 1, mode: 'capture', reset: true, saveState: false, restoreState: true, paintStack: true, firstSample: 2, count: 3,
    inOffset: 4, outOffset: 5, stateOffset: 6, auxOffset: 7, auxBytes: 8, captureSkip: 2 ** 40, limitTicks: 9, mask: Buffer.of(0x81),
  };
  t.equal(encodeRun(0xa, run).toString('hex'),
    '0a000000' + '0100' + '02' + '0d' + '02000000' + '03000000' + '04000000' + '05000000' + '06000000' + '07000000' + '08000000'
    + '0000000000010000' + '0900000000000000' + '0100' + '81');
  t.end();
});

t.test('the byte that memory is filled with is in the flags', (t) => {
  const flags = FILL_BYTES.map((fill) => encodeRun(1, { ...plainRun, fill })[7]);
  t.strictSame(flags, [0x11, 0x31, 0x51, 0x71]);
  t.end();
});

t.test('answers', (t) => {
  const done = new FieldWriter(48).u32(1).u8(1).u8(0).u16(7).i32(-3).u32(2).u32(4).u32(5).u64(2 ** 40).u64(6).u32(0xffffffff).u32(8).done();
  t.strictSame(decodeRunDone(done), {
    nonce: 1, status: 1, lastLayer: 7, networkStatus: -3, done: 2, inputCrc: 4, outputCrc: 5, totalTicks: 2 ** 40, captureBytes: 6, stackBytes: null, digest: 8,
  });
  t.strictSame(messages.decodeProgress(new FieldWriter(10).u32(1).u32(2).u16(3).done()), { nonce: 1, done: 2, layer: 3 });
  const endless = new FieldWriter(48).u32(1).u8(0).u8(0).u16(7).i32(0).u32(2).u32(4).u32(5).hex('ff'.repeat(8)).u64(6).u32(0).u32(0).done();
  t.throws(() => decodeRunDone(endless), /2\^53/);
  t.end();
});

t.test('COPY and BAUD', (t) => {
  t.strictSame(messages.encodeCopy(1, 2, 0x01020304, 5), Buffer.from('01020000000403020105000000', 'hex'));
  t.strictSame(messages.encodeBaud(921_600), Buffer.from('00100e00', 'hex'));
  t.strictSame(messages.decodeCopyOk(Buffer.from('0700000008000000', 'hex')), { toOffset: 7, count: 8 });
  t.equal(messages.decodeBaudOk(Buffer.from('00c20100', 'hex')), 115_200);
  t.match(messages.decodeHelloOk(helloBytes()), { changesBaud: false, hasPreload: false });
  t.end();
});

t.test('FAULT keeps apart what was read from what was not', (t) => {
  const bytes = (flags: number, layer: number): Buffer => {
    const w = new FieldWriter(100).u32(3);
    for (let i = 0; i < 8; i++) w.u32(0x100 + i);
    w.u32(0xfffffff9).u32(0x20001000).u32(0);
    for (let i = 0; i < 7; i++) w.u32(0x200 + i);
    return w.u32(flags).u16(0).u16(layer).u32(4).u32(1).u64(500).done();
  };
  const m4 = decodeFault(bytes(3, 2));
  t.equal(m4.registers?.pc, 0x106);
  t.strictSame(m4.v7, { cfsr: 0x200, hfsr: 0x201, mmfar: 0x202, bfar: 0x203, afsr: 0x204 });
  t.equal(m4.v8, null);
  t.match(m4, { kind: 3, layer: 2, sample: 4, mode: 'digest', elapsedTicks: 500, hostSignal: false });
  t.match(m4, { pc: 0x106, pcGuessed: false });
  t.match(decodeFault(bytes(16, 2)), { registers: null, pc: 0x106, pcGuessed: true });
  t.equal(decodeFault(bytes(0, 2)).pc, null);
  const host = decodeFault(bytes(8, 0xffff));
  t.match(host, { registers: null, v7: null, layer: null, hostSignal: true });
  t.end();
});

t.test('aux tables', (t) => {
  t.strictSame(decodeDigests(new FieldWriter(digestAuxBytes(2)).u32(1).u32(2).u32(3).u32(4).done(), 2), [{ value: 1, bytes: 2 }, { value: 3, bytes: 4 }]);
  t.strictSame(decodeSampleTicks(new FieldWriter(8).u32(5).u32(6).done(), 2), [5, 6]);
  const times = new FieldWriter(layerTimesAuxBytes(1)).u64(100).u32(2).u32(128).u64(90).u32(40).u32(50).u32(2).u32(0).done();
  t.strictSame(decodeLayerTimes(times, 1), { tickSum: 100, samples: 2, stampTicks: 2, layers: [{ sum: 90, min: 40, max: 50, calls: 2 }] });
  t.throws(() => decodeDigests(Buffer.alloc(8), 2), MalformedError);
  t.end();
});

t.test('no payload makes a decoder do anything but decode or call it malformed', (t) => {
  const decoders = [
    messages.peekHello, messages.decodeHelloOk, messages.decodeNetworkOk, messages.decodeWriteOk, messages.decodeData, messages.decodeProgress,
    messages.decodeDamaged, messages.decodeRefused, messages.decodeCopyOk, messages.decodeBaudOk, decodeBoot, decodeRunDone, decodeFault, (b: Buffer) => decodeDigests(b, 3), (b: Buffer) => decodeLayerTimes(b, 2),
  ];
  fc.assert(fc.property(fc.uint8Array({ maxLength: 160 }), (bytes) => {
    for (const decode of decoders) {
      try {
        decode(Buffer.from(bytes));
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
      }
    }
  }), { numRuns: 2000 });
  t.end();
});
