/** The addresses of this module's screens, and of the price lists that facilities choose. */
export const paths = {
  facilities: (ws: string) => `/${ws}/facilities`,
  newFacility: (ws: string) => `/${ws}/facilities/new`,
  facility: (ws: string, id: number) => `/${ws}/facilities/${id}`,
  editFacility: (ws: string, id: number) => `/${ws}/facilities/${id}/edit`,
  pricelist: (ws: string, kind: 'items' | 'services', id: number) => `/${ws}/price-lists/${kind}/${id}`,
};
