import type { Duplex } from 'node:stream';
import type { Clock } from '../clock.ts';
import { Conversation, type ConversationStats } from './conversation.ts';
import { loadBuffer, type LoadReport } from './load.ts';
import { bracketed, isError, lapBetween, lapUs, results, type PrintedNumber } from './replies.ts';

export interface DutOptions {
  readonly deviceId: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly timeouts: {
    /** From now until the first answer to `name`: the time to boot, and some; EnergyRunner allows 5000. */
    readonly readyMs: number;
    /** So long may no line come while a reply is waited for. */
    readonly replyMs: number;
  };
  /** Reached through an IO manager's `dut` command. Default false. */
  readonly throughIoManager?: boolean;
  /** Of hex in one command. Default 31, and 26 through an IO manager, as EnergyRunner's. */
  readonly bytesPerCommand?: number;
  /** Default true; see LoadLimits. */
  readonly readBack?: boolean;
  /** Whole loads tried. Default 3. */
  readonly loadAttempts?: number;
  /** Told of every line that is no message of the protocol: boot text, debug prints. Untrusted, bounded. */
  readonly onLog?: (line: string) => void;
}

/** The result of one `infer`. */
export interface Inference {
  readonly numbers: readonly PrintedNumber[];
  /** Between the firmware's own time stamps, over all iterations, in us; null in energy mode, where they are edges on a pin. */
  readonly elapsedUs: number | null;
}

/** Stock MLPerf Tiny (EnergyRunner) firmware at the other end of a stream. */
export interface Dut {
  readonly name: string;
  /** null where the firmware does not say. */
  readonly profile: string | null;
  /** kws01, vww01, ad01, ic01, ...: untrusted text. */
  readonly model: string;
  readonly stats: Readonly<ConversationStats>;
  /** @throws HilError 'bench' */
  load(payload: Uint8Array): Promise<LoadReport>;
  /**
   * @param limitMs so long may one line of the reply be waited for: all warm-ups, or all iterations
   * @throws HilError 'bench'; 'target' where a result is NaN or infinite
   */
  infer(iterations: number, warmUps: number, limitMs: number): Promise<Inference>;
  /** The results of the last inference once more: a digit may have been changed on the way. */
  results(): Promise<readonly PrintedNumber[]>;
  /** us since some moment; null in energy mode. */
  timestamp(): Promise<number | null>;
  close(): Promise<void>;
}

/** How long one `name` is waited for before it is sent again: EnergyRunner's time for its name check, ms. */
const NAME_MS = 2000;
/** Replies that are none to `name`: of the boot, of a command that noise had begun. More of them come from another firmware. */
const OTHER_REPLIES = 8;
const PROFILE_ATTEMPTS = 3;
/** Results whose digits are damaged are asked for again so often. */
const RESULT_ATTEMPTS = 3;

/**
 * Finds the firmware on a stream: waits for its boot to be over, then asks its name and model. Owns the stream from now on.
 * @throws HilError 'bench' dut.silent, dut.not-ready, dut.unexpected, dut.closed; 'cancelled'. The stream is destroyed then.
 */
export async function openDut(stream: Duplex, options: DutOptions): Promise<Dut> {
  const conversation = new Conversation(stream, {
    deviceId: options.deviceId, signal: options.signal, clock: options.clock, throughIoManager: options.throughIoManager ?? false, onLog: options.onLog ?? (() => undefined),
  });
  try {
    const name = await askName(conversation, options);
    const { profile, model } = await askProfile(conversation, options.timeouts.replyMs);
    return new OpenDut(conversation, options, { name, profile, model });
  } catch (error) {
    await conversation.close();
    throw error;
  }
}

const nameOf = (messages: readonly string[]): string | null => messages.map((each) => bracketed(each, 'm-name-dut-[')).find((each) => each !== null) ?? null;

/** A board that boots hears nothing, or answers with its boot's own m-ready: asks until the name comes. */
async function askName(conversation: Conversation, { clock, timeouts: { readyMs } }: DutOptions): Promise<string> {
  const end = clock.now() + readyMs;
  let others = 0;
  for (let left = readyMs; left > 0 && others < OTHER_REPLIES; left = end - clock.now()) {
    const messages = await conversation.tryAsk({ command: 'name', silenceMs: Math.min(NAME_MS, left), accept: (lines) => nameOf(lines) !== null });
    const name = messages === null ? null : nameOf(messages);
    if (name !== null) return name;
    if (messages !== null) others += 1;
  }
  throw conversation.errors.notReady(readyMs, conversation.heard);
}

