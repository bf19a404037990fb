/** Tools that put images onto boards. */
export { createFlasher } from './create-flasher.ts';
export type { BoardPort, Flasher, FlasherContext, FlashOptions, FlashResult } from './flasher.ts';
