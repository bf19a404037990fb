/** C text of values: numbers, enumerators (words), arrays and structures. */
export type CValue = number | string | readonly CValue[] | { readonly [field: string]: CValue };

/** An initialiser; fields in camelCase become members in snake_case. */
export function initialiser(value: CValue): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toExponential(17);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `{${(value as readonly CValue[]).map(initialiser).join(', ')}}`;
  return `{${Object.entries(value).map(([field, one]) => `.${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} = ${initialiser(one)}`).join(', ')}}`;
}

/** `static const TYPE NAME[] = {...};` */
export const constantArray = (type: string, name: string, values: readonly CValue[]): string => `  static const ${type} ${name}[${values.length}] = ${initialiser(values)};\n`;
