import { execa } from 'execa';
import { HilError } from '../errors.ts';
import type { Usability } from '../device/device.ts';
import { compilerEnv, findToolchain, howToGet, toolchains } from './toolchain.ts';
import type { ToolchainName } from './board.ts';

const CHECK_MS = 20_000;
const PROGRAM = '#include <stdint.h>\n#include <string.h>\n#include <math.h>\nint main(void) { volatile float x = 2; return (int)strlen("") + (int)sqrtf(x); }\n';

/** Whether images can be built: looks for the compiler and compiles a line with it. Never throws. */
export async function checkToolchain(name: ToolchainName, env: NodeJS.ProcessEnv = process.env): Promise<Usability> {
  const unusable = (found: readonly string[], what: string): Usability => ({ usable: false, found, missing: [{ what, howToGet: howToGet(name) }] });
  try {
    const { gcc, version } = await findToolchain(name, env);
    const found = [`${version} (${gcc})`];
    const target = name === 'host-gcc' ? [] : ['-mcpu=cortex-m0', '-mthumb'];
    const compiled = await execa(gcc, [...target, '-fsyntax-only', '-x', 'c', '-'], { input: PROGRAM, env: compilerEnv(env), extendEnv: false, reject: false, timeout: CHECK_MS });
    if (compiled.failed) return unusable(found, `the C library's headers for ${toolchains[name].names[0]}`);
    if (name === 'host-gcc') return { usable: true, found, missing: [] };
    const specs = await execa(gcc, ['-print-file-name=nano.specs'], { env: compilerEnv(env), extendEnv: false, reject: false, timeout: CHECK_MS });
    return specs.stdout.includes('/') ? { usable: true, found, missing: [] } : unusable(found, 'newlib (nano.specs)');
  } catch (error) {
    return unusable([], error instanceof HilError ? error.message : String(error));
  }
}
