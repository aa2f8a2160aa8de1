import type { Kind } from './wire';

/** The addresses of this module's screens. */
export const paths = {
  wholeCatalogue: (ws: string) => `/${ws}/catalogue`,
  allPricelists: (ws: string) => `/${ws}/price-lists`,
  diagnoses: (ws: string) => `/${ws}/catalogue/diagnoses`,
  catalogue: (ws: string, kind: Kind) => `/${ws}/catalogue/${kind}`,
  newEntry: (ws: string, kind: Kind) => `/${ws}/catalogue/${kind}/new`,
  entry: (ws: string, kind: Kind, id: number) => `/${ws}/catalogue/${kind}/${id}`,
  pricelists: (ws: string, kind: Kind) => `/${ws}/price-lists/${kind}`,
  newPricelist: (ws: string, kind: Kind) => `/${ws}/price-lists/${kind}/new`,
  pricelist: (ws: string, kind: Kind, id: number) => `/${ws}/price-lists/${kind}/${id}`,
  editPricelist: (ws: string, kind: Kind, id: number) => `/${ws}/price-lists/${kind}/${id}/edit`,
  addLines: (ws: string, kind: Kind, id: number) => `/${ws}/price-lists/${kind}/${id}/add`,
};

/** The kind in an address; anything else is taken for services. */
export function kindOf(text: string): Kind {
  return text === 'items' ? 'items' : 'services';
}
