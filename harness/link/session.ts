import type { Duplex } from 'node:stream';
import type { HilError } from '../errors.ts';
import { frameBound } from './frame.ts';
import type { Link, LinkOptions, LinkStats, RunOptions } from './link.ts';
import { changeBaud } from './change-baud.ts';
import { askHello, newNonce } from './hello.ts';
import { decodeNetworkOk, encodeNetwork } from './messages.ts';
import type { Hello, NetworkInfo } from './messages.ts';
import { PoolRequests } from './pool.ts';
import { ANSWER, REQUEST } from './protocol.ts';
import { runOnce } from './run.ts';
import type { RunDone, RunRequest } from './run-messages.ts';
import { Wire } from './wire.ts';

/**
 * Opens a session with the agent behind a byte stream: asks HELLO until it is answered, then what networks there are.
 * The link owns the stream from now on.
 * @throws HilError kind 'bench' (link.no-hello, link.protocol-version, link.closed, ...), 'target' or 'cancelled'; the
 *   stream is destroyed then
 */
export async function openLink(stream: Duplex, options: LinkOptions): Promise<Link> {
  const wire = new Wire(stream, options);
  try {
    const hello = await sayHello(wire, options);
    wire.exchange.setWindow(options.pace === undefined ? hello.rxWindowBytes : 0);
    const networks = await askNetworks(wire, hello);
    return new Session(wire, options, hello, networks);
  } catch (error) {
    await wire.close();
    throw error;
  }
}

async function sayHello(wire: Wire, options: LinkOptions): Promise<Hello> {
  const { helloTimeoutMs, clock } = options;
  const giveUp = clock.after(helloTimeoutMs, () => wire.exchange.fail(wire.errors.noHello(wire.received, helloTimeoutMs)));
  try {
    return await askHello(wire);
  } finally {
    giveUp();
  }
}

async function askNetworks(wire: Wire, hello: Hello): Promise<NetworkInfo[]> {
  const networks: NetworkInfo[] = [];
  let next = 0;
  await wire.exchange.submit(() => {
    if (next === hello.networkCount) return null;
    const index = next++;
    return {
      type: REQUEST.network,
      payload: encodeNetwork(index),
      accept: (frame) => {
        if (frame.type !== ANSWER.network) return false;
        const info = decodeNetworkOk(frame.payload);
        if (info.index !== index) return false;
        networks[index] = info;
        return true;
      },
    };
  });
  return networks;
}

class Session implements Link {
  readonly hello: Hello;
  readonly networks: readonly NetworkInfo[];
  readonly #wire: Wire;
  readonly #options: LinkOptions;
  readonly #pool: PoolRequests;
  /** While the speed changes, everything else waits for its end. */
  #speedChange: Promise<void> | undefined;

  constructor(wire: Wire, options: LinkOptions, hello: Hello, networks: readonly NetworkInfo[]) {
    this.#wire = wire;
    this.#options = options;
    this.hello = hello;
    this.#pool = new PoolRequests(hello, options.pace?.writeBytes);
    this.networks = networks;
  }

  get stats(): LinkStats {
    return this.#wire.stats;
  }

  get failure(): HilError | undefined {
    return this.#wire.exchange.failure;
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    this.#checkPool('a write', offset, bytes.length);
    if (this.#speedChange !== undefined) await this.#speedChange;
    await this.#wire.exchange.submit(this.#pool.write(offset, bytes));
  }

  async read(offset: number, count: number): Promise<Buffer> {
    this.#checkPool('a read', offset, count);
    if (this.#speedChange !== undefined) await this.#speedChange;
    const into = Buffer.alloc(count);
    await this.#wire.exchange.submit(this.#pool.read(offset, into));
    return into;
  }

  async copy(fromOffset: number, toOffset: number, count: number): Promise<void> {
    this.#checkPool('a copy', toOffset, count);
    if (this.#speedChange !== undefined) await this.#speedChange;
    await this.#wire.exchange.submit(this.#pool.copy(fromOffset, toOffset, count));
  }

  async changeBaud(baud: number, setBaud: (baud: number) => Promise<void>, from: number): Promise<boolean> {
    while (this.#speedChange !== undefined) await this.#speedChange;
    const change = changeBaud(this.#wire, this.#options.clock, this.hello, { baud, from, setBaud });
    this.#speedChange = change.then(() => {}, () => {});
    try {
      return await change;
    } finally {
      this.#speedChange = undefined;
    }
  }

  async run(request: RunRequest, options: RunOptions = {}): Promise<RunDone> {
    if (this.#speedChange !== undefined) await this.#speedChange;
    const { silenceMs = this.#options.silenceMs } = options;
    const limit = Math.min(frameBound(this.hello.maxPayload), this.hello.rxWindowBytes);
    return runOnce(this.#wire, this.#options.clock, newNonce(), request, { ...options, silenceMs, maxFrameBytes: limit });
  }

  async close(): Promise<void> {
    await this.#wire.close();
  }

  #checkPool(what: string, offset: number, count: number): void {
    const { poolBytes } = this.hello;
    const inside = Number.isInteger(offset) && Number.isInteger(count) && offset >= 0 && count >= 0 && offset + count <= poolBytes;
    if (!inside) throw this.#wire.errors.outOfPool(what, offset, count, poolBytes);
  }
}
