import type { TensorData } from '../../../../reference/runner.ts';
import type { LayerSample } from '../../../evidence.ts';
import type { Cause } from '../../causes.ts';
import type { Candidate, Hypothesis } from '../../hypothesis.ts';
import { codesOf } from './compute.ts';
import type { Finish, Product, Sums } from './product.ts';
import { readProduct } from './read.ts';

/** A product that is computed otherwise than the model says. */
export interface Variant {
  readonly text: string;
  /** How many of the hypothesis' variants are as likely as this one. */
  readonly alternatives: number;
  readonly sums?: Partial<Sums>;
  readonly finish?: Partial<Finish>;
}

/** A hypothesis about products: from the product as it should be to what it may be instead. */
export function productHypothesis(cause: Cause, variants: (product: Product) => Iterable<Variant>): Hypothesis {
  return {
    name: `${cause} of a product`,
    *candidates(evidence) {
      const product = readProduct(evidence);
      if (product === null) return;
      for (const variant of variants(product)) yield candidateOf(cause, product, variant);
    },
  };
}

function candidateOf(cause: Cause, { sums, finish, ...rest }: Product, variant: Variant): Candidate {
  // The same object where the sums stay what they are: then they are computed once for all.
  const changed: Product = { ...rest, sums: variant.sums === undefined ? sums : { ...sums, ...variant.sums }, finish: { ...finish, ...variant.finish } };
  const codes = (sample: LayerSample, elements: Int32Array | null): Int32Array | null => {
    const input = sample.inputs.get(rest.inputTensor);
    return input === undefined ? null : codesOf(changed, input, elements);
  };
  return {
    cause, text: variant.text, alternatives: variant.alternatives,
    predictAt: (sample, tensor, elements) => (tensor === rest.outputTensor ? codes(sample, elements) : null),
    predict: (sample) => {
      const all = codes(sample, null);
      return all === null ? null : new Map<number, TensorData>([[rest.outputTensor, all]]);
    },
  };
}
