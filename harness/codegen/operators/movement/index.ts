import type { OperatorGenerator } from '../../context.ts';
import { argMax, argMin } from './arg-extreme.ts';
import { depthToSpace, spaceToDepth } from './blocks.ts';
import { broadcastTo } from './broadcast-to.ts';
import { cumsum } from './cumsum.ts';
import { split, splitV, unpack } from './dividing.ts';
import { dynamicUpdateSlice } from './dynamic-update-slice.ts';
import { gather, gatherNd } from './gather.ts';
import { concatenation, pack } from './joining.ts';
import { broadcastArgs, fill, shape, zerosLike } from './making.ts';
import { mirrorPad } from './mirror-pad.ts';
import { pad, padV2 } from './pad.ts';
import { resizeBilinear, resizeNearestNeighbor } from './resize.ts';
import { slice } from './slice.ts';
import { batchToSpaceNd, spaceToBatchNd } from './space-batch.ts';
import { stridedSlice } from './strided-slice.ts';
import { tile } from './tile.ts';
import { reverseV2, transpose } from './turning.ts';
import { expandDims, reshape, squeeze } from './unchanged.ts';

export const generators: readonly OperatorGenerator[] = [
  argMax, argMin, batchToSpaceNd, broadcastArgs, broadcastTo, concatenation, cumsum, depthToSpace, dynamicUpdateSlice, expandDims, fill,
  gather, gatherNd, mirrorPad, pack, pad, padV2, reshape, resizeBilinear, resizeNearestNeighbor, reverseV2, shape, slice, spaceToBatchNd,
  spaceToDepth, split, splitV, squeeze, stridedSlice, tile, transpose, unpack, zerosLike,
];
