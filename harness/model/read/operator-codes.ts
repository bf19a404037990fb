import { refusal } from '../bounded/refusal.ts';
import type { Table } from '../bounded/table.ts';
import { CUSTOM, FIRST_WIDE_CODE, operatorName } from '../schema/operators.ts';

export interface OperatorCode {
  readonly code: number;
  readonly name: string;
  readonly customName: string;
  readonly version: number;
}

/**
 * One OperatorCode table. Old files have the code in `deprecated_builtin_code`, a byte; files since schema 3a have it in
 * `builtin_code` too, and codes from 127 on only there: the greater one holds.
 * @throws model.invalid for a negative code or a custom operator without a name
 */
export function readOperatorCode(table: Table): OperatorCode {
  const old = table.int8(0, 'deprecated_builtin_code');
  const wide = table.int32(3, 'builtin_code');
  const code = Math.max(old, wide);
  if (old < 0 || wide < 0) throw refusal('model.invalid', table.offsetOf(wide < 0 ? 3 : 0, 'builtin_code'), table.field('builtin_code'), `operator code ${Math.min(old, wide)}`);
  if (old !== 0 && wide !== 0 && old !== Math.min(wide, FIRST_WIDE_CODE)) {
    throw refusal('model.invalid', table.offsetOf(0, 'deprecated_builtin_code'), table.field('deprecated_builtin_code'), `${old} contradicts builtin_code ${wide}`);
  }
  const customName = table.string(1, 'custom_code');
  if (code === CUSTOM && customName === '') throw refusal('model.invalid', table.offsetOf(1, 'custom_code'), table.field('custom_code'), 'a custom operator without a name');
  const version = table.int32(2, 'version', 1);
  return { code, name: operatorName(code), customName: code === CUSTOM ? customName : '', version };
}
