import { payloadForm, referenceModelName } from '../link/mlperf/reference-models.ts';
import type { InterfaceTensor, NetworkManifest } from '../runtimes/manifest.ts';

const CODES: Readonly<Partial<Record<string, string>>> = { int8: 'HIL_MLPERF_INT8', uint8: 'HIL_MLPERF_UINT8', int16: 'HIL_MLPERF_INT16' };

/**
 * C lines of the object that firmware/agent/hil_mlperf.h calls hil_mlperf_first: how samples and results of the image's first
 * network travel in the MLPerf Tiny protocol. None where the first output is of a type that it cannot print.
 */
export function mlperfForm([first]: readonly NetworkManifest[]): string[] {
  const [input] = first?.inputs ?? [];
  const [output] = first?.outputs ?? [];
  if (first === undefined || input === undefined || output === undefined) return [];
  const codes = CODES[output.dtype];
  if (codes === undefined && output.dtype !== 'float32') return [];
  // The manifest's name is a C identifier; the other is a constant of ours.
  const model = referenceModelName(first.model.sha256) ?? first.name;
  const form = payloadForm(model);
  const reconstruction = form === 'reconstruction' && isReconstruction(first);
  const { milli, shift } = milliScale(output.scale ?? 1);
  const members = {
    model: JSON.stringify(model),
    payload_bytes: `${first.inputs.reduce((sum, each) => sum + each.bytes, 0) * (reconstruction ? 4 : 1)}u`,
    load: reconstruction ? 'hil_mlperf_load_floats' : 'hil_mlperf_load_codes',
    result: reconstruction ? 'hil_mlperf_result_error' : codes === undefined ? 'hil_mlperf_result_floats' : 'hil_mlperf_result_codes',
    flip: form === 'unsigned' ? '0x80u' : '0u', output_type: codes ?? '0', zero_point: `${output.zeroPoint ?? 0}`,
    milli: `${milli}u`, shift: `${shift}u`,
    input_scale: floatLiteral(input), input_zero_point: `${input.zeroPoint ?? 0}`, output_scale: floatLiteral(output), elements: `${input.bytes}u`,
  };
  return [
    '#if HIL_MLPERF', '#include "hil_mlperf.h"', 'const hil_mlperf_form hil_mlperf_first = {',
    ...Object.entries(members).map(([name, value]) => `  .${name} = ${value},`), '};', '#endif',
  ];
}

function isReconstruction({ inputs, outputs }: NetworkManifest): boolean {
  const [input, output] = [inputs[0] as InterfaceTensor, outputs[0] as InterfaceTensor];
  return inputs.length === 1 && input.dtype === 'int8' && output.dtype === 'int8' && input.bytes === output.bytes && input.scale !== null && output.scale !== null;
}

/** scale * 1000 as milli / 2^shift with milli below 2^31 and shift at most 62. */
export function milliScale(scale: number): { readonly milli: number; readonly shift: number } {
  let milli = scale * 1000;
  let shift = 0;
  for (; milli < 2 ** 30 && shift < 62; shift += 1) milli *= 2;
  return { milli: Math.min(Math.round(milli), 2 ** 31 - 1), shift };
}

function floatLiteral({ scale }: InterfaceTensor): string {
  return `${Math.fround(scale ?? 0).toExponential(9)}f`;
}
