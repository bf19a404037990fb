import { HilError } from '../errors.ts';
import type { PayloadForm } from '../link/mlperf/index.ts';
import type { Quantisation, Tensor } from '../model/graph.ts';
import type { ReferenceRunner } from '../reference/index.ts';
import { bytesOf } from './batch-reference.ts';
import { inputTensors } from './main-graph.ts';

/** One sample as the firmware takes it, and what it must print. */
export interface DutSample {
  readonly payload: Uint8Array;
  readonly expected: readonly number[];
  /** What the firmware's float arithmetic may be off, beside the digits that are not printed. */
  readonly slack: number;
}

/** Relative error of one float32 operation. */
const FLOAT_STEP = 2 ** -23;

/** What a stock firmware must print for a sample: the reference's output, or how far it is from the input. */
export class DutReference {
  readonly form: PayloadForm;
  readonly output: Tensor;
  readonly #runner: ReferenceRunner;
  readonly #inputs: readonly Tensor[];

  /** @throws HilError 'config' where the form does not fit the model, or the model keeps state, which the protocol cannot reset, or has outputs that it does not show */
  constructor(runner: ReferenceRunner, form: PayloadForm) {
    const { graph } = runner;
    this.form = form;
    this.#runner = runner;
    this.#inputs = inputTensors(graph);
    const output = graph.tensors[graph.outputs[0] ?? -1];
    if (output === undefined || this.#inputs.length === 0) throw unfit('it has no input or no output');
    if (graph.outputs.length > 1) throw unfit(`it has ${graph.outputs.length} outputs, and the firmware shows the first only`);
    if (graph.tensors.some((tensor) => tensor.isVariable)) throw unfit('it keeps state between samples, which no command resets');
    if (form !== 'codes' && (this.#inputs.length !== 1 || this.#inputs[0]?.dtype !== 'int8')) throw unfit('its input is not int8');
    if (form === 'reconstruction' && (output.dtype !== 'int8' || output.elements !== this.#inputs[0]?.elements)) throw unfit('its output is no reconstruction of its input');
    this.output = output;
  }

  /** Numbers that the firmware prints for each sample. */
  get resultCount(): number {
    return this.form === 'reconstruction' ? 1 : this.output.elements;
  }

  payloadBytes(inputBytes: number): number {
    return this.form === 'reconstruction' ? 4 * inputBytes : inputBytes;
  }

  /** @param codes all inputs of the sample one after the other */
  sample(codes: Uint8Array): DutSample {
    let at = 0;
    for (const index of this.#runner.graph.inputs) {
      const view = bytesOf(this.#runner.tensors[index]!);
      view.set(codes.subarray(at, at + view.length));
      at += view.length;
    }
    this.#runner.invoke();
    const codesOut: Iterable<number | bigint> = this.#runner.tensors[this.output.index]!;
    const values = Array.from(codesOut, (code) => dequantised(Number(code), this.output.quantisation));
    if (this.form !== 'reconstruction') {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      return { payload: this.form === 'unsigned' ? codes.map((byte) => byte ^ 0x80) : codes, expected: values, slack: largest * 4 * FLOAT_STEP };
    }
    const floats = inputFloats(codes, this.#inputs[0]!.quantisation);
    const error = floats.reduce((sum, x, i) => sum + (values[i]! - x) ** 2, 0) / floats.length;
    // The firmware adds up float32: each of its additions may be half a unit off.
    return { payload: bytesOf(floats), expected: [error], slack: error * floats.length * FLOAT_STEP };
  }
}

function unfit(why: string): HilError {
  return new HilError('config', 'dut.model', `this model cannot be checked against an MLPerf Tiny firmware: ${why}`, { hint: 'Check it with hil\'s own agent in the image.' });
}

function dequantised(code: number, quantisation: Quantisation | null): number {
  return quantisation === null ? code : (code - (quantisation.zeroPoint[0] ?? 0)) * (quantisation.scale[0] ?? 1);
}

/** Values that the firmware quantises back to exactly these codes. */
function inputFloats(codes: Uint8Array, quantisation: Quantisation | null): Float32Array {
  return Float32Array.from(codes, (byte) => dequantised(byte << 24 >> 24, quantisation));
}
