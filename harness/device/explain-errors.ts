import type { ErrorObject } from 'ajv';

const MOST = 8;
const WITHOUT_NEWS = ['if', 'anyOf', 'oneOf', 'then', 'else'];

/** What is wrong with a device file, in words, each with its JSON path. */
export function explain(errors: readonly ErrorObject[]): string {
  const lines = relevant(errors).filter((error) => !WITHOUT_NEWS.includes(error.keyword)).map((error) => {
    const path = `$${error.instancePath.replaceAll('/', '.')}`;
    const params = error.params as Record<string, unknown>;
    if (error.keyword === 'additionalProperties') return `${path}.${String(params['additionalProperty'])}: unknown field`;
    if (error.keyword === 'enum') return `${path}: must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    if (error.keyword === 'const') return `${path}: must be ${JSON.stringify(params['allowedValue'])}`;
    if (error.keyword === 'false schema') return `${path}: is not for devices of this kind`;
    return `${path}: ${error.message ?? 'is wrong'}`;
  });
  return [...new Set(lines)].slice(0, MOST).join('; ');
}

/**
 * Of a value that may have one of several forms (a port, a flasher), only what is wrong with the form that was meant: the one whose
 * tool it names, or the fields of which it has.
 */
function relevant(errors: readonly ErrorObject[]): ErrorObject[] {
  let left = [...errors];
  for (const { instancePath, schemaPath } of errors.filter(({ keyword }) => keyword === 'oneOf')) {
    const formOf = (error: ErrorObject): string | null => (error.schemaPath.startsWith(`${schemaPath}/`) ? error.schemaPath.slice(schemaPath.length + 1).split('/')[0] ?? null : null);
    const forms = new Map<string, ErrorObject[]>();
    for (const error of left) {
      const form = formOf(error);
      if (form !== null) forms.set(form, [...(forms.get(form) ?? []), error]);
    }
    const [meant] = [...forms.values()].sort((a, b) => misfits(a, instancePath) - misfits(b, instancePath));
    const tools = [...forms.values()].flat().filter(({ keyword }) => keyword === 'const');
    // No form's: then all their names, as one error.
    const [first] = tools;
    const told = first !== undefined && meant?.some(({ keyword }) => keyword === 'const')
      ? [{ ...first, keyword: 'enum', params: { allowedValues: tools.map(({ params }) => (params as Record<string, unknown>)['allowedValue']) } }]
      : meant ?? [];
    left = [...left.filter((error) => formOf(error) === null), ...told];
  }
  return left;
}

/** How far a value is from a form: another tool outweighs any number of wrong fields. */
function misfits(errors: readonly ErrorObject[], at: string): number {
  return errors.reduce((sum, error) => sum + (error.keyword === 'const' ? 100 : error.instancePath === at ? 1 : 0), 0);
}
