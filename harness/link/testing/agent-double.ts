import { Duplex } from 'node:stream';
import { crc32 } from '../crc32.ts';
import { decodeRecord, encodeFrame } from '../frame.ts';
import type { Frame } from '../frame.ts';
import { FieldReader, FieldWriter } from '../fields.ts';
import { ANSWER, DIGEST_WORDS, PROTOCOL_VERSION, REQUEST } from '../protocol.ts';

export interface DoubleOptions {
  readonly maxPayload?: number;
  readonly rxWindowBytes?: number;
  readonly poolBytes?: number;
  readonly protocolVersion?: number;
  readonly networks?: number;
  readonly preload?: Buffer;
  /**
   * Asked before a request is served. A list: sent instead of the answer (whole wire bytes); 'serve' or nothing: as usual.
   */
  readonly misbehave?: (request: Frame, agent: AgentDouble) => readonly Uint8Array[] | 'serve' | undefined;
  /** Called when a RUN begins; the run is done when it has settled. */
  readonly computing?: (nonce: number, agent: AgentDouble) => Promise<void>;
}

/**
 * A STAND-IN for the agent in the image, for tests of the host's side alone: speaks the protocol byte for byte, with a
 * network that inverts its 16 bytes. Its receive buffer is as small as it says, and loses what does not fit.
 */
export class AgentDouble extends Duplex {
  readonly pool: Buffer;
  /** Requests seen, by type; runs that were really computed; bytes lost because the window was exceeded. */
  readonly seen: Frame[] = [];
  runs = 0;
  overflow = 0;
  readonly #o: Required<Pick<DoubleOptions, 'maxPayload' | 'rxWindowBytes' | 'poolBytes' | 'protocolVersion' | 'networks'>> & DoubleOptions;
  #rx: Buffer[] = [];
  #rxBytes = 0;
  #record: Buffer[] = [];
  #serving = false;
  #lastNonce = 0;
  #lastDone: Buffer | null = null;

  constructor(options: DoubleOptions = {}) {
    super();
    this.#o = { maxPayload: 256, rxWindowBytes: 1024, poolBytes: 65536, protocolVersion: PROTOCOL_VERSION, networks: 1, ...options };
    this.pool = Buffer.alloc(this.#o.poolBytes);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const room = this.#o.rxWindowBytes - this.#rxBytes;
    this.overflow += Math.max(0, chunk.length - room);
    this.#rx.push(Buffer.from(chunk.subarray(0, room)));
    this.#rxBytes += Math.min(chunk.length, room);
    if (!this.#serving) {
      this.#serving = true;
      setImmediate(() => void this.#serve());
    }
    done();
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  send(type: number, seq: number, payload: Uint8Array): void {
    this.push(encodeFrame(type, seq, payload));
  }

  async #serve(): Promise<void> {
    for (let chunk = this.#rx.shift(); chunk !== undefined; chunk = this.#rx.shift()) {
      let at = 0;
      for (let zero = chunk.indexOf(0); zero >= 0; zero = chunk.indexOf(0, at)) {
        this.#record.push(chunk.subarray(at, zero));
        at = zero + 1;
        await this.#take(Buffer.concat(this.#record));
        this.#record = [];
      }
      this.#record.push(chunk.subarray(at));
      this.#rxBytes -= chunk.length;
    }
    this.#serving = false;
  }

  async #take(record: Buffer): Promise<void> {
    if (record.length < 6 || this.destroyed) return;
    const frame = decodeRecord(record);
    if (frame === null) {
      this.send(ANSWER.damaged, 0, Buffer.from([1]));
      return;
    }
    this.seen.push(frame);
    const instead = this.#o.misbehave?.(frame, this) ?? 'serve';
    if (instead === 'serve') await this.#answer(frame);
    else for (const bytes of instead) this.push(bytes);
  }

  async #answer({ type, seq, payload }: Frame): Promise<void> {
    const f = new FieldReader(payload);
    if (type === REQUEST.hello) this.send(ANSWER.hello, seq, this.helloOk(f.u32()));
    else if (type === REQUEST.network) this.send(ANSWER.network, seq, this.#networkOk(f.u16()));
    else if (type === REQUEST.write) {
      f.u8();
      const offset = f.u32();
      const bytes = f.rest();
      this.pool.set(bytes, offset);
      this.send(ANSWER.write, seq, new FieldWriter(8).u32(offset).u32(bytes.length).done());
    } else if (type === REQUEST.read) {
      f.u8();
      const offset = f.u32();
      const bytes = this.pool.subarray(offset, offset + f.u32());
      this.send(ANSWER.data, seq, new FieldWriter(5 + bytes.length).u8(0).u32(offset).bytes(bytes).done());
    } else if (type === REQUEST.copy && this.#o.preload !== undefined) {
      f.u8();
      const [from, to, count] = [f.u32(), f.u32(), f.u32()];
      if (from + count > this.#o.preload.length) this.send(ANSWER.refused, seq, Buffer.from([type, 3]));
      else {
        this.pool.set(this.#o.preload.subarray(from, from + count), to);
        this.send(ANSWER.copy, seq, new FieldWriter(8).u32(to).u32(count).done());
      }
    } else if (type === REQUEST.run) await this.#run(seq, f);
    else this.send(ANSWER.refused, seq, Buffer.from([type, 1]));
  }

  helloOk(nonce: number): Buffer {
    const { protocolVersion, maxPayload, rxWindowBytes, poolBytes, networks, preload } = this.#o;
    const flags = preload === undefined ? 7 : 7 + 16;
    return new FieldWriter(49).u32(nonce).u8(protocolVersion).u8(DIGEST_WORDS).u16(maxPayload).u32(rxWindowBytes).u32(poolBytes)
      .hex('00112233445566778899aabbccddeeff').u32(1_000_000).u16(8).u16(flags).u16(networks).name('double').done();
  }

  #networkOk(index: number): Buffer {
    return new FieldWriter(66).u16(index).hex('ab'.repeat(32)).u32(1).u32(1).u32(16).u32(16).u32(0).u32(64).u16(0).name('inver').done();
  }

  async #run(seq: number, f: FieldReader): Promise<void> {
    const nonce = f.u32();
    if (nonce !== this.#lastNonce || this.#lastDone === null) {
      await this.#o.computing?.(nonce, this);
      f.u32();
      f.u32();
      const [count, inOffset, outOffset] = [f.u32(), f.u32(), f.u32()];
      const input = this.pool.subarray(inOffset, inOffset + count * 16);
      const output = input.map((byte) => byte ^ 0xff);
      this.pool.set(output, outOffset);
      this.runs += 1;
      this.#lastNonce = nonce;
      this.#lastDone = new FieldWriter(48).u32(nonce).u8(0).u8(0).u16(0).i32(0).u32(count)
        .u32(crc32(input)).u32(crc32(output)).u64(1000).u64(0).u32(0xffffffff).u32(0).done();
    }
    if (this.#lastDone !== null) this.send(ANSWER.run, seq, this.#lastDone);
  }
}
