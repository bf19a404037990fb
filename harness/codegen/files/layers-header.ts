import { cTypeOf } from '../c-types.ts';
import type { Network } from '../network.ts';
import { stateArray } from './source.ts';

/** '<name>_layers.h': what the files of one network share; not for applications. */
export function layersHeader(network: Network): string {
  const { name, macro, plan, layers, state } = network;
  const activations = plan.buffers
    .flatMap((buffer) => buffer.tensors.map((tensor) => ({ tensor, offset: buffer.offset })))
    .sort((a, b) => a.tensor - b.tensor);
  return `/* ${name}_layers.h: memory and layers of the network, for its own files and for tests.
 *
 * The layer functions have the prefix of the network, not internal linkage, so that a test can run them one by one
 * against the very object code that ships.
 */
#ifndef ${macro}_LAYERS_H
#define ${macro}_LAYERS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ${macro}_ARENA_BYTES ${plan.arenaBytes}
#define ${macro}_LAYERS ${layers.length}

extern int8_t ${name}_arena[${macro}_ARENA_BYTES];

/* Activations; t<n> is tensor n of the model. Offsets repeat where lifetimes do not meet. */
${activations.map(({ tensor, offset }) => `${`#define ${macro}_T${tensor} `}${address(network, tensor, offset)}`).join('\n')}
${scratch(network)}${state.length === 0 ? '' : `\n/* State: survives an invocation. */\n${state.map((each) => `extern ${stateArray(each)};`).join('\n')}\n`}
/* Layers in the order in which they run. */
${layers.map((layer, index) => `void ${name}_layer_${index}(void); /* ${layer.operators.map((operator) => operator.name).join(', ')} */`).join('\n')}

#ifdef __cplusplus
}
#endif

#endif
`;
}

/** The place of an activation as a pointer to its elements. Via void *, since the arena is aligned for all of them. */
function address({ name, tensor }: Network, index: number, offset: number): string {
  const type = cTypeOf(tensor(index).dtype) ?? 'int8_t';
  const place = `&${name}_arena[${offset}]`;
  return type === 'int8_t' ? `(${place})` : `((${type} *)(void *)${place})`;
}

/** Memory that layers use while they run. */
function scratch({ name, macro, plan }: Network): string {
  const lines = plan.scratch.map(({ operator, offset, bytes }) => `#define ${macro}_SCRATCH${operator} (&${name}_arena[${offset}]) /* ${bytes} bytes */`);
  return lines.length === 0 ? '' : `\n/* Scratch memory of single layers. */\n${lines.join('\n')}\n`;
}
