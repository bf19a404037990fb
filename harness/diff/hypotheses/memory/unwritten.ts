import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence } from '../../evidence.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { bytesOf, emptyLike, tensorOf } from './elements.ts';
import { filled, type Fit } from './filled-region.ts';

/** Bytes that agents, debuggers and test benches put into memory before a run. */
const POISONS = [0xaa, 0x55, 0xa5, 0xcd];
/** One element that always has the same wrong value says little, but for an output that is no larger and holds the agent's poison. */
const LEAST_WRONG = 4;
/** Zero is a common value, also of what went wrong otherwise. */
const LEAST_ZEROS = 16;

/** Elements that the layer never writes hold what was put into memory before the run. */
export const unwritten: Hypothesis = {
  name: 'unwritten',
  * candidates(evidence) {
    const bytes = new Set([...(evidence.poison === null ? [] : [evidence.poison]), ...POISONS]);
    for (const byte of bytes) {
      const candidate = filled(evidence, {
        cause: 'memory.unwritten', text: `were never written: they hold 0x${byte.toString(16).padStart(2, '0')}`, alternatives: bytes.size,
        of: (sample, tensor) => repeated(sample.expected.get(tensor), byte),
      }, ({ wrong, elements, region }) => wrong >= LEAST_WRONG && (elements.length > 1 || (region.alternatives === 1 && byte === evidence.poison)));
      if (candidate !== null) yield candidate;
    }
    const zeros = filled(evidence, {
      cause: 'memory.unwritten', text: 'were never written: they hold 0', alternatives: 1, of: (sample, tensor) => repeated(sample.expected.get(tensor), 0),
    }, (fit) => areTelling(fit, evidence));
    if (zeros !== null) yield zeros;
  },
};

/** Zeros in a part of the tensor from an edge on, of which the rest is right, where 0 is neither real zero nor what an activation limits to. */
function areTelling({ region, tensor, wrong, rightValues }: Fit, evidence: LayerEvidence): boolean {
  const { quantisation } = tensorOf(evidence, tensor);
  return region.alternatives > 1 && region.atEdge && wrong >= LEAST_ZEROS && rightValues > 3 && (quantisation?.zeroPoint[0] ?? 0) !== 0;
}

function repeated(like: TensorData | undefined, byte: number): TensorData | null {
  if (like === undefined) return null;
  const data = emptyLike(like);
  bytesOf(data).fill(byte);
  return data;
}
