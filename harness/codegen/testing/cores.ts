/** The compiler for Arm cores. */
export const GCC = 'arm-none-eabi-gcc';
export const GXX = 'arm-none-eabi-g++';

export type Core = 'm0' | 'm3' | 'm4' | 'm7' | 'm33' | 'm55';

/** What tells the compiler which core it is for. */
export const CORES: Readonly<Record<Core, readonly string[]>> = {
  m0: ['-mthumb', '-mcpu=cortex-m0', '-mfloat-abi=soft'],
  m3: ['-mthumb', '-mcpu=cortex-m3', '-mfloat-abi=soft'],
  m4: ['-mthumb', '-mcpu=cortex-m4', '-mfloat-abi=hard', '-mfpu=fpv4-sp-d16'],
  m7: ['-mthumb', '-mcpu=cortex-m7', '-mfloat-abi=hard', '-mfpu=fpv5-sp-d16'],
  m33: ['-mthumb', '-mcpu=cortex-m33', '-mfloat-abi=hard', '-mfpu=fpv5-sp-d16'],
  m55: ['-mthumb', '-mcpu=cortex-m55', '-mfloat-abi=hard'],
};

/** Beside WARNINGS: what cores that trap, and namespaces that are shared, ask for. */
export const STRICT = ['-Wcast-align=strict', '-Wshadow'];
