import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { lazyValidator } from './json-schema.ts';

const harness = fileURLToPath(new URL('./', import.meta.url));
const schemas = readdirSync(harness, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.schema.json'));

t.ok(schemas.length >= 4, `${schemas.length} schemas are shipped`);
for (const file of schemas) {
  t.test(file, async (t) => {
    const schema = JSON.parse(readFileSync(path.join(harness, file), 'utf8')) as Record<string, unknown>;
    // Draft-07 schemas use nothing that 2020-12 means otherwise; their $schema would ask for the other meta-schema.
    const { $schema: _draft, ...rest } = schema;
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false });
    t.doesNotThrow(() => ajv.compile(rest), 'is a valid schema without unknown keywords');
  });
}

t.test('compiles once, and only when used', async (t) => {
  let loads = 0;
  const validator = lazyValidator(() => { loads++; return { type: 'number' }; });
  t.equal(loads, 0);
  t.equal(validator()(1), true);
  t.equal(validator()('1'), false);
  t.equal(loads, 1);
});
