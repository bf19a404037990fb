import { visible } from '../report/index.ts';
import type { BundleManifest } from './manifest.ts';

/** README.txt of a bundle, for who opens it by hand. */
export function readme({ run, cut, versions, replay }: Omit<BundleManifest, 'files'>): string {
  const cases = cut.cases.slice(0, 50).map(({ name, device, verdict }) => `  ${visible(name)} on ${visible(device)}: ${verdict}`);
  return `${[
    `A recorded run of hil (hardware-in-the-loop tests of neural networks), cut to ${cut.cases.length} of ${cut.of} cases:`,
    '', ...cases, ...(cut.cases.length > 50 ? [`  and ${cut.cases.length - 50} more`] : []),
    ...(cut.wider === null ? [] : ['', `More than was asked for: ${cut.wider}.`]),
    '', 'Look at it: report.html, in a browser.',
    'Run it again (FILE is the .zip, as it is):', '',
    `  ${replay.commands[0]}    the host's side, with the recorded answers of the device`,
    ...replay.commands.slice(1).map((command) => `  ${visible(command)}    the kept image, on a device that is there`),
    ...(replay.identical ? [] : ['', `When it was made, hil did not come to what was recorded: ${visible(replay.why ?? '')}`]),
    '', `Run ${visible(run.id)} of suite ${visible(run.suite)}${run.commit === null ? '' : `, commit ${visible(run.commit)}`}, started ${visible(run.startedAt)}`,
    `Made with hil ${visible(versions.hil)}, Node ${visible(versions.node)}, ${visible(versions.os)} ${visible(versions.arch)}`,
    ...versions.compilers.map((text) => `Compiler: ${visible(text)}`),
    '', 'bundle.json has all of this and the SHA-256 of every file. The model, its inputs, the generated C, the image with its debug',
    'information, and names and paths of the computer that made it are inside: give it only to whom you would give these.',
  ].join('\n')}\n`;
}