async function askProfile(conversation: Conversation, replyMs: number): Promise<{ profile: string | null; model: string }> {
  const question = { command: 'profile', silenceMs: replyMs, accept: (lines: readonly string[]) => lines.some((each) => each.startsWith('m-model-[')) };
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt === PROFILE_ATTEMPTS;
    const messages = await (last ? conversation.ask(question) : conversation.tryAsk(question)) ?? [];
    const pick = (start: 'm-profile-[' | 'm-model-['): string | null => messages.map((each) => bracketed(each, start)).find((each) => each !== null) ?? null;
    const model = pick('m-model-[');
    if (model !== null) return { profile: pick('m-profile-['), model };
    if (last) throw conversation.errors.unexpected('profile', 'm-model-[...]', messages);
  }
}

class OpenDut implements Dut {
  readonly name: string;
  readonly profile: string | null;
  readonly model: string;
  readonly #conversation: Conversation;
  readonly #options: DutOptions;

  constructor(conversation: Conversation, options: DutOptions, { name, profile, model }: { name: string; profile: string | null; model: string }) {
    this.#conversation = conversation;
    this.#options = options;
    this.name = name;
    this.profile = profile;
    this.model = model;
  }

  get stats(): Readonly<ConversationStats> {
    return this.#conversation.stats;
  }

  load(payload: Uint8Array): Promise<LoadReport> {
    const { timeouts, throughIoManager, bytesPerCommand, readBack, loadAttempts } = this.#options;
    return loadBuffer(this.#conversation, payload, {
      replyMs: timeouts.replyMs, bytesPerCommand: bytesPerCommand ?? (throughIoManager === true ? 26 : 31), attempts: loadAttempts ?? 3, readBack: readBack ?? true,
    });
  }

  async infer(iterations: number, warmUps: number, limitMs: number): Promise<Inference> {
    // The number of warm-ups is always said: firmware left to itself makes ten.
    const command = `infer ${iterations} ${warmUps}`;
    const messages = await this.#conversation.ask({ command, silenceMs: limitMs, accept: (lines) => lines.some((each) => each.startsWith('m-infer-') || each.startsWith('m-results') || isError(each)) });
    const error = messages.find(isError);
    if (error !== undefined) throw this.#conversation.errors.refused(command, error);
    const laps = messages.map(lapUs).filter((each) => each !== null);
    const [start, end] = laps;
    const found = this.#numbers(messages);
    return { numbers: found ?? await this.results(), elapsedUs: laps.length === 2 ? lapBetween(start as number, end as number) : null };
  }

  async results(): Promise<readonly PrintedNumber[]> {
    let messages: readonly string[] = [];
    for (let attempt = 0; attempt < RESULT_ATTEMPTS; attempt += 1) {
      messages = await this.#conversation.ask({ command: 'results', silenceMs: this.#options.timeouts.replyMs, accept: (lines) => lines.some((each) => each.startsWith('m-results')) });
      const found = this.#numbers(messages);
      if (found !== null) return found;
    }
    throw messages.length === 0 ? this.#conversation.errors.unexpected('results', 'm-results-[...]', messages) : this.#conversation.errors.damagedResults(messages.join(' / '));
  }

  async timestamp(): Promise<number | null> {
    const messages = await this.#conversation.ask({ command: 'timestamp', silenceMs: this.#options.timeouts.replyMs });
    return messages.map(lapUs).find((each) => each !== null) ?? null;
  }

  close(): Promise<void> {
    return this.#conversation.close();
  }

  /** null where they are missing or damaged. */
  #numbers(messages: readonly string[]): readonly PrintedNumber[] | null {
    const found = messages.map(results).find((each) => each !== null) ?? null;
    if (found?.kind === 'not-finite') throw this.#conversation.errors.notFinite(found.token);
    return found?.kind === 'numbers' ? found.numbers : null;
  }
}
