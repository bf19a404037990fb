import type { Duplex } from 'node:stream';
import type { HilError } from '../../errors.ts';
import type { Clock } from '../clock.ts';
import { Deadline } from '../deadline.ts';
import { DutErrors } from './dut-errors.ts';
import { LineSplitter, type Line } from './line-splitter.ts';
import { findMessage, isReady } from './replies.ts';

export interface ConversationOptions {
  readonly deviceId: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The firmware is reached through an IO manager: commands go as `dut X`, its lines come as `[dut]: ...`. */
  readonly throughIoManager: boolean;
  /** Told of every line that is no message of the protocol. Untrusted, bounded. */
  readonly onLog: (line: string) => void;
}

/** One question of the host. */
export interface Question {
  /** Without the '%'. */
  readonly command: string;
  /** Deadline: so long may no line come, ms. */
  readonly silenceMs: number;
  /** More lines than this without m-ready are no answer. */
  readonly maxLines?: number;
  /** Whether a reply belongs to the question; replies to older ones, whose time had run out, are passed over. Default: any. */
  readonly accept?: (messages: readonly string[]) => boolean;
}

export interface ConversationStats {
  bytesToDevice: number;
  bytesFromDevice: number;
  /** Lines that were no message of the protocol. */
  strayLines: number;
  /** Whether the other end repeats what it is sent. */
  echoes: boolean;
}

interface Waiting {
  readonly question: Question;
  messages: string[];
  lines: number;
  /** The IO manager's own reply comes first. */
  ofManager: boolean;
  readonly resolve: (messages: readonly string[] | null) => void;
  readonly reject: (error: HilError) => void;
}

const MAX_LINES = 256;
const PREFIX = '[dut]: ';

/** Commands and replies, one at a time: the line is half duplex and nothing on it is numbered. */
export class Conversation {
  readonly stats: ConversationStats = { bytesToDevice: 0, bytesFromDevice: 0, strayLines: 0, echoes: false };
  readonly errors: DutErrors;
  /** Text since the start, for the error that nothing was understood. */
  heard = '';
  readonly #stream: Duplex;
  readonly #options: ConversationOptions;
  readonly #deadline: Deadline;
  readonly #splitter: LineSplitter;
  readonly #onAbort: () => void;
  #waiting: Waiting | null = null;
  #failure: HilError | null = null;
  /** Commands whose replies may still come: their time ran out, or something else came first. */
  #owed: string[] = [];
  #lastLines: readonly string[] = [];

