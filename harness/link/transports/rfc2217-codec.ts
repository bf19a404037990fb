/** Telnet (RFC 854, 855) with the COM-PORT option (RFC 2217): bytes to events and back. */

export const IAC = 255;
const SB = 250;
const SE = 240;
export const VERB = { will: 251, wont: 252, do: 253, dont: 254 } as const;
export type Verb = keyof typeof VERB;
export const OPTION = { binary: 0, suppressGoAhead: 3, comPort: 44 } as const;

/** Client to server; the server answers with the command + 100. */
export const COM_PORT = { signature: 0, baud: 1, dataSize: 2, parity: 3, stopSize: 4, control: 5, purge: 12 } as const;
/** What a server sends unasked. */
export const NOTIFY = { lineState: 106, modemState: 107, suspend: 108, resume: 109 } as const;
export const ANSWERS = 100;
/** Values of COM_PORT.control. */
export const CONTROL = { noFlowControl: 1, dtrOn: 8, dtrOff: 9, rtsOn: 11, rtsOff: 12 } as const;
export const PURGE_RECEIVED = 1;

/** Longest sub-negotiation kept; COM-PORT's own are at most 6 bytes, but a signature may be text. */
export const SUBNEGOTIATION_LIMIT = 256;

export interface TelnetHandlers {
  /** Data of the line, in order; a part of the chunk fed, not to be kept. */
  readonly data: (bytes: Buffer) => void;
  readonly verb: (verb: Verb, option: number) => void;
  /** Payload after the option byte, doubled 255s single again. Those longer than SUBNEGOTIATION_LIMIT are dropped. */
  readonly subnegotiation: (option: number, payload: Buffer) => void;
}

type State = 'data' | 'iac' | 'verb' | 'sb' | 'sb-iac';
const verbs = new Map<number, Verb>(Object.entries(VERB).map(([name, code]) => [code, name as Verb]));

/** Decodes what a Telnet peer sends, however it is split into chunks. Any bytes are taken; what means nothing is dropped. */
export class TelnetDecoder {
  readonly #handlers: TelnetHandlers;
  #state: State = 'data';
  #verb: Verb = 'will';
  #sub: number[] = [];

  constructor(handlers: TelnetHandlers) {
    this.#handlers = handlers;
  }

  feed(chunk: Buffer): void {
    let start = 0;
    for (let i = 0; i < chunk.length;) {
      if (this.#state === 'data') {
        const iac = chunk.indexOf(IAC, i);
        const end = iac < 0 ? chunk.length : iac;
        start = i;
        if (end > start) this.#handlers.data(chunk.subarray(start, end));
        if (iac < 0) return;
        this.#state = 'iac';
        i = iac + 1;
      } else if (this.#state === 'iac' && chunk[i] === IAC) {
        this.#handlers.data(chunk.subarray(i, i + 1));
        this.#state = 'data';
        i += 1;
      } else {
        this.#step(chunk[i]!);
        i += 1;
      }
    }
  }

  #step(byte: number): void {
    switch (this.#state) {
      case 'iac': return this.#command(byte);
      case 'verb':
        this.#state = 'data';
        return this.#handlers.verb(this.#verb, byte);
      case 'sb':
        if (byte === IAC) this.#state = 'sb-iac';
        else this.#keep(byte);
        return;
      case 'sb-iac':
        if (byte === IAC) {
          this.#state = 'sb';
          return this.#keep(byte);
        }
        if (byte === SE) return this.#endOfSubnegotiation();
        // The end was lost: what follows IAC is a command of its own.
        return this.#command(byte);
      case 'data': return;
    }
  }

  #command(byte: number): void {
    const verb = verbs.get(byte);
    if (verb !== undefined) {
      this.#verb = verb;
      this.#state = 'verb';
    } else if (byte === SB) {
      this.#sub = [];
      this.#state = 'sb';
    } else {
      this.#state = 'data'; // NOP, GA, AYT, ...: nothing of the line
    }
  }

  #keep(byte: number): void {
    if (this.#sub.length <= SUBNEGOTIATION_LIMIT + 1) this.#sub.push(byte);
  }

  #endOfSubnegotiation(): void {
    this.#state = 'data';
    const [option, ...payload] = this.#sub;
    if (option !== undefined && payload.length <= SUBNEGOTIATION_LIMIT) this.#handlers.subnegotiation(option, Buffer.from(payload));
  }
}

/** Doubles every 255, as data and the values of sub-negotiations need it. */
export function escapeIac(bytes: Uint8Array): Buffer {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = source.indexOf(IAC); at >= 0; at = source.indexOf(IAC, at + 1)) {
    parts.push(source.subarray(start, at + 1));
    start = at; // the 255 is sent again with what follows
  }
  return parts.length === 0 ? source : Buffer.concat([...parts, source.subarray(start)]);
}

export function encodeVerb(verb: Verb, option: number): Buffer {
  return Buffer.of(IAC, VERB[verb], option);
}

export function encodeSubnegotiation(option: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(IAC, SB), escapeIac(Buffer.of(option, ...payload)), Buffer.of(IAC, SE)]);
}

/** @param value one byte, but for baud rates, which take 4 (big-endian) */
export function encodeComPort(command: number, value: number): Buffer {
  const payload = Buffer.alloc(command === COM_PORT.baud ? 5 : 2);
  payload[0] = command;
  if (command === COM_PORT.baud) payload.writeUInt32BE(value, 1);
  else payload[1] = value;
  return encodeSubnegotiation(OPTION.comPort, payload);
}

/** Command and value of a server's COM-PORT message; null where it is none. Servers leave values out, or send them longer. */
export function decodeComPort(payload: Buffer): { readonly command: number; readonly value: number } | null {
  const [command] = payload;
  if (command === undefined) return null;
  return { command, value: payload.length >= 5 ? payload.readUInt32BE(1) : (payload[1] ?? 0) };
}
