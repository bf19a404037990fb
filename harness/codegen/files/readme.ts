import { cTypeOf } from '../c-types.ts';
import { floatFlags } from '../manifest.ts';
import { shapeText } from '../names.ts';
import type { Network } from '../network.ts';

/** 'README.md': what is in the folder, and the program that a firmware needs around it. */
export function readme(network: Network): string {
  const { name, plan, constants, graph, layers, kernels, model, target } = network;
  const ports = (kind: 'input' | 'output', tensors: readonly number[]): string => tensors.map((index, slot) => {
    const tensor = network.tensor(index);
    return `| ${kind} ${slot} | \`${name}_${kind}_${slot}()\` | ${cTypeOf(tensor.dtype) ?? tensor.dtype} | ${shapeText(tensor.shape)} | ${tensor.quantisation?.scale[0] ?? '-'} | ${tensor.quantisation?.zeroPoint[0] ?? '-'} |`;
  }).join('\n');
  return `# ${name}

One neural network as C99 (it compiles as C++20 too) without a library: nothing allocates, nothing blocks.
Made from the model with SHA-256 \`${model.sha256}\`, for ${target.core === 'any' ? 'any core' : target.core}.

| | | type | shape | scale | zero point |
| --- | --- | --- | --- | --- | --- |
${ports('input', graph.inputs)}
${ports('output', graph.outputs)}

RAM: ${plan.arenaBytes} bytes of arena, ${network.stateBytes} bytes of state. Constants: ${constants.bytes} bytes of flash${constants.tableBytes === 0 ? '' : `, ${constants.tableBytes} of them tables of functions`}. Layers: ${layers.length}.

## Use

Compile \`${name}.c\` and \`${name}_weights.c\` into your firmware. \`${name}_hil.c\` is for the test harness only.
${flagsText(floatFlags(network))}
\`\`\`c
${exampleProgram(network)}\`\`\`

The functions share static memory: call them from one task, and write the inputs again before each call.

| file | what |
| --- | --- |
| \`${name}.h\` | all that an application includes |
| \`${name}.c\`, \`${name}_layers.h\` | memory plan, layers in order |
| \`${name}_weights.c\`, \`${name}_weights.h\` | constants |
| ${kernels.map((header) => `\`${header}\``).join(', ')}, ... | kernels |
| \`${name}_hil.c\`, \`network.json\` | the network as hil sees it |
`;
}

/** What the compiler must be told; nothing for networks of integers. */
function flagsText(flags: readonly string[]): string {
  if (flags.length === 0) return '';
  return `\nCompile them with ${flags.map((flag) => `\`${flag}\``).join(' and ')}, and never with \`-ffast-math\`: else the compiler rounds float32 values in another way than the reference.\n`;
}

/** A whole program around the network: fills the inputs, runs it, and reads the first output. */
export function exampleProgram({ name, macro, graph, ...network }: Network): string {
  const [output] = graph.outputs.map((index) => network.tensor(index));
  const cast = output?.dtype === 'float32' || output?.dtype === 'int8' || output?.dtype === 'int16' ? '' : '(int)';
  const fill = graph.inputs.map((index, slot) => {
    const type = cTypeOf(network.tensor(index).dtype) ?? 'int8_t';
    return `  for (int i = 0; i < ${macro}_INPUT_${slot}_ELEMENTS; i++) {\n    ${name}_input_${slot}()[i] = (${type})(i % 100); /* your samples */\n  }\n`;
  });
  return `#include <stdio.h>
#include "${name}.h"

int main(void)
{
  ${name}_init();
${fill.join('')}  ${name}_invoke();
  for (int i = 0; i < ${macro}_OUTPUT_0_ELEMENTS; i++) {
    printf("${output?.dtype === 'float32' ? '%g' : '%d'}\\n", ${cast}${output?.dtype === 'float32' ? '(double)' : ''}${name}_output_0()[i]);
  }
  return 0;
}
`;
}
