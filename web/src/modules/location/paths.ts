/** The addresses of this module's screens. */
export const paths = {
  places: (ws: string) => `/${ws}/places`,
  newPlace: (ws: string, within?: number) => `/${ws}/places/new${within === undefined ? '' : `?within=${within}`}`,
  place: (ws: string, id: number) => `/${ws}/places/${id}`,
};
