import { BYTES_PER_ELEMENT, type Tensor } from '../../model/graph.ts';
import { commentText } from '../names.ts';
import type { Network } from '../network.ts';
import { bytesOfState } from '../subgraph.ts';

/** '<name>_hil.c': the network as the hil agent sees it; no product needs this file. */
export function hilSource(network: Network): string {
  const { name, macro, model, graph, layers, state, plan } = network;
  const buffer = (tensor: Tensor, pointer = network.pointer(tensor), what = ''): string => `  {${pointer}, ${tensor.elements * BYTES_PER_ELEMENT[tensor.dtype]}u}, /* t${tensor.index}${what} */`;
  const table = (kind: string, rows: readonly string[]): string => (rows.length === 0 ? '' : `static const hil_buffer ${name}_${kind}[${rows.length}] = {\n${rows.join('\n')}\n};\n\n`);
  const ports = (tensors: readonly number[]): string[] => tensors.map((index) => buffer(network.tensor(index)));
  const firstTap: number[] = [];
  let taps = 0;
  for (const layer of layers) {
    firstTap.push(taps);
    taps += layer.taps.length;
  }
  const steps = layers.map(
    (layer, index) => `  ${name}_layer_${index}();
  if (tap(ctx, ${index}u, 0u, &${name}_views[${firstTap[index]}], ${layer.taps.length}u) != 0) {
    return HIL_STOPPED;
  }`,
  );
  return `/* ${name}_hil.c: the network as the hil agent sees it. Leave this file out of a product.
 *
 * It adds no code to the layers: both sequences call the same functions.
 */
#include "hil_network.h"

#include "${name}.h"
#include "${name}_layers.h"

/* What the layers show, layer by layer. */
static const hil_view ${name}_views[${taps}] = {
${layers.flatMap((layer, index) => layer.taps.map(({ tensor, role, pointer }) => buffer(tensor, pointer, `, layer ${index} ${role}`))).join('\n')}
};

static const uint16_t ${name}_first_tap[${macro}_LAYERS] = {${firstTap.join(', ')}};

${table('inputs', ports(graph.inputs))}${table('outputs', ports(graph.outputs))}${table('state', state.map((each) => `  {${each.symbol}, ${bytesOfState(each)}u}, /* ${commentText(each.name)} */`))}${table('scratch', plan.arenaBytes === 0 ? [] : [`  {${name}_arena, ${macro}_ARENA_BYTES}, /* nothing in it survives an invocation */`])}/* The sequence of ${name}_invoke() with a tap after each layer. */
static int32_t ${name}_invoke_tapped(void *ctx, hil_tap_fn tap)
{
${steps.join('\n')}
  return HIL_OK;
}

static int32_t ${name}_invoke_either(void *ctx, hil_tap_fn tap)
{
  if (tap == 0) {
    ${name}_invoke();
    return HIL_OK;
  }
  return ${name}_invoke_tapped(ctx, tap);
}

static int32_t ${name}_init_status(void)
{
  ${name}_init();
  return HIL_OK;
}

extern const hil_network ${name}_network;
const hil_network ${name}_network = {
  .name = "${name}",
  .model_sha256 = {
    ${shaItems(model.sha256)}
  },
  .layers = ${macro}_LAYERS,
  .taps = ${taps},
  .layer_first_tap = ${name}_first_tap,
  .arena_bytes = ${macro}_ARENA_BYTES,
  .init = ${name}_init_status,
  .reset = ${state.length === 0 ? '0' : `${name}_reset`},
  .invoke = ${name}_invoke_either,
  .inputs = ${name}_inputs,
  .n_inputs = ${graph.inputs.length},
  .outputs = ${name}_outputs,
  .n_outputs = ${graph.outputs.length},
  .state = ${state.length === 0 ? '0' : `${name}_state`},
  .n_state = ${state.length},
  .blobs = 0,
  .n_blobs = 0,
  .scratch = ${plan.arenaBytes === 0 ? '0' : `${name}_scratch`},
  .n_scratch = ${plan.arenaBytes === 0 ? 0 : 1},
};
`;
}

function shaItems(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  const items = bytes.map((byte) => `0x${byte}`);
  return [items.slice(0, 16).join(', '), items.slice(16).join(', ')].join(',\n    ');
}
