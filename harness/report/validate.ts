import type { ErrorObject } from 'ajv';
import { HilError } from '../errors.ts';
import { lazyValidator } from '../json-schema.ts';
import { fromFileForm, toFileForm } from './json.ts';
import schema from './report.schema.json' with { type: 'json' };
import type { Report } from './report.ts';

const validator = lazyValidator<Report>(() => schema);
const MOST_ERRORS = 20;

/**
 * Checks a report, in memory or as parsed from a file, against report.schema.json.
 * @returns what is wrong, each with its JSON path; empty: it is valid.
 */
export function validateReport(report: unknown): string[] {
  const check = validator();
  if (check(toFileForm(report as Report))) return [];
  const errors = check.errors ?? [];
  const lines = errors.slice(0, MOST_ERRORS).map(describe);
  if (errors.length > MOST_ERRORS) lines.push(`... and ${errors.length - MOST_ERRORS} more`);
  return lines;
}

function describe(error: ErrorObject): string {
  const unknown = error.keyword === 'additionalProperties' ? ` (${JSON.stringify(error.params.additionalProperty)})` : '';
  const allowed = error.keyword === 'enum' ? ` (${JSON.stringify(error.params.allowedValues)})` : '';
  return `${error.instancePath === '' ? '/' : error.instancePath}: ${error.message ?? error.keyword}${unknown}${allowed}`;
}

/**
 * Reads a report.json.
 * @param where names the file in messages.
 * @throws HilError 'config' 'report.invalid' if it is not JSON, or not a hil-report/1.
 */
export function parseReport(text: string, where: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HilError('config', 'report.invalid', `${where} is not JSON`, { cause });
  }
  const errors = validateReport(value);
  if (errors.length > 0) {
    throw new HilError('config', 'report.invalid', `${where} is not a hil-report/1: ${errors[0]}`, {
      hint: 'It may have been written by another version of hil; run again to make a new one.',
      facts: { file: where, errors },
    });
  }
  return fromFileForm(value);
}
