/** The addresses of this module's screens. */
export const paths = {
  insurees: (ws: string) => `/${ws}/insurees`,
  newInsuree: (ws: string) => `/${ws}/insurees/new`,
  insuree: (ws: string, id: number) => `/${ws}/insurees/${id}`,
  editInsuree: (ws: string, id: number) => `/${ws}/insurees/${id}/edit`,
  families: (ws: string) => `/${ws}/families`,
  family: (ws: string, id: number) => `/${ws}/families/${id}`,
  editFamily: (ws: string, id: number) => `/${ws}/families/${id}/edit`,
  newMember: (ws: string, id: number) => `/${ws}/families/${id}/add`,
};
