import type { ErrorObject, ValidateFunction } from 'ajv';
import deviceSchema from '../device/device.schema.json' with { type: 'json' };
import { lazyValidator } from '../json-schema.ts';
import { BYTES_PER_ELEMENT } from '../model/graph.ts';
import { supportedProfiles } from '../numerics/profiles.ts';
import { inputTensors, mainGraph, PLAN_FILE, RECORD_DIR, recordDamaged, type PlannedCase, type RunRecord } from '../run/index.ts';
import schema from './record.schema.json' with { type: 'json' };

const recordValidator = lazyValidator<RunRecord>(() => schema);
const deviceValidator = lazyValidator(() => deviceSchema);

/** @param value of record/plan.json, complete. @throws HilError 'config' record.damaged at the first thing that is not as hil writes it */
export function checkRecord(value: unknown): asserts value is RunRecord {
  check(recordValidator(), value, '');
  const { devices } = value as RunRecord;
  for (const [i, { spec }] of devices.entries()) check(deviceValidator(), spec, `/devices/${i}/spec`);
  if (new Set(devices.map(({ spec }) => spec.id)).size !== devices.length) throw recordDamaged(`${RECORD_DIR}/${PLAN_FILE} has a device twice`);
}

function check(validate: ValidateFunction<unknown>, value: unknown, where: string): void {
  if (validate(value)) return;
  const { instancePath, message, keyword } = validate.errors?.[0] as ErrorObject;
  throw recordDamaged(`${RECORD_DIR}/${PLAN_FILE}, ${where}${instancePath}: ${message ?? keyword}`);
}

/** What a case's parts must be to each other. @throws HilError 'config' record.damaged */
export function checkCase({ name, model, profile, sequences, tolerances, metrics }: PlannedCase): void {
  const damaged = (what: string): Error => recordDamaged(`case ${name}: ${what}`);
  if (!supportedProfiles().includes(profile)) throw damaged(`no rounding profile is called ${profile}`);
  const graph = mainGraph(model);
  const sampleBytes = inputTensors(graph).reduce((sum, { elements, dtype }) => sum + elements * BYTES_PER_ELEMENT[dtype], 0);
  const outputElements = graph.tensors[graph.outputs[0] ?? -1]?.elements ?? 0;
  for (const { name: sequence, samples, codes, truth, labels } of sequences) {
    if (codes.length !== samples * sampleBytes) throw damaged(`sequence ${sequence} has ${codes.length} bytes, not those of ${samples} samples`);
    if (truth !== null && truth.length !== samples * outputElements) throw damaged(`the truth of sequence ${sequence} has ${truth.length} values, not those of ${samples} samples`);
    if (labels !== undefined && (labels.fileOf.length !== samples || labels.fileOf.some((at) => labels.files[at] === undefined))) throw damaged(`the labels of sequence ${sequence} are not those of ${samples} samples`);
  }
  if ([...metrics.map(({ output }) => output), ...tolerances.flatMap(({ outputs }) => outputs)].some((output) => output >= graph.outputs.length)) throw damaged('it speaks of an output that the model lacks');
}
