import type { OperatorReference } from '../../context.ts';
import { argMax, argMin } from './arg-extreme.ts';
import { batchToSpaceNd } from './batch-to-space-nd.ts';
import { broadcastArgs } from './broadcast-args.ts';
import { broadcastTo } from './broadcast-to.ts';
import { concatenation } from './concatenation.ts';
import { cumsum } from './cumsum.ts';
import { depthToSpace, spaceToDepth } from './depth-space.ts';
import { dynamicUpdateSlice } from './dynamic-update-slice.ts';
import { expandDims } from './expand-dims.ts';
import { fill, zerosLike } from './fill.ts';
import { gatherNd } from './gather-nd.ts';
import { gather } from './gather.ts';
import { mirrorPad } from './mirror-pad.ts';
import { pack } from './pack.ts';
import { pad, padV2 } from './pad.ts';
import { reshape } from './reshape.ts';
import { resizeBilinear } from './resize-bilinear.ts';
import { resizeNearestNeighbor } from './resize-nearest-neighbor.ts';
import { reverseV2 } from './reverse.ts';
import { shape } from './shape.ts';
import { slice } from './slice.ts';
import { spaceToBatchNd } from './space-to-batch-nd.ts';
import { split, splitV } from './split.ts';
import { squeeze } from './squeeze.ts';
import { stridedSlice } from './strided-slice.ts';
import { tile } from './tile.ts';
import { transpose } from './transpose.ts';
import { unpack } from './unpack.ts';

export const references: readonly OperatorReference[] = [
  argMax, argMin, batchToSpaceNd, broadcastArgs, broadcastTo, concatenation, cumsum, depthToSpace, dynamicUpdateSlice, expandDims, fill,
  gather, gatherNd, mirrorPad, pack, pad, padV2, reshape, resizeBilinear, resizeNearestNeighbor, reverseV2, shape, slice, spaceToBatchNd,
  spaceToDepth, split, splitV, squeeze, stridedSlice, tile, transpose, unpack, zerosLike,
];
