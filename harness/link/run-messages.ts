import { FieldReader, FieldWriter } from './fields.ts';

/** What a RUN's tap does; see docs/protocol.md. */
export type RunMode = 'plain' | 'digest' | 'capture' | 'time-total' | 'time-layers';

/** Bytes that RUN can fill memory with. */
export const FILL_BYTES = [0x00, 0x55, 0xa5, 0xff] as const;
export type FillByte = (typeof FILL_BYTES)[number];

const MODES: readonly RunMode[] = ['plain', 'digest', 'capture', 'time-total', 'time-layers'];

/** A RUN without its nonce. Offsets are into the pool, in bytes. */
export interface RunRequest {
  readonly network: number;
  readonly mode: RunMode;
  /** Done in this order, before the first sample. */
  readonly reset: boolean;
  readonly saveState: boolean;
  readonly restoreState: boolean;
  readonly paintStack: boolean;
  /** What memory that holds nothing between invocations is filled with before each of them; absent: it is left as it was. */
  readonly fill?: FillByte | undefined;
  readonly firstSample: number;
  /** Samples. */
  readonly count: number;
  readonly inOffset: number;
  readonly outOffset: number;
  readonly stateOffset: number;
  readonly auxOffset: number;
  readonly auxBytes: number;
  /** Bytes of the capture stream to leave out before the first that is kept. */
  readonly captureSkip: number;
  /** An invocation that takes longer is a HANG. */
  readonly limitTicks: number;
  /** Bit t = tap t (byte t/8, bit t%8); which taps are captured. */
  readonly mask: Uint8Array;
}

export interface RunDone {
  readonly nonce: number;
  /** 0: success; 1: the network returned networkStatus, not zero; others: see docs/protocol.md. */
  readonly status: number;
  readonly lastLayer: number;
  readonly networkStatus: number;
  /** Samples finished. */
  readonly done: number;
  /** Over the bytes given to and taken from the network. */
  readonly inputCrc: number;
  readonly outputCrc: number;
  readonly totalTicks: number;
  /** Length of the whole capture stream. */
  readonly captureBytes: number;
  /** High-water mark of the invocations, or null where the stack was not painted. */
  readonly stackBytes: number | null;
  /** Digest of the digests as they lie in aux (modes digest and capture; else 0): where it is as expected, they need not be read. */
  readonly digest: number;
}

export function encodeRun(nonce: number, run: RunRequest): Buffer {
  const flags = (run.reset ? 1 : 0) | (run.saveState ? 2 : 0) | (run.restoreState ? 4 : 0) | (run.paintStack ? 8 : 0) | (run.fill === undefined ? 0 : 16 | (FILL_BYTES.indexOf(run.fill) << 5));
  return new FieldWriter(54 + run.mask.length)
    .u32(nonce).u16(run.network).u8(MODES.indexOf(run.mode)).u8(flags).u32(run.firstSample).u32(run.count)
    .u32(run.inOffset).u32(run.outOffset).u32(run.stateOffset).u32(run.auxOffset).u32(run.auxBytes)
    .u64(run.captureSkip).u64(run.limitTicks).u16(run.mask.length).bytes(run.mask).done();
}

/** @throws MalformedError */
export function decodeRunDone(payload: Buffer): RunDone {
  const f = new FieldReader(payload);
  const nonce = f.u32();
  const status = f.u8();
  f.u8();
  const done = {
    nonce, status, lastLayer: f.u16(), networkStatus: f.i32(), done: f.u32(), inputCrc: f.u32(), outputCrc: f.u32(),
    totalTicks: f.u64(), captureBytes: f.u64(),
  };
  const stackBytes = f.u32();
  const digest = f.u32();
  f.end();
  return { ...done, stackBytes: stackBytes === 0xffffffff ? null : stackBytes, digest };
}

/** The registers and the place that FAULT and HANG tell of. */
export interface FaultReport {
  /** Exception number, or signal number where hostSignal; 0x100 a failed assert(), 0x101 abort() or exit(). */
  readonly kind: number;
  readonly hostSignal: boolean;
  /** r0 r1 r2 r3 r12 lr pc xpsr as stacked; null where the stack could not be read. */
  readonly registers: Readonly<Record<(typeof REGISTERS)[number], number>> | null;
  /** Where the code was; null where even that is not known. Guessed: from the stack, when it could not be unwound. */
  readonly pc: number | null;
  readonly pcGuessed: boolean;
  /** What was running had used up its stack, as far as the device could tell by itself. */
  readonly stackOverflow: boolean;
  readonly excReturn: number;
  readonly msp: number;
  readonly psp: number;
  /** cfsr hfsr mmfar bfar afsr (v7-M and later) and sfsr sfar (v8-M); null where the core has none. */
  readonly v7: Readonly<Record<(typeof V7_STATUS)[number], number>> | null;
  readonly v8: { readonly sfsr: number; readonly sfar: number } | null;
  readonly network: number;
  /** The layer being computed, or null where it is not known. */
  readonly layer: number | null;
  readonly sample: number;
  readonly mode: RunMode | null;
  readonly elapsedTicks: number;
}

const REGISTERS = ['r0', 'r1', 'r2', 'r3', 'r12', 'lr', 'pc', 'xpsr'] as const;
const V7_STATUS = ['cfsr', 'hfsr', 'mmfar', 'bfar', 'afsr'] as const;

/** @throws MalformedError */
export function decodeFault(payload: Buffer): FaultReport {
  const f = new FieldReader(payload);
  const kind = f.u32();
  const registers = record(f, REGISTERS);
  const excReturn = f.u32();
  const msp = f.u32();
  const psp = f.u32();
  const v7 = record(f, V7_STATUS);
  const v8 = { sfsr: f.u32(), sfar: f.u32() };
  const flags = f.u32();
  const network = f.u16();
  const layer = f.u16();
  const sample = f.u32();
  const mode = f.u32();
  const elapsedTicks = f.u64();
  f.end();
  return {
    kind, excReturn, msp, psp, network, sample, elapsedTicks,
    hostSignal: (flags & 8) !== 0,
    pc: (flags & (1 | 16)) !== 0 ? registers.pc : null,
    pcGuessed: (flags & (1 | 16)) === 16,
    stackOverflow: (flags & 16) !== 0,
    registers: (flags & 1) !== 0 ? registers : null,
    v7: (flags & 2) !== 0 ? v7 : null,
    v8: (flags & 4) !== 0 ? v8 : null,
    layer: layer === 0xffff ? null : layer,
    mode: MODES[mode] ?? null,
  };
}

function record<K extends string>(f: FieldReader, names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, f.u32()])) as Record<K, number>;
}
