import { HilError } from '../errors.ts';
import { BYTES_PER_ELEMENT, type Graph } from '../model/graph.ts';
import { forgivable } from '../diff/tolerance.ts';
import type { ManifestLayer, NetworkManifest } from '../runtimes/manifest.ts';
import type { SuiteTolerance } from '../suite/index.ts';
import { matchesGlob } from './glob.ts';
import type { PlannedTolerance } from './planned-case.ts';

/** Layers that an error lists. */
const MOST_LISTED = 30;

/**
 * Which layers and outputs each tolerance is for: the first that matches a layer has it.
 * @param samples of the case, all sequences together
 * @throws HilError 'config' suite.tolerance for one that matches no layer, is left none by those before it, or accepts every value
 */
export function planTolerances(tolerances: readonly SuiteTolerance[], manifest: NetworkManifest, graph: Graph, samples: number): PlannedTolerance[] {
  const taken = new Set<number>();
  const producers = graph.outputs.map((tensor) => producerOf(tensor, manifest, graph));
  return tolerances.map((tolerance, index) => {
    const scope = scopeOf(tolerance);
    const where = `tolerance ${index + 1} (${scope})`;
    const matching = manifest.layers.filter((layer) => matches(tolerance, layer));
    if (matching.length === 0) {
      throw refused(`${where} matches no layer of the model; it has ${listed(manifest.layers)}`, manifest.layers);
    }
    const layers = matching.filter((layer) => !taken.has(layer.index));
    if (layers.length === 0) throw refused(`${where} is never used: the first tolerance that matches a layer holds, and earlier ones match all of ${listed(matching)}`, matching);
    for (const layer of layers) {
      taken.add(layer.index);
      refuseBoundless(tolerance, where, layer, graph, samples);
    }
    const own = new Set(layers.map((layer) => layer.index));
    return { scope, layers: [...own], outputs: producers.flatMap((layer, output) => (layer !== null && own.has(layer) ? [output] : [])), lsb: tolerance.lsb, budget: tolerance.budget, reason: tolerance.reason };
  });
}

function matches({ layers, operator }: SuiteTolerance, layer: ManifestLayer): boolean {
  const byLayer = layers === null || (/^\d+$/.test(layers) ? Number(layers) === layer.index : matchesGlob(layers, layer.name));
  return byLayer && (operator === null || [layer.op, ...layer.op.split('+')].some((op) => matchesGlob(operator, op)));
}

function scopeOf({ layers, operator }: SuiteTolerance): string {
  const parts = [...(layers === null ? [] : [`layer ${layers}`]), ...(operator === null ? [] : [`operator ${operator}`])];
  return parts.length === 0 ? 'all layers' : parts.join(' and ');
}

/** The layer that shows the tensor, else the one that covers the operator that computes it. */
function producerOf(tensor: number, { layers }: NetworkManifest, graph: Graph): number | null {
  const operator = graph.operators.find((each) => each.outputs.includes(tensor))?.index ?? -1;
  const layer = layers.find((each) => each.taps.some((tap) => tap.tensor === tensor)) ?? layers.find((each) => each.covers.includes(operator));
  return layer?.index ?? null;
}

/** A tolerance as wide as a type, or a budget of all there is, accepts anything. */
function refuseBoundless(tolerance: SuiteTolerance, where: string, layer: ManifestLayer, graph: Graph, samples: number): void {
  const tensors = layer.taps.flatMap((tap) => (tap.tensor === null ? [] : graph.tensors[tap.tensor] ?? []));
  for (const { name, dtype } of tensors) {
    const span = 2 ** (8 * BYTES_PER_ELEMENT[dtype]) - 1;
    if (tolerance.budget === null && forgivable(tolerance, dtype) >= span) throw refused(`${where}: ${tolerance.lsb} LSB accept every value of tensor ${name} (${dtype})`, [layer]);
  }
  const elements = samples * tensors.reduce((sum, tensor) => sum + tensor.elements, 0);
  if (tolerance.lsb === null && tolerance.budget !== null && 'elements' in tolerance.budget && tolerance.budget.elements >= elements) {
    throw refused(`${where}: ${tolerance.budget.elements} elements are all that layer ${layer.index} ${layer.op} computes in ${samples} samples (${elements})`, [layer]);
  }
}

function listed(layers: readonly ManifestLayer[]): string {
  const names = layers.slice(0, MOST_LISTED).map(({ index, op, name }) => `layer ${index} ${op} ${JSON.stringify(name)}`).join(', ');
  return layers.length > MOST_LISTED ? `${names} and ${layers.length - MOST_LISTED} more` : names;
}

function refused(message: string, layers: readonly ManifestLayer[]): HilError {
  return new HilError('config', 'suite.tolerance', message, { facts: { layers: layers.map(({ index, op, name }) => ({ index, op, name })) } });
}
