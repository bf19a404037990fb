import { generateC } from '../../harness/codegen/index.ts';
import { MODELS, type PlantedModel } from './models/index.ts';
import { Site } from './plant/site.ts';
import { CORE } from './plant/write-network.ts';

/** Layers of all models that do the work of one operator, in a network of the given name. */
export function sitesOf(network: string, models: readonly PlantedModel[] = MODELS): { readonly model: PlantedModel; readonly site: Site }[] {
  return models.flatMap((model) => {
    const { manifest } = generateC(model.model, { name: network, core: CORE });
    return manifest.layers.filter(({ covers }) => covers.length === 1).map(({ index }) => ({ model, site: new Site(model.model, manifest, index) }));
  });
}
