import type { Report, ReportDevice } from '../report.ts';

/** What a device file says beside the report. All of it untrusted text. */
export interface SystemFacts {
  /** Name of its folder and file: letters, digits and '-'. */
  readonly slug: string;
  readonly description: string;
}

/**
 * systems/<system>.json. What hil does not know is left empty for who submits; the names are those that the checker of submissions reads.
 * @param status available, preview or rdi; of a device that is no system, what no checker takes
 */
export function systemJson(report: Report, device: ReportDevice, { description }: SystemFacts, organisation: string, status: string): string {
  return `${JSON.stringify({
    'Submitter': organisation, 'Status': status, 'Board Name': description,
    'Processor(s) Name': device.core, 'Processor(s) Frequencies': device.clockHz > 0 ? `${device.clockHz / 1e6} MHz` : '', 'Processor memory type and capacity': '',
    'Accelerator': '', 'Accelerator(s) Frequencies': '', 'Accelerator memory type and capacity': '', 'Hardware Notes': device.simulated ? 'emulated' : '',
    'Inference Framework': '', 'Software Libraries': '', 'Software Notes': `measured with hil ${report.run.hilVersion}`,
  }, null, 2)}\n`;
}

/** code/README.md: how the results were made, in place of code that hil cannot know the licence of. */
export function codeNote({ run, suite }: Report): string {
  const line = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}').slice(0, 1000);
  return [
    '# Code', '', 'Put here what is needed to build and run the firmware again: a submission needs it, and hil does not copy it.', '',
    `The newest results were written by hil ${run.hilVersion}:`, '',
    `    run      ${run.id}, ${run.startedAt}`, `    suite    ${line(suite.name)}`, `    command  ${line(run.command.join(' '))}`,
    ...(run.source === undefined || run.source.commit === null ? [] : [`    commit   ${line(run.source.commit)}${run.source.dirty ? ', with changes' : ''}`]), '',
    'The folder of that run has the generated C, the images, the transcript and the report.', '',
  ].join('\n');
}
