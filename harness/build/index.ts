/** Networks + agent + board -> image. */
export { buildImage } from './build-image.ts';
export type { BuildRequest, BuildStep, BuiltImage } from './build-image.ts';
export type { BuildOptions } from './plan.ts';
export { firmwareDir, loadBoard } from './board.ts';
export type { BoardSpec } from './board.ts';
export type { MemoryFigures } from './memory.ts';
export { resolvePc } from './resolve-pc.ts';
export type { SourcePlace } from './resolve-pc.ts';
export { findToolchain, toolchains } from './toolchain.ts';
export { checkToolchain } from './check-toolchain.ts';
export { examineDevices } from './doctor.ts';
export type { Diagnosis } from './doctor.ts';
export { preloadArea, symbolValues } from './elf-symbols.ts';
export type { PreloadArea } from './elf-symbols.ts';
