import { inflateRawSync } from 'node:zlib';
import { HilError } from '../errors.ts';
import { crc32 } from '../link/index.ts';
import { recordDamaged, type StageEvent } from '../run/index.ts';
import { frameType } from './frame-types.ts';
import type { RecordedFrame } from './recorded-session.ts';
import type { DeviceEvent } from './replay-device.ts';

const NEWLINE = 0x0a;
const STAGES: readonly string[] = ['probe', 'generate', 'build', 'occupy', 'pause', 'start', 'printed', 'ended', 'recover', 'resolve'] satisfies StageEvent['stage'][];
/** A frame's payload, or a text that came at once. */
const MAX_BYTES = 1 << 20;
/** All payloads of a transcript, unpacked: a line of two kB can hold one of a MiB. */
const MAX_TOTAL_BYTES = 1 << 30;
/** Lines that are no frames. */
const OTHERS: readonly string[] = ['text', 'damaged', 'closed'];

export interface Transcript {
  /** By device id, in the order of the file. */
  readonly devices: ReadonlyMap<string, readonly DeviceEvent[]>;
  /** SHA-256 of the plan.json that was written with it. */
  readonly record: string;
}

/**
 * Reads transcript.ndjson, whose last line tells whether all before it is there as it was written.
 * @throws HilError 'config' replay.transcript-cut | replay.old-transcript | record.damaged
 */
export function readTranscript(bytes: Buffer): Transcript {
  const record = checkSeal(bytes);
  const devices = new Map<string, DeviceEvent[]>();
  let line = 0;
  let total = 0;
  for (const text of linesOf(bytes)) {
    line += 1;
    const value = parse(text, line);
    if (value['end'] === true) continue;
    const device = value['device'];
    if (typeof device !== 'string') throw recordDamaged(`transcript.ndjson, line ${line}: it is of no device`);
    const events = devices.get(device) ?? [];
    devices.set(device, events);
    const of = typeof value['case'] === 'string' ? value['case'] : null;
    if ('stage' in value) {
      if (!STAGES.includes(String(value['stage']))) throw recordDamaged(`transcript.ndjson, line ${line}: no step is called ${JSON.stringify(value['stage'])}`);
      events.push({ case: of, stage: value as unknown as StageEvent });
    } else {
      const frame = frameOf(value, line);
      total += frame.payload?.length ?? 0;
      if (total > MAX_TOTAL_BYTES) throw recordDamaged(`transcript.ndjson unpacks to more than ${MAX_TOTAL_BYTES} bytes`);
      events.push({ case: of, frame });
    }
  }
  return { devices, record };
}

function checkSeal(bytes: Buffer): string {
  if (bytes.at(-1) !== NEWLINE) throw recordDamaged('transcript.ndjson ends in the middle of a line');
  const start = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
  const last = parse(bytes.subarray(start), null);
  if (last['type'] === 'cut') {
    throw new HilError('config', 'replay.transcript-cut', 'the transcript was cut, as it became too long: this run cannot be replayed', { hint: 'Run fewer cases (--case) or fewer samples at once.' });
  }
  if (last['end'] !== true) {
    throw new HilError('config', 'replay.old-transcript', 'the transcript lacks its last line: it was written by an older hil, or its end is lost', { hint: 'Run it again.' });
  }
  if (last['crc32'] !== crc32(bytes.subarray(0, start))) throw recordDamaged('transcript.ndjson was changed after it was written (its CRC differs)');
  return String(last['record']);
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, at);
    yield bytes.subarray(at, end);
    at = end + 1;
  }
}

function parse(text: Buffer, line: number | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw recordDamaged(`transcript.ndjson, ${line === null ? 'last line' : `line ${line}`}: it is no JSON object`);
}

function frameOf(value: Readonly<Record<string, unknown>>, line: number): RecordedFrame {
  const wrong = (what: string): HilError => recordDamaged(`transcript.ndjson, line ${line}: ${what}`);
  const { dir, type, seq, bytes, crc, note } = value;
  if (dir !== 'to-device' && dir !== 'from-device') throw wrong('it has no direction');
  if (typeof type !== 'string' || (!OTHERS.includes(type) && frameType(type) === null)) throw wrong('it is of no type that is known');
  if (!isCount(seq, 255) || !isCount(bytes, Number.MAX_SAFE_INTEGER)) throw wrong('it has no number or length');
  if (note !== undefined && typeof note !== 'string') throw wrong('its note is no text');
  return { dir, type, seq, bytes, payload: payloadOf(value, bytes, wrong), ...(typeof crc === 'number' ? { crc } : {}), ...(note === undefined ? {} : { note }) };
}

function payloadOf({ data, deflate, crc }: Readonly<Record<string, unknown>>, bytes: number, wrong: (what: string) => HilError): Buffer | null {
  if (typeof data === 'string') {
    const payload = Buffer.from(data, 'hex');
    if (payload.length !== bytes) throw wrong(`${payload.length} bytes, it says ${bytes}`);
    return payload;
  }
  if (typeof deflate !== 'string') return null;
  if (bytes > MAX_BYTES) throw wrong(`${bytes} bytes are more than anything can have`);
  let payload: Buffer;
  try {
    payload = inflateRawSync(Buffer.from(deflate, 'base64'), { maxOutputLength: Math.max(1, bytes) });
  } catch {
    throw wrong('its bytes do not unpack');
  }
  if (payload.length !== bytes || crc32(payload) !== crc) throw wrong('its bytes are not those that it says');
  return payload;
}

const isCount = (value: unknown, most: number): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
