/**
 * Assembles kernels.wat into kernels.wasm, which is committed beside it.
 * Run after a change of kernels.wat: node harness/reference/fast/assemble.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const SOURCE = new URL('./kernels.wat', import.meta.url);
export const BINARY = new URL('./kernels.wasm', import.meta.url);

/** The bytes of the module. @throws Error naming the line that is no WebAssembly */
export async function assemble(): Promise<Uint8Array> {
  const tools = await wabt();
  const module = tools.parseWat('kernels.wat', readFileSync(SOURCE, 'utf8'), { simd: true });
  try {
    module.resolveNames();
    module.validate();
    return module.toBinary({ write_debug_names: true }).buffer;
  } finally {
    module.destroy();
  }
}

if (import.meta.main) {
  try {
    writeFileSync(BINARY, await assemble());
  } catch (error) {
    // Not the stack, to which Node adds the assembler's one line of 600 kB.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
