/**
 * Writes docs/operators.md: operator by type by core, from the code and from what the cases run.
 *
 *   node_modules/.bin/node suites/operators/table.ts [--check]     --check: writes nothing, exit 1 where the file is out of date
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generateC, SUPPORTED_OPERATORS } from '../../harness/codegen/index.ts';
import type { Model } from '../../harness/model/graph.ts';
import { supportedOperators, notSupportedOfTflm } from '../../harness/reference/index.ts';
import { FAMILIES } from './cases/index.ts';
import { readOracle } from './oracle.ts';
import { prepareCase } from './prepared.ts';

/** One core an instruction set, and the prefix of the kernel headers that are only for it. */
const KERNELS = [['cortex-m4', 'nn_dsp_', 'DSP'], ['cortex-m55', 'nn_mve_', 'Helium']] as const;
/** Cases of an operator and type that are looked at for kernels of its own. */
const LOOKED_AT = 12;

interface Row { cases: number; own: Set<string> }

const rows = new Map<string, Map<string, Row>>();
/** Operators that are compared with another oracle than TFLM, by its name and version. */
const otherOracles = new Map<string, Set<string>>();
for (const [family, cases] of Object.entries(FAMILIES)) {
  const records = readOracle(family)?.cases ?? {};
  for (const one of cases) {
    const other = records[one.name]?.oracle;
    if (other !== undefined) otherOracles.set(other, new Set([...(otherOracles.get(other) ?? []), one.op]));
    const { model } = prepareCase(one);
    const row = rowOf(one.op, typesOf(model, one.op));
    row.cases += 1;
    if (row.cases > LOOKED_AT) continue;
    for (const [core, prefix, label] of KERNELS) if ([...generateC(model, { name: 'x', core }).files.keys()].some((file) => file.startsWith(prefix))) row.own.add(label);
  }
}

const target = new URL('../../docs/operators.md', import.meta.url);
const text = page();
const current = existsSync(target) ? readFileSync(target, 'utf8') : '';
if (process.argv.includes('--check')) {
  process.stdout.write(text === current ? 'docs/operators.md is up to date\n' : 'docs/operators.md is out of date: node suites/operators/table.ts\n');
  process.exitCode = text === current ? 0 : 1;
} else if (text !== current) {
  writeFileSync(target, text);
}

function rowOf(op: string, types: string): Row {
  const byType = rows.get(op) ?? new Map<string, Row>();
  rows.set(op, byType);
  const row = byType.get(types) ?? { cases: 0, own: new Set<string>() };
  byType.set(types, row);
  return row;
}

/** Types of the operator's data: its first computed input, and its output where that is another. */
function typesOf(model: Model, op: string): string {
  for (const graph of model.subgraphs) {
    const operator = graph.operators.find(({ name }) => name === op);
    if (operator === undefined) continue;
    const tensors = [...operator.inputs, ...operator.outputs].filter((index) => index >= 0).map((index) => graph.tensors[index]);
    const first = tensors.find((tensor) => tensor !== undefined && tensor.dtype !== 'resource' && (tensor.data === null || op === 'ASSIGN_VARIABLE'))?.dtype ?? 'none';
    const last = graph.tensors[operator.outputs[0] ?? -1]?.dtype ?? first;
    return first === last || last === 'resource' ? first : `${first} to ${last}`;
  }
  return 'none';
}

function page(): string {
  const references = new Map(supportedOperators().map(({ name, supports }) => [name, supports]));
  const names = [...new Set([...references.keys(), ...SUPPORTED_OPERATORS])].sort();
  const lines = names.flatMap((name) => {
    const byType = [...(rows.get(name) ?? new Map<string, Row>([['-', { cases: 0, own: new Set() }]]))].sort(([a], [b]) => (a < b ? -1 : 1));
    return byType.map(([types, { cases, own }]) => `| ${name} | ${types} | ${references.has(name) ? 'yes' : 'no'} | ${SUPPORTED_OPERATORS.includes(name) ? 'yes' : 'no'} | ${own.has('DSP') ? 'DSP' : 'plain C'} | ${own.has('Helium') ? 'Helium' : 'plain C'} | ${cases} |`);
  });
  const total = [...rows.values()].reduce((sum, byType) => sum + [...byType.values()].reduce((n, row) => n + row.cases, 0), 0);
  return `# Operators

Made from the code by \`node suites/operators/table.ts\`; do not edit. ${names.length} operators, ${total} cases.

Every case is compared bit for bit: the reference with TensorFlow Lite Micro's values (float32 within the ULP bound that the case states), generated C with the reference. The plain C is what M0, M3 and any host get; M4, M7 and M33 share the DSP kernels, M55 has Helium ones, and where these columns say plain C they get that too.

| operator | type | reference | C for M0, M3, host | M4, M7, M33 | M55 | cases |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

${[...otherOracles].map(([oracle, operators]) => `TensorFlow Lite Micro does not have ${[...operators].sort().join(', ')}: what these compute is compared with the reference kernels of ${oracle}.\n\n`).join('')}## What each supports

| operator | form |
| --- | --- |
${names.map((name) => `| ${name} | ${(references.get(name) ?? '').replaceAll('|', '\\|')} |`).join('\n')}

## What TensorFlow Lite Micro has and hil does not

| operator | reason |
| --- | --- |
${notSupportedOfTflm().map(({ name, reason }) => `| ${name} | ${reason} |`).join('\n')}
`;
}
