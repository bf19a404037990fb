import t from 'tap';
import { SUPPORTED_OPERATORS } from '../codegen/index.ts';
import { operatorCode } from '../model/index.ts';
import { supportedOperators } from './registry.ts';
import { notSupportedOfTflm, TFLM_OPERATORS } from './tflm-operators.ts';

t.test('every operator of TFLM is supported on both sides, or has a reason', async (t) => {
  const references = supportedOperators().map(({ name }) => name);
  const refused = new Map(notSupportedOfTflm().map(({ name, reason }) => [name, reason]));
  for (const name of TFLM_OPERATORS) {
    t.type(operatorCode(name), 'number', `${name} is in the schema`);
    t.equal(references.includes(name), !refused.has(name), name);
    t.equal(SUPPORTED_OPERATORS.includes(name), references.includes(name), `${name}: reference and generator`);
    t.notMatch(refused.get(name) ?? '', /no reason/);
  }
  t.same(new Set(references), new Set(SUPPORTED_OPERATORS));
});
