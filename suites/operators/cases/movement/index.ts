import type { OperatorCase } from '../../case.ts';
import { blocks } from './blocks.ts';
import { bordering } from './bordering.ts';
import { chains } from './chains.ts';
import { dividing } from './dividing.ts';
import { gathering } from './gathering.ts';
import { joining } from './joining.ts';
import { making } from './making.ts';
import { resizing } from './resizing.ts';
import { searching } from './searching.ts';
import { stridedSlice } from './strided-slice.ts';
import { summing } from './summing.ts';
import { tiling } from './tiling.ts';
import { turning } from './turning.ts';
import { views } from './views.ts';

export const cases: readonly OperatorCase[] = [
  ...views, ...joining, ...dividing, ...stridedSlice, ...bordering, ...turning, ...gathering, ...blocks, ...resizing, ...searching, ...making, ...tiling, ...summing, ...chains,
];
