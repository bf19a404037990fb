import type { Site } from './site.ts';

/** Relative path -> text, as generateC() gives them. */
export type Files = ReadonlyMap<string, string>;

/** How a defect gets into generated C: another body of the layer's function, statements around its own, or an edit of the files. */
export type Planting =
  | { readonly kind: 'body'; readonly text: string }
  | { readonly kind: 'around'; readonly before: string; readonly after: string }
  | { readonly kind: 'files'; readonly edit: (files: Files) => Files };

/** Plants a defect in a layer; null where there is nothing in it that it could spoil. */
export type Plant = (site: Site) => Planting | null;
