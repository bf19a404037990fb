import type { TranscriptEvent } from '../link/index.ts';
import type { StageEvent, StartedFacts } from '../run/index.ts';
import type { TargetEnd } from '../device/index.ts';

/** A line of the transcript after it was checked: bytes unpacked, null where only their CRC is kept. */
export interface RecordedFrame extends Pick<TranscriptEvent, 'dir' | 'type' | 'seq' | 'bytes' | 'crc' | 'note'> {
  readonly payload: Buffer | null;
}

/** What a session moved, in the order of the transcript. */
export type SessionEvent = { readonly frame: RecordedFrame } | { readonly stage: Extract<StageEvent, { stage: 'printed' | 'ended' }> };

export interface RecordedRequest {
  /** 'WRITE', 'RUN', ... */
  readonly type: string;
  /** Equal for requests of the same type and bytes. */
  readonly key: string;
  /** null for a long WRITE. */
  readonly payload: Buffer | null;
  answer: { readonly place: number; readonly type: string; readonly payload: Buffer } | null;
  used: boolean;
}

/** What the device sent without being asked, or what came beside the link. */
export type Unasked = { readonly place: number } & (
  | { readonly kind: 'frame'; readonly type: string; readonly payload: Buffer }
  | { readonly kind: 'text'; readonly bytes: Buffer }
  | { readonly kind: 'garbage'; readonly count: number }
  | { readonly kind: 'printed'; readonly line: string }
);

/** One session of the record, without what the line did to it: each request once, with the answer that was taken. */
export interface RecordedSession {
  readonly started: StartedFacts;
  /** HELLOs with different nonces, in their order. */
  readonly hellos: readonly RecordedRequest[];
  /** RUNs; asks[k] are the requests between the k-th RUN and the one after it, asks[0] those before the first. */
  readonly runs: readonly RecordedRequest[];
  readonly asks: readonly (readonly RecordedRequest[])[];
  readonly unasked: readonly Unasked[];
  /** The stream ended by itself. */
  readonly closed: { readonly bytes: number; readonly why: string | null } | null;
  readonly end: { readonly end: TargetEnd; readonly stopped: boolean } | null;
  /** Something was sent again or came damaged: requests may have been split, so that they are not compared byte by byte. */
  readonly noisy: boolean;
}

export function requestKey(type: string, bytes: number, payload: Buffer | null, crc: number | undefined): string {
  return `${type} ${bytes} ${bytes > 128 ? `crc ${crc}` : payload?.toString('hex') ?? ''}`;
}

/** Sorts the events of one session. */
export function recordedSession(started: StartedFacts, events: readonly SessionEvent[]): RecordedSession {
  const bySeq = new Map<number, RecordedRequest>();
  const hellos: RecordedRequest[] = [];
  const runs: RecordedRequest[] = [];
  const asks: RecordedRequest[][] = [[]];
  const unasked: Unasked[] = [];
  let closed: RecordedSession['closed'] = null;
  let end: RecordedSession['end'] = null;
  let noisy = false;
  events.forEach((event, place) => {
    if ('stage' in event) {
      if (event.stage.stage === 'printed') unasked.push({ place, kind: 'printed', line: event.stage.line });
      else end = { end: event.stage.end, stopped: event.stage.stopped };
      return;
    }
    const { dir, type, seq, bytes, crc, note, payload } = event.frame;
    if (dir === 'to-device') {
      const key = requestKey(type, bytes, payload, crc);
      const again = note === 'sent again' && bySeq.get(seq)?.key === key;
      if (note === 'sent again' && type !== 'HELLO') noisy = true;
      if (again) return;
      const request: RecordedRequest = { type, key, payload, answer: null, used: false };
      bySeq.set(seq, request);
      if (type === 'HELLO') hellos.push(request);
      else if (type === 'RUN') {
        runs.push(request);
        asks.push([]);
      } else asks.at(-1)?.push(request);
      return;
    }
    if (type === 'closed') closed = { bytes, why: note ?? null };
    else if (type === 'text' && payload !== null) unasked.push({ place, kind: 'text', bytes: payload });
    else if (type === 'damaged') {
      noisy = true;
      if (!hellos.some((hello) => hello.answer !== null)) unasked.push({ place, kind: 'garbage', count: bytes });
    } else if (type === 'DAMAGED') noisy = true;
    else if (payload === null || note === 'stale') return;
    else if (seq === 0) unasked.push({ place, kind: 'frame', type, payload });
    else {
      const request = bySeq.get(seq);
      if (request !== undefined && request.answer === null) request.answer = { place, type, payload };
    }
  });
  return { started, hellos, runs, asks, unasked, closed, end, noisy };
}
