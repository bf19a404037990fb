import { FieldReader, FieldWriter, MalformedError } from './fields.ts';
import { DATA_HEADER, DIGEST_WORDS, PROTOCOL_VERSION } from './protocol.ts';

/** HELLO_OK: what the image is and what it can do. */
export interface Hello {
  readonly nonce: number;
  readonly protocolVersion: number;
  readonly digestKind: number;
  /** Bytes of payload that a frame may carry, either way. */
  readonly maxPayload: number;
  /** Encoded request bytes that may be without an answer. */
  readonly rxWindowBytes: number;
  readonly poolBytes: number;
  /** 32 hex digits. */
  readonly buildId: string;
  /** Unit of every tick figure. */
  readonly tickHz: number;
  /** Counters seen to move on the device. */
  readonly counters: { readonly sysTick: boolean; readonly dwt: boolean; readonly pmu: boolean; readonly hostClock: boolean };
  readonly stackPaintable: boolean;
  readonly catchesEndless: boolean;
  readonly reportsFaults: boolean;
  /** The line's speed can be changed. */
  readonly changesBaud: boolean;
  /** There is memory that the bench may have filled before the start. */
  readonly hasPreload: boolean;
  readonly networkCount: number;
  /** e.g. 'cortex-m4'; printable ASCII, untrusted. */
  readonly core: string;
}

/** NETWORK_OK. Sizes in bytes, of one sample or one state. */
export interface NetworkInfo {
  readonly index: number;
  /** 64 hex digits; all 0 where there is no model file. */
  readonly modelSha256: string;
  readonly layers: number;
  readonly taps: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly stateBytes: number;
  readonly arenaBytes: number;
  readonly blobs: number;
  /** RUN can fill what holds nothing between invocations. */
  readonly scratchKnown: boolean;
  /** Printable ASCII, untrusted. */
  readonly name: string;
}

export interface Progress {
  readonly nonce: number;
  /** Samples finished. */
  readonly done: number;
  /** The layer being computed. */
  readonly layer: number;
}

/** The smallest payload a device must take, and the smallest window that such a frame fits. */
const MIN_MAX_PAYLOAD = 64;
const MIN_RX_WINDOW = 80;

export function encodeHello(nonce: number): Buffer {
  return new FieldWriter(4).u32(nonce).done();
}

/** @returns nonce and version alone: what is laid out the same in every version. @throws MalformedError */
export function peekHello(payload: Buffer): { readonly nonce: number; readonly protocolVersion: number } {
  const fields = new FieldReader(payload);
  return { nonce: fields.u32(), protocolVersion: fields.u8() };
}

/** @throws MalformedError */
export function decodeHelloOk(payload: Buffer): Hello {
  const f = new FieldReader(payload);
  const nonce = f.u32();
  const protocolVersion = f.u8();
  const digestKind = f.u8();
  const maxPayload = f.u16();
  const rxWindowBytes = f.u32();
  const poolBytes = f.u32();
  const buildId = f.hex(16);
  const tickHz = f.u32();
  const counters = f.u16();
  const flags = f.u16();
  const networkCount = f.u16();
  const core = f.name();
  f.end();
  if (protocolVersion !== PROTOCOL_VERSION) throw new MalformedError(`it is of protocol version ${protocolVersion}`);
  if (digestKind !== DIGEST_WORDS) throw new MalformedError(`digest kind ${digestKind} is unknown`);
  if (maxPayload < MIN_MAX_PAYLOAD) throw new MalformedError(`maxPayload ${maxPayload} is below ${MIN_MAX_PAYLOAD}`);
  if (rxWindowBytes < MIN_RX_WINDOW) throw new MalformedError(`rxWindowBytes ${rxWindowBytes} is below ${MIN_RX_WINDOW}`);
  return {
    nonce, protocolVersion, digestKind, maxPayload, rxWindowBytes, poolBytes, buildId, tickHz, networkCount, core,
    counters: { sysTick: (counters & 1) !== 0, dwt: (counters & 2) !== 0, pmu: (counters & 4) !== 0, hostClock: (counters & 8) !== 0 },
    stackPaintable: (flags & 1) !== 0,
    catchesEndless: (flags & 2) !== 0,
    reportsFaults: (flags & 4) !== 0,
    changesBaud: (flags & 8) !== 0,
    hasPreload: (flags & 16) !== 0,
  };
}

export function encodeNetwork(index: number): Buffer {
  return new FieldWriter(2).u16(index).done();
}

/** @throws MalformedError */
export function decodeNetworkOk(payload: Buffer): NetworkInfo {
  const f = new FieldReader(payload);
  const info = {
    index: f.u16(), modelSha256: f.hex(32), layers: f.u32(), taps: f.u32(), inputBytes: f.u32(), outputBytes: f.u32(),
    stateBytes: f.u32(), arenaBytes: f.u32(), blobs: f.u8(),
  };
  const scratchKnown = (f.u8() & 1) !== 0;
  const name = f.name();
  f.end();
  return { ...info, scratchKnown, name };
}

export function encodeWrite(space: number, offset: number, bytes: Uint8Array): Buffer {
  return new FieldWriter(DATA_HEADER + bytes.length).u8(space).u32(offset).bytes(bytes).done();
}

/** @throws MalformedError */
export function decodeWriteOk(payload: Buffer): { readonly offset: number; readonly count: number } {
  const f = new FieldReader(payload);
  const written = { offset: f.u32(), count: f.u32() };
  f.end();
  return written;
}

export function encodeRead(space: number, offset: number, count: number): Buffer {
  return new FieldWriter(9).u8(space).u32(offset).u32(count).done();
}

/** @returns bytes being a view of the payload. @throws MalformedError */
export function decodeData(payload: Buffer): { readonly space: number; readonly offset: number; readonly bytes: Buffer } {
  const f = new FieldReader(payload);
  return { space: f.u8(), offset: f.u32(), bytes: f.rest() };
}

export function encodeCopy(fromSpace: number, fromOffset: number, toOffset: number, count: number): Buffer {
  return new FieldWriter(13).u8(fromSpace).u32(fromOffset).u32(toOffset).u32(count).done();
}

/** @throws MalformedError */
export function decodeCopyOk(payload: Buffer): { readonly toOffset: number; readonly count: number } {
  const f = new FieldReader(payload);
  const copied = { toOffset: f.u32(), count: f.u32() };
  f.end();
  return copied;
}

export function encodeBaud(baud: number): Buffer {
  return new FieldWriter(4).u32(baud).done();
}

/** @throws MalformedError */
export function decodeBaudOk(payload: Buffer): number {
  const f = new FieldReader(payload);
  const baud = f.u32();
  f.end();
  return baud;
}

/** @throws MalformedError */
export function decodeProgress(payload: Buffer): Progress {
  const f = new FieldReader(payload);
  const progress = { nonce: f.u32(), done: f.u32(), layer: f.u16() };
  f.end();
  return progress;
}

/** @throws MalformedError */
export function decodeDamaged(payload: Buffer): number {
  const f = new FieldReader(payload);
  const reason = f.u8();
  f.end();
  return reason;
}

/** @throws MalformedError */
export function decodeRefused(payload: Buffer): { readonly type: number; readonly reason: number } {
  const f = new FieldReader(payload);
  const refusal = { type: f.u8(), reason: f.u8() };
  f.end();
  return refusal;
}
