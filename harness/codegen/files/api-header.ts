import type { Tensor } from '../../model/graph.ts';
import { cTypeOf } from '../c-types.ts';
import { floatText } from '../constants.ts';
import { commentText, shapeText } from '../names.ts';
import type { Network } from '../network.ts';

/** '<name>.h': all that an application includes. */
export function apiHeader(network: Network): string {
  const { name, macro, graph, plan, constants } = network;
  const stateful = network.stateBytes > 0;
  return `/* ${name}.h: one neural network as plain C.
 *
 * Use: ${name}_init() once, then for each inference write the inputs, call ${name}_invoke() and read the outputs.
 * Nothing allocates, nothing blocks, no library but memcpy and memset is called. Not reentrant: the network works in
 * its own static memory (${plan.arenaBytes} bytes arena, ${network.stateBytes} bytes state; ${constants.bytes} bytes of constants).
 */
#ifndef ${macro}_H
#define ${macro}_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Call once before anything else${stateful ? '; sets the state to its start value' : ' (this network has no state, so it does nothing; keep the call)'}. */
void ${name}_init(void);

/* ${stateful ? 'Forgets everything seen so far: the state goes back to its start value.' : 'Nothing to forget: this network has no state.'} */
void ${name}_reset(void);

/* One inference${stateful ? '. The state carries over to the next one' : ''}. The inputs may be overwritten by it, so write them again before each call;
 * the outputs stay valid until then: an output may lie where an input was. */
void ${name}_invoke(void);

${graph.inputs.map((index, slot) => port(network, 'input', slot, network.tensor(index))).join('\n')}
${graph.outputs.map((index, slot) => port(network, 'output', slot, network.tensor(index))).join('\n')}
#ifdef __cplusplus
}
#endif

#endif
`;
}

/** Declaration, size and scale of one input or output. */
function port(network: Network, kind: 'input' | 'output', slot: number, tensor: Tensor): string {
  const { name, macro } = network;
  const scale = tensor.quantisation?.scale[0];
  const zeroPoint = tensor.quantisation?.zeroPoint[0] ?? 0;
  const title = commentText(tensor.name);
  const prefix = `${macro}_${kind.toUpperCase()}_${slot}`;
  const lines = [
    `/* ${kind === 'input' ? 'Input' : 'Output'} ${slot}: ${tensor.dtype} ${shapeText(tensor.shape)}, row-major${title === '' ? '' : ` (${title})`}.${
      scale === undefined ? '' : `\n * real value = scale * (code - zero point)`
    } */`,
    `#define ${prefix}_ELEMENTS ${tensor.elements}`,
  ];
  if (scale !== undefined && Number.isFinite(scale)) {
    lines.push(`#define ${prefix}_SCALE ${floatText(scale)}`, `#define ${prefix}_ZERO_POINT (${zeroPoint})`);
  }
  const type = cTypeOf(tensor.dtype) ?? 'int8_t';
  lines.push(`${kind === 'input' ? type : `const ${type}`} *${name}_${kind}_${slot}(void);`, '');
  return lines.join('\n');
}
