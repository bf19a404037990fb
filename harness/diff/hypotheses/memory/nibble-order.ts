import type { Graph } from '../../../model/graph.ts';
import type { LayerEvidence } from '../../evidence.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { layerCopy, type Rerun } from './layer-copy.ts';

/** int4 weights, two in a byte: the high half taken for the first. */
export const nibbleOrder: Hypothesis = {
  name: 'nibble order',
  * candidates(evidence: LayerEvidence) {
    const graph = evidence.model.subgraphs[0] as Graph;
    const read = new Set(evidence.layer.covers.flatMap((index) => graph.operators[index]?.inputs ?? []));
    const packed = graph.tensors.filter(({ index, dtype, data }) => read.has(index) && dtype === 'int4' && data !== null);
    if (packed.length === 0) return;
    let copy: Rerun | null | undefined;
    yield {
      cause: 'layout.weights', text: 'the two 4-bit weights of each byte are swapped', alternatives: 1,
      predict: (sample) => {
        copy ??= layerCopy(evidence, { constants: new Map(packed.map(({ index, data }) => [index, (data as Uint8Array).map((byte) => ((byte << 4) | (byte >>> 4)) & 0xff)])) });
        return copy?.(sample.inputs) ?? null;
      },
    };
  },
};
