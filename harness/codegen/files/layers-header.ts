import type { Network } from '../network.ts';

/** '<name>_layers.h': what the files of one network share; not for applications. */
export function layersHeader(network: Network): string {
  const { name, macro, plan, layers } = network;
  const activations = plan.buffers
    .flatMap((buffer) => buffer.tensors.map((tensor) => ({ tensor, offset: buffer.offset })))
    .sort((a, b) => a.tensor - b.tensor);
  const states = plan.state.map(({ tensor }) => network.tensor(tensor));
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
${activations.map(({ tensor, offset }) => `#define ${macro}_T${tensor} (&${name}_arena[${offset}])`).join('\n')}
${states.length === 0 ? '' : `\n/* State: survives an invocation. */\n${states.map((tensor) => `extern ${tensor.dtype}_t ${name}_t${tensor.index}[${tensor.elements}];`).join('\n')}\n`}
/* Layers in the order in which they run. */
${layers.map((layer, index) => `void ${name}_layer_${index}(void); /* ${layer.operator.name} */`).join('\n')}

#ifdef __cplusplus
}
#endif

#endif
`;
}
