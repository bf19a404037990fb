import type { Operator, Tensor } from '../../model/graph.ts';
import { UnsupportedForm } from '../../numerics/codes/index.ts';
import type { CodeForm, Codes } from '../../numerics/codes/index.ts';
import { requantiseDouble } from '../../numerics/index.ts';
import type { PlanContext } from '../context.ts';
import { need, perTensor, Refusal } from './refusal.ts';

/** Scale and zero point of a tensor of codes. Throws Refusal where it is not quantised as a whole. */
export function codesOf(tensor: Tensor, what: string): Codes {
  const codes = perTensor(tensor, what);
  need(Number.isInteger(codes.zeroPoint), `${what} has a zero point that is no integer`);
  return codes;
}

/** The operator as a function of codes sees it; the kernels round as 'double'. Throws Refusal. */
export function codeForm(operator: Operator, context: PlanContext, input: Tensor, output: Tensor): CodeForm {
  const { scales } = context.rounding(operator);
  return { input: codesOf(input, 'input'), output: codesOf(output, 'output'), options: operator.options, requantise: requantiseDouble, scales };
}

/** What `work` gives; an UnsupportedForm becomes a Refusal. */
export function supported<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnsupportedForm) throw new Refusal(error.message);
    throw error;
  }
}
