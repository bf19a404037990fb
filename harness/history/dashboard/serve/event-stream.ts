import type { ServerResponse } from 'node:http';

/** Browsers open few; more is a mistake, or somebody who means ill. */
const MOST_READERS = 32;
/** What waits for a reader at the most; who is slower is dropped, and its browser asks again. */
const MOST_WAITING_BYTES = 4 << 20;
const KEEP_ALIVE_MS = 15_000;
const RETRY_MS = 2000;

/** Server-Sent Events to many readers. Each new reader gets the newest event of every name at once. */
export class EventStream {
  readonly #readers = new Set<ServerResponse>();
  readonly #newest = new Map<string, string>();
  readonly #keepAlive: NodeJS.Timeout;
  readonly #onReaders: (count: number) => void;

  /** @param onReaders told how many there are, whenever that changes */
  constructor(onReaders: (count: number) => void) {
    this.#onReaders = onReaders;
    // Readers that are gone without a word are found so, and a proxy keeps the line.
    this.#keepAlive = setInterval(() => this.#write(': still here\n\n'), KEEP_ALIVE_MS).unref();
  }

  get isFull(): boolean {
    return this.#readers.size >= MOST_READERS;
  }

  /** @param response without head; the caller has asked isFull */
  add(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.#readers.add(response);
    response.once('close', () => {
      this.#readers.delete(response);
      this.#onReaders(this.#readers.size);
    });
    for (const event of this.#newest.values()) response.write(event);
    this.#onReaders(this.#readers.size);
  }

  /** Sends to all; what a reader has already is not sent again. */
  send(name: string, value: unknown): void {
    const event = `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
    if (this.#newest.get(name) === event) return;
    this.#newest.set(name, event);
    this.#write(event);
  }

  close(): void {
    clearInterval(this.#keepAlive);
    for (const reader of this.#readers) reader.destroy();
    this.#readers.clear();
  }

  #write(text: string): void {
    for (const reader of this.#readers) {
      if (reader.writableLength > MOST_WAITING_BYTES) reader.destroy();
      else reader.write(text);
    }
  }
}
