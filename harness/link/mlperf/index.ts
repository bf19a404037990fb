/** The MLPerf Tiny (EnergyRunner) text protocol from the host's side. */
export { openDut } from './dut.ts';
export type { Dut, DutOptions, Inference } from './dut.ts';
export type { LoadReport } from './load.ts';
export type { PrintedNumber } from './replies.ts';
export { benchmarkOf, payloadBytes, payloadForm, referenceModelName } from './reference-models.ts';
export type { PayloadForm } from './reference-models.ts';
