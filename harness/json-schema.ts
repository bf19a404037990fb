import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * A validator for one of hil's own JSON Schemas, compiled when it is first used: compiling costs tens of milliseconds, and most
 * commands need one schema or none. The schema itself is not checked against the meta-schema here (that costs as much again);
 * json-schema.test.ts does it for every schema that hil ships.
 * @param load gives the parsed schema
 */
export function lazyValidator<T = unknown>(load: () => object): () => ValidateFunction<T> {
  let compiled: ValidateFunction<T> | null = null;
  return () => (compiled ??= new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, strict: false, meta: false, validateSchema: false }).compile<T>(load()));
}
