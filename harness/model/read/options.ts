import type { OperatorOptions } from '../graph.ts';
import { refusal } from '../bounded/refusal.ts';
import type { Table } from '../bounded/table.ts';
import { OPTIONS_TABLES, optionsTableOf } from '../schema/options.ts';
import type { OptionField } from '../schema/options.ts';

/** Greatest value of the enums that decide arithmetic: another one is damage, not a choice. */
const ENUM_MAX = { padding: 1, activation: 5 } as const;

/**
 * The builtin options of an operator, defaults filled in where fields or the whole table are absent. Tables that hil has no row
 * for give {}: an operator is refused by whoever runs it, not by the reader.
 * @throws model.invalid where the table is another operator's, an enum value is unknown, or a float is not finite
 */
export function readOptions(operator: Table, name: string): OperatorOptions {
  const union = operator.uint8(3, 'builtin_options_type');
  const expected = optionsTableOf(name);
  const present = union === 0 ? null : operator.table(4, 'builtin_options');
  if (expected !== null && union !== 0 && union !== expected.union) {
    const found = OPTIONS_TABLES.find((row) => row.union === union)?.table ?? `table ${union}`;
    throw refusal('model.invalid', operator.offsetOf(3, 'builtin_options_type'), operator.field('builtin_options_type'), `${name} with ${found}, expected ${expected.table}`);
  }
  const row = expected ?? OPTIONS_TABLES.find((candidate) => candidate.union === union);
  const options: Record<string, number | boolean | string | readonly number[]> = {};
  for (const field of row?.fields ?? []) options[field[0]] = present === null ? field[3] : readField(present, field);
  return options;
}

function readField(table: Table, [name, id, type, fallback]: OptionField): number | boolean | string | readonly number[] {
  switch (type) {
    case 'bool': return table.bool(id, name, fallback as boolean);
    case 'int8': return table.int8(id, name, fallback as number);
    case 'int32': return table.int32(id, name, fallback as number);
    case 'int32[]': return table.vector(id, name, 4)?.int32s() ?? (fallback as readonly number[]);
    case 'string': return table.string(id, name);
    case 'float32': {
      const value = table.float32(id, name, fallback as number);
      if (!Number.isFinite(value)) throw refusal('model.invalid', table.offsetOf(id, name), table.field(name), `${value} is not finite`);
      return value;
    }
    case 'padding':
    case 'activation': {
      const value = table.int8(id, name, fallback as number);
      if (value < 0 || value > ENUM_MAX[type]) throw refusal('model.invalid', table.offsetOf(id, name), table.field(name), `${value} is no ${type}`);
      return value;
    }
  }
}
