import type { CaseReport } from '../report/index.ts';
import { layerTitle, visible } from '../report/index.ts';
import { escapeText } from '../report/escape/markdown.ts';
import { sampleElements } from './sample-elements.ts';
import type { ShrinkContext } from './shrink-run.ts';
import type { Shrunk } from './shrunk.ts';

/** Elements of the input that are listed. */
const MOST_ELEMENTS = 24;

/** Name and description of the suite. Untrusted text, not escaped: suite.json is data. */
export function suiteTexts({ target }: ShrinkContext, shrunk: Shrunk): { readonly name: string; readonly description: string } {
  const { name, device } = target.case;
  return { name: `shrunk: ${name}`.slice(0, 200), description: `Cut down by hil shrink from case ${name} on ${device}: ${whatFails(shrunk)}. ${shrunk.steps.join('. ')}.` };
}

function whatFails({ failure }: Shrunk): string {
  if (failure.kind !== 'values') return failure.what;
  return `${layerTitle(failure.layer)} of the case is wrong${failure.own ? ' by itself' : ''}`;
}

/** README.md of the suite: what fails, how it was cut, how to run it, and which run it comes from. */
export function readmeOf(context: ShrinkContext, shrunk: Shrunk, verified: CaseReport | null): string {
  const { run, target } = context;
  const { model, image, device } = target.case;
  const kept = run.record.optimise === null ? '' : ` --optimise ${run.record.optimise.replace(/^-O/, '')}`;
  const lines = [
    '# A failing case, cut down', '',
    `What fails: ${escapeText(whatFails(shrunk))}.`, '',
    ...(verified === null ? ['It was not run alone yet: the cutting was interrupted.'] : found(shrunk, verified)), '',
    '## Run it', '',
    `    hil run . --device ${visible(device)}${kept}`, '',
    `It ends with exit code 1 as long as the defect is there, and with 0 once it is mended.${shrunk.cDir === null ? ' hil makes the C from `model.tflite`.' : ' The C under test is in `c/`: mend it there, or take that of another folder with `--c`.'}`,
    '', '## How it was cut', '',
    ...shrunk.steps.map((step) => `- ${escapeText(step)}`), '',
    ...inputOf(shrunk),
    '## Where it comes from', '',
    `- run ${escapeText(run.report.run.id)} of suite ${escapeText(run.report.suite.name)}, case ${escapeText(target.case.name)} on ${escapeText(device)}`,
    `- model ${escapeText(model?.file ?? '')}, SHA-256 ${model?.sha256 ?? ''}`,
    ...(image === null ? [] : [`- image SHA-256 ${image.sha256}, build ${escapeText(image.buildId)}, ${escapeText(image.compiler)}, ${escapeText(image.flags.join(' '))}`]),
    `- made by hil ${escapeText(context.hilVersion)}`, '',
  ];
  return lines.join('\n');
}

/** What the suite's own run says. */
function found(shrunk: Shrunk, verified: CaseReport): string[] {
  const layer = verified.layers.find(({ covers }) => shrunk.operator !== null && covers.includes(shrunk.operator));
  const first = layer?.own?.first ?? layer?.tensors.find(({ firstMismatch }) => firstMismatch !== null)?.firstMismatch ?? null;
  const said = [`Run alone, it fails: ${escapeText(verified.reasons[0] ?? '')}`];
  if (first !== null && first !== undefined) said.push('', `First wrong element: [${first.index.join(', ')}] in step ${first.step}; expected ${first.expected}, got ${first.got}.`);
  for (const { text } of layer?.diagnosis.slice(0, 3) ?? []) said.push('', `Likely cause: ${escapeText(text)}`);
  return said;
}

/** The elements that are not at their zero point. */
function inputOf({ model, codes, samples }: Shrunk): string[] {
  const graph = model.subgraphs[0]!;
  const elements = sampleElements(graph.inputs.map((tensor) => graph.tensors[tensor]!), samples);
  if (elements === null) return [];
  const active: number[] = [];
  for (let i = 0; i < elements.count && active.length <= MOST_ELEMENTS; i++) if (elements.value(codes, i) !== elements.rest(i)) active.push(i);
  if (active.length > MOST_ELEMENTS) return [];
  const per = elements.count / samples;
  const listed = active.map((i) => `${samples === 1 ? '' : `step ${Math.floor(i / per)} `}element ${i % per} = ${elements.value(codes, i)}`);
  return ['## The input', '', listed.length === 0 ? 'All elements are at their zero point.' : `All elements are at their zero point but for: ${listed.join(', ')}.`, ''];
}
