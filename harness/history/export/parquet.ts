import { fileWriter, parquetWriteRows, type BasicType } from 'hyparquet-writer';
import type { Cell, ColumnType, Table } from './tables.ts';

const TYPES: Readonly<Record<ColumnType, BasicType>> = { text: 'STRING', real: 'DOUBLE', whole: 'INT64', flag: 'BOOLEAN', time: 'TIMESTAMP' };

/** So many rows are in memory at a time. */
const ROWS_OF_GROUP = 50_000;

/** A table as Parquet with typed columns, each of which may be null. @param createdBy e.g. 'hil 0.1.0' */
export async function writeParquet(file: string, { columns }: Pick<Table, 'columns'>, rows: AsyncIterable<readonly Cell[]>, createdBy: string): Promise<void> {
  await parquetWriteRows({
    writer: fileWriter(file), rows: records(columns, rows), columns: columns.map(({ name, type }) => ({ name, type: TYPES[type], nullable: true })), rowGroupSize: ROWS_OF_GROUP, createdBy,
  });
}

async function* records(columns: Table['columns'], rows: AsyncIterable<readonly Cell[]>): AsyncGenerator<Record<string, unknown>, void> {
  for await (const row of rows) yield Object.fromEntries(columns.map(({ name, type }, at) => [name, converted(row[at] ?? null, type)]));
}

function converted(cell: Cell, type: ColumnType): unknown {
  if (cell === null) return null;
  if (type === 'time') return new Date(cell as number);
  return type === 'whole' ? BigInt(cell as number) : cell;
}
