/** Thrown by decoders on a payload that isn't what the protocol says; the session turns it into a bench error. */
export class MalformedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedError';
  }
}

/** Reads little-endian fields one after the other and never past the end. Every method throws MalformedError there. */
export class FieldReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) {
      throw new MalformedError(`it ends after ${this.#bytes.length} bytes; a field of ${count} bytes was due at ${at}`);
    }
    this.#at = at + count;
    return at;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#take(2));
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#take(4));
  }

  i32(): number {
    return this.#bytes.readInt32LE(this.#take(4));
  }

  /** A u64 that must fit a number exactly (2^53 ticks are 9 years at 32 MHz). */
  u64(): number {
    const value = this.#bytes.readBigUInt64LE(this.#take(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new MalformedError(`a 64-bit field holds ${value}, more than 2^53`);
    return Number(value);
  }

  bytes(count: number): Buffer {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  hex(count: number): string {
    return this.bytes(count).toString('hex');
  }

  /** Printable ASCII of a length given in one byte before it. */
  name(): string {
    const bytes = this.bytes(this.u8());
    if (bytes.some((byte) => byte < 0x20 || byte > 0x7e)) throw new MalformedError('a name holds bytes that are not printable ASCII');
    return bytes.toString('latin1');
  }

  /** What is left. */
  rest(): Buffer {
    return this.bytes(this.#bytes.length - this.#at);
  }

  /** @throws MalformedError where anything is left. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new MalformedError(`it is ${left} bytes too long`);
  }
}

/** Writes little-endian fields into a buffer of known size. A value that doesn't fit its field is a RangeError. */
export class FieldWriter {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#bytes = Buffer.alloc(size);
  }

  u8(value: number): this {
    this.#at = this.#bytes.writeUInt8(value, this.#at);
    return this;
  }

  u16(value: number): this {
    this.#at = this.#bytes.writeUInt16LE(value, this.#at);
    return this;
  }

  u32(value: number): this {
    this.#at = this.#bytes.writeUInt32LE(value, this.#at);
    return this;
  }

  i32(value: number): this {
    this.#at = this.#bytes.writeInt32LE(value, this.#at);
    return this;
  }

  u64(value: number): this {
    this.#at = this.#bytes.writeBigUInt64LE(BigInt(value), this.#at);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  hex(value: string): this {
    return this.bytes(Buffer.from(value, 'hex'));
  }

  /** Length byte and ASCII text. */
  name(value: string): this {
    return this.u8(value.length).bytes(Buffer.from(value, 'latin1'));
  }

  /** @throws RangeError unless exactly `size` bytes were written: a mistake in the program. */
  done(): Buffer {
    if (this.#at !== this.#bytes.length) throw new RangeError(`${this.#at} of ${this.#bytes.length} bytes written`);
    return this.#bytes;
  }
}
