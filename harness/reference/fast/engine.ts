import { readFileSync } from 'node:fs';

/** What kernels.wat exports; the argument is the address of a layer's parameters. */
interface Kernels {
  readonly memory: WebAssembly.Memory;
  products(parameters: number): void;
  depthwise(parameters: number): void;
  lstm(parameters: number): void;
}

const PAGE = 65536;
/** Kernels read whole vectors, so that they may read (never use) a few codes behind the last. */
const SLACK = 64;
const VECTOR = 16;
/** More than that is left to the plain path. */
const LIMIT = 2 ** 28;

let compiled: WebAssembly.Module | null | undefined;

/** The module, compiled once a process; null on a host whose WebAssembly has no SIMD. */
function compile(): WebAssembly.Module | null {
  if (compiled === undefined) {
    const bytes = readFileSync(new URL('./kernels.wasm', import.meta.url));
    compiled = WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  }
  return compiled;
}

/**
 * WebAssembly kernels with a memory of their own, one a runner. While operators are prepared they only reserve; seal() makes the
 * memory, once and for all, and lets them fill it in.
 */
export class Engine {
  #size = SLACK;
  #isSealed = false;
  readonly #fillers: ((kernels: Kernels) => void)[] = [];

  /** Whether this host has what the kernels need. */
  static get available(): boolean {
    return compile() !== null;
  }

  /** Addresses of so many bytes each, aligned to a vector; null where the memory would grow beyond all reason, or is there already. */
  reserve<const Sizes extends readonly number[]>(...sizes: Sizes): { readonly [K in keyof Sizes]: number } | null {
    const aligned = sizes.map((bytes) => Math.ceil(bytes / VECTOR) * VECTOR);
    if (this.#isSealed || aligned.reduce((sum, bytes) => sum + bytes, this.#size) > LIMIT) return null;
    return aligned.map((bytes) => {
      const address = this.#size;
      this.#size += bytes;
      return address;
    }) as { readonly [K in keyof Sizes]: number };
  }

  /** Calls `fill` when the memory is there: all 0, and not to be moved any more. */
  whenSealed(fill: (kernels: Kernels) => void): void {
    this.#fillers.push(fill);
  }

  seal(): void {
    this.#isSealed = true;
    if (this.#fillers.length === 0) return;
    const kernels = new WebAssembly.Instance(compile() as WebAssembly.Module).exports as unknown as Kernels;
    kernels.memory.grow(Math.ceil((this.#size + SLACK) / PAGE) - 1);
    for (const fill of this.#fillers.splice(0)) fill(kernels);
  }
}

/** What a kernel is until the engine is sealed. @throws Error, always */
export function notSealed(): never {
  throw new Error('a kernel ran before its memory was there');
}
