import type { Conversation } from './conversation.ts';
import { bufferBytes, isError } from './replies.ts';

export interface LoadLimits {
  /** Deadline for a reply: so long may no line come, ms. */
  readonly replyMs: number;
  /** Of hex in one command: the firmware's buffer takes 80 characters, an IO manager adds some of its own. */
  readonly bytesPerCommand: number;
  /** Whole loads tried before it is given up. */
  readonly attempts: number;
  /** Reads the buffer back and compares. Without, a byte that was changed on the line is seen only in the results. */
  readonly readBack: boolean;
}

/** What it took. */
export interface LoadReport {
  readonly commands: number;
  /** Commands sent again because the firmware had refused them. */
  readonly resent: number;
  readonly attempts: number;
}

/** A command is sent again so often before the load is begun anew. */
const RESENDS = 3;

/**
 * Puts bytes into the firmware's buffer with `db load` and `db HH...`. Its only check is that digits come in pairs: every reply is
 * looked at, the end must come with the last command, and the buffer is read back.
 * @throws HilError 'bench' dut.load-failed, dut.refused (too large), and what asking throws
 */
export async function loadBuffer(conversation: Conversation, payload: Uint8Array, limits: LoadLimits): Promise<LoadReport> {
  const faults: string[] = [];
  const counts = { commands: 0, resent: 0 };
  for (let attempt = 1; attempt <= limits.attempts; attempt += 1) {
    const fault = await loadOnce(conversation, payload, limits, counts) ?? (limits.readBack ? await differs(conversation, payload, limits) : null);
    if (fault === null) return { ...counts, attempts: attempt };
    faults.push(fault);
  }
  throw conversation.errors.loadFailed(payload.length, limits.attempts, faults);
}

/** @returns what went wrong; null for nothing that can be seen from here */
async function loadOnce(conversation: Conversation, payload: Uint8Array, limits: LoadLimits, counts: { commands: number; resent: number }): Promise<string | null> {
  const silenceMs = limits.replyMs;
  const command = `db load ${payload.length}`;
  const armed = await conversation.tryAsk({ command, silenceMs, accept: (messages) => messages.some((each) => each.startsWith('m-[Expecting ') || isError(each)) });
  if (armed === null) return resynchronised(conversation, silenceMs, command);
  const tooLarge = armed.find((each) => each.startsWith('Supplied buffer size '));
  // It takes the bytes all the same, and writes them over whatever follows its buffer.
  if (tooLarge !== undefined) throw conversation.errors.refused(command, tooLarge);
  if (!armed.includes(`m-[Expecting ${payload.length} bytes]`)) return `${command}: ${armed.join(' / ').slice(0, 100) || 'no m-[Expecting'}`;
  for (let at = 0; at < payload.length; at += limits.bytesPerCommand) {
    const last = at + limits.bytesPerCommand >= payload.length;
    const fault = await sendBytes(conversation, payload.subarray(at, at + limits.bytesPerCommand), last, silenceMs, counts);
    if (fault !== null) return `at byte ${at}: ${fault}`;
  }
  return null;
}

async function sendBytes(conversation: Conversation, bytes: Uint8Array, last: boolean, silenceMs: number, counts: { commands: number; resent: number }): Promise<string | null> {
  const command = `db ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
  for (let resends = 0; ; resends += 1) {
    counts.commands += 1;
    const messages = await conversation.tryAsk({ command, silenceMs });
    if (messages === null) return resynchronised(conversation, silenceMs, 'a db command');
    const error = messages.find(isError);
    const done = messages.includes('m-load-done');
    if (error === undefined) return done === last ? null : last ? 'bytes are missing: no m-load-done at the end' : 'm-load-done before the end';
    // In these two cases nothing of the command was stored; after any other the place in the buffer is not known.
    const nothingStored = /^e-\[(?:Insufficent number of hex digits|Unknown command)/.test(error);
    if (!nothingStored || resends === RESENDS) return error.slice(0, 100);
    counts.resent += 1;
  }
}

/** A byte of the command, its '%' perhaps, or of the reply was lost: asks for the name until question and answer belong together again. */
async function resynchronised(conversation: Conversation, silenceMs: number, after: string): Promise<string> {
  const fault = `no m-ready to ${after}`;
  for (let k = 0; k < RESENDS; k += 1) {
    const messages = await conversation.tryAsk({ command: 'name', silenceMs, accept: (lines) => lines.some((each) => each.startsWith('m-name-')) });
    if (messages?.some((each) => each.startsWith('m-name-')) === true) return fault;
  }
  throw conversation.errors.noReply(after, silenceMs, []);
}

/** A print that is damaged says nothing of the buffer: it is asked for again. */
async function differs(conversation: Conversation, payload: Uint8Array, { replyMs }: LoadLimits): Promise<string | null> {
  for (let k = 0; ; k += 1) {
    const messages = await conversation.tryAsk({ command: 'db print', silenceMs: replyMs, maxLines: Math.ceil(payload.length / 8) + 64,
      accept: (lines) => lines.some((each) => each.startsWith('m-buffer-') || isError(each)) });
    if (messages === null) return resynchronised(conversation, replyMs, 'db print');
    const parts = messages.map(bufferBytes).filter((part) => part !== null);
    const held = Buffer.concat(parts);
    if (held.length !== payload.length) {
      if (k < RESENDS) continue;
      return `${held.length} of ${payload.length} bytes came back by db print`;
    }
    const at = held.findIndex((byte, index) => byte !== payload[index]);
    return at < 0 ? null : `byte ${at} is ${held[at]} in the buffer and was sent as ${payload[at]}`;
  }
}
