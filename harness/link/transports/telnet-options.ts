import { OPTION } from './rfc2217-codec.ts';
import type { Verb } from './rfc2217-codec.ts';

type Side = 'no' | 'asked' | 'yes' | 'refused';
const wanted: ReadonlySet<number> = new Set(Object.values(OPTION));

/**
 * Which Telnet options are on, on either side. Asks for COM-PORT (ours) and BINARY (both ways), takes "suppress go-ahead", and
 * refuses everything else. Answers only what changes something, so that two sides never answer each other for ever.
 */
export class TelnetOptions {
  readonly #ours = new Map<number, Side>();
  readonly #theirs = new Map<number, Side>();
  readonly #send: (verb: Verb, option: number) => void;

  constructor(send: (verb: Verb, option: number) => void) {
    this.#send = send;
  }

  ask(): void {
    for (const option of [OPTION.comPort, OPTION.binary]) {
      this.#ours.set(option, 'asked');
      this.#send('will', option);
    }
    this.#theirs.set(OPTION.binary, 'asked');
    this.#send('do', OPTION.binary);
  }

  /** COM-PORT, and every byte value both ways. */
  get agreed(): boolean {
    return this.#ours.get(OPTION.comPort) === 'yes' && this.#ours.get(OPTION.binary) === 'yes' && this.#theirs.get(OPTION.binary) === 'yes';
  }

  /** What the other side refused of what is needed; null while nothing. */
  get refused(): string | null {
    if (this.#ours.get(OPTION.comPort) === 'refused') return 'COM-PORT (option 44)';
    if (this.#ours.get(OPTION.binary) === 'refused' || this.#theirs.get(OPTION.binary) === 'refused') return 'BINARY (option 0)';
    return null;
  }

  received(verb: Verb, option: number): void {
    const ours = verb === 'do' || verb === 'dont';
    const side = ours ? this.#ours : this.#theirs;
    const [yes, no] = ours ? (['will', 'wont'] as const) : (['do', 'dont'] as const);
    const now = side.get(option) ?? 'no';
    if (verb === 'do' || verb === 'will') {
      if (!wanted.has(option)) {
        if (now !== 'refused') this.#send(no, option);
        side.set(option, 'refused');
        return;
      }
      if (now !== 'asked' && now !== 'yes') this.#send(yes, option);
      side.set(option, 'yes');
    } else {
      if (now === 'yes') this.#send(no, option);
      side.set(option, now === 'asked' || now === 'yes' ? 'refused' : now);
    }
  }
}
