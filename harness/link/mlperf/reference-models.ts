/** The reference models of MLPerf Tiny (mlcommons/tiny, benchmark/training), by the SHA-256 of their int8 .tflite files. */
const NAMES: Readonly<Record<string, string>> = {
  aeea436800704fce17b17292e4412630ad856e9d777c044c64ef748a880bd0ae: 'kws01',
  '3c002613d1b2475eb51dd78dfb85a546c8ae658dee71cf6ade43b022fe205415': 'ic01',
  dc27dcd823f5665533352f7da516b0c9bc6f089914b8283782e55961b3423fcf: 'ic02',
  '87cf24194ef93d1d9b11a591d805526b98008e351655d29883c825c9c106ba24': 'ad01',
  '597a384c8c2c8a1276f04702f25013b7838f2f814f1ca7c174d295b73e3d6b7b': 'vww01',
};

/** The name by which firmware calls a reference model in `m-model-[...]`; null for any other model. */
export function referenceModelName(sha256: string): string | null {
  return NAMES[sha256] ?? null;
}

/** What MLPerf Tiny's checker of submissions calls the benchmark of a reference model; null for any other name. */
export function benchmarkOf(modelName: string | null): 'kws' | 'ic' | 'ic2' | 'ad' | 'vww' | null {
  switch (modelName) {
    case 'kws01': return 'kws';
    case 'ic01': return 'ic';
    case 'ic02': return 'ic2';
    case 'ad01': return 'ad';
    case 'vww01': return 'vww';
    default: return null;
  }
}

/** Bytes that the stock firmware of each reference model takes with `db`. */
const PAYLOAD_BYTES: Readonly<Record<string, number>> = { kws01: 490, ic01: 3072, ic02: 3072, ad01: 2560, vww01: 27_648 };

/** What firmware with a model of this name takes with `db`, bytes; null where the name is none of the reference models'. */
export function payloadBytes(modelName: string): number | null {
  return PAYLOAD_BYTES[modelName] ?? null;
}

/**
 * How a sample travels to the firmware and its result back:
 *   codes          the input's int8 codes as they are; the outputs, dequantised
 *   unsigned       uint8, which the firmware subtracts 128 from; the outputs, dequantised
 *   reconstruction float32 little endian, which the firmware quantises; the mean squared error between the payload and the
 *                  dequantised output is the only result
 */
export type PayloadForm = 'codes' | 'unsigned' | 'reconstruction';

/** What stock firmware with a model of this name takes; an unknown name takes codes. */
export function payloadForm(modelName: string): PayloadForm {
  if (modelName === 'ad01') return 'reconstruction';
  return /^(ic0[12]|vww01)$/.test(modelName) ? 'unsigned' : 'codes';
}