  constructor(stream: Duplex, options: ConversationOptions) {
    this.#stream = stream;
    this.#options = options;
    this.errors = new DutErrors(options.deviceId);
    this.#splitter = new LineSplitter((line) => this.#onLine(line));
    this.#deadline = new Deadline(options.clock, () => this.#waiting?.question.silenceMs ?? null, () => this.#onSilence());
    this.#onAbort = () => this.#fail(this.errors.cancelled());
    stream.on('data', (chunk: Buffer) => this.#onBytes(chunk));
    stream.on('error', (error) => this.#fail(this.errors.closed(error)));
    stream.once('end', () => this.#fail(this.errors.closed(null)));
    stream.once('close', () => this.#fail(this.errors.closed(stream.errored)));
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (options.signal.aborted) this.#onAbort();
  }

  /**
   * Sends a command and gives the messages of its reply, without m-ready.
   * @throws HilError 'bench' dut.no-reply, dut.babble, dut.closed; 'cancelled'
   */
  async ask(question: Question): Promise<readonly string[]> {
    const messages = await this.tryAsk(question);
    if (messages === null) throw this.errors.noReply(question.command, question.silenceMs, this.#lastLines);
    return messages;
  }

  /** The same, with null where its time ran out. */
  async tryAsk(question: Question): Promise<readonly string[] | null> {
    // Waits before it sends: on a stream of this process the reply is there when write() returns.
    const reply = this.#reply(question);
    this.#send(question.command);
    return reply;
  }

  async close(): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#fail(this.errors.closed(null));
    if (this.#stream.closed) return;
    await new Promise<void>((resolve) => {
      this.#stream.once('close', () => resolve());
      this.#stream.destroy();
    });
  }

  #send(command: string): void {
    if (this.#failure !== null) return;
    const text = `${this.#options.throughIoManager ? 'dut ' : ''}${command}%`;
    this.stats.bytesToDevice += text.length;
    this.#stream.write(text, 'latin1');
  }

  #reply(question: Question): Promise<readonly string[] | null> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { question, messages: [], lines: 0, ofManager: this.#options.throughIoManager, resolve, reject };
      this.#deadline.touch();
      this.#deadline.rearm();
    });
  }

  /** m-ready has come. */
  #onReply(waiting: Waiting): void {
    const { question, messages } = waiting;
    if (question.accept?.(messages) ?? true) {
      // Replies come in the order of their commands: what is older and has not come never will. Equal commands can't be told apart.
      if (question.accept !== undefined) this.#owed = this.#owed.filter((command) => command === question.command);
    } else if (this.#owed.length > 0) {
      this.#owed.shift();
      Object.assign(waiting, { messages: [], lines: 0, ofManager: this.#options.throughIoManager } satisfies Partial<Waiting>);
      return;
    } else {
      this.#owed.push(question.command);
    }
    this.#settle(waiting, messages);
  }

  #settle(waiting: Waiting, messages: readonly string[] | null): void {
    this.#lastLines = waiting.messages;
    this.#waiting = null;
    this.#deadline.stop();
    waiting.resolve(messages);
  }

  #onSilence(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#owed.push(waiting.question.command);
    this.#settle(waiting, null);
  }

  #fail(error: HilError): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#deadline.stop();
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }

  #onBytes(chunk: Buffer): void {
    this.stats.bytesFromDevice += chunk.length;
    if (this.heard.length < 400) this.heard += chunk.toString('latin1').slice(0, 400);
    this.#splitter.take(chunk);
  }

  #onLine({ text, cut }: Line): void {
    const waiting = this.#waiting;
    this.#deadline.touch();
    if (waiting !== null && ++waiting.lines > (waiting.question.maxLines ?? MAX_LINES)) {
      this.#fail(this.errors.babble(waiting.question.command, waiting.question.maxLines ?? MAX_LINES));
      return;
    }
    const line = this.#ownLine(text, waiting);
    if (line === null || cut) return this.#stray(text);
    const { before, message } = findMessage(line);
    if (before !== '') this.#aside(before, waiting);
    if (message === null) return;
    if (waiting === null) return this.#late(message);
    if (isReady(message)) this.#onReply(waiting);
    else waiting.messages.push(message);
  }

  /** A reply that is no longer waited for, or never was. */
  #late(message: string): void {
    if (this.#owed.length === 0) this.#stray(message);
    else if (isReady(message)) this.#owed.shift();
  }

  /** The firmware's line; null for one of the IO manager itself, which is noted. */
  #ownLine(text: string, waiting: Waiting | null): string | null {
    if (!this.#options.throughIoManager) return text;
    const at = text.indexOf(PREFIX);
    if (at >= 0 && waiting?.ofManager !== true) return text.slice(at + PREFIX.length);
    if (waiting?.ofManager === true && at < 0) {
      const { message } = findMessage(text);
      if (message !== null && isReady(message)) {
        waiting.ofManager = false;
        return '';
      }
      if (message?.startsWith('m-dut-passthrough') === true) return '';
    }
    return null;
  }

  /** Text that stands before a message, or instead of one: an echo, or a print. */
  #aside(text: string, waiting: Waiting | null): void {
    if (waiting !== null && text === `${waiting.question.command}%`) this.stats.echoes = true;
    else this.#stray(text);
  }

  #stray(text: string): void {
    if (text === '') return;
    this.stats.strayLines += 1;
    this.#options.onLog(text.slice(0, 1000));
  }
}
