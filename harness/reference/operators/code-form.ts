import { UnsupportedForm } from '../../numerics/codes/index.ts';
import type { CodeForm, Codes } from '../../numerics/codes/index.ts';
import type { Operand, OperatorContext } from '../context.ts';

/** Scale and zero point of a tensor that is quantised as a whole. @throws reference.unsupported */
export function codesOf(context: OperatorContext, { tensor }: Operand, role: string): Codes {
  const { quantisation } = tensor;
  context.require(quantisation?.scale.length === 1, `${role} has ${quantisation?.scale.length ?? 0} scales, not 1`);
  const [scale, zeroPoint] = [quantisation.scale[0] as number, quantisation.zeroPoint[0] ?? 0];
  context.require(scale > 0 && Number.isFinite(scale), `${role} has scale ${scale}`);
  return { scale, zeroPoint };
}

/** The operator as a function of codes sees it. @throws reference.unsupported */
export function codeForm(context: OperatorContext, input: Operand, output: Operand): CodeForm {
  const { requantise, rounding, operator } = context;
  return { input: codesOf(context, input, 'input'), output: codesOf(context, output, 'output'), options: operator.options, requantise, scales: rounding.scales };
}

/** What `work` gives; an UnsupportedForm becomes the error that names the operator. @throws reference.unsupported */
export function supported<T>(context: OperatorContext, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnsupportedForm) return context.refuse(error.message);
    throw error;
  }
}
