/** The addresses of this module's screens. */
export const paths = {
  rules: (ws: string) => `/${ws}/admin/permissions`,
  newRule: (ws: string) => `/${ws}/admin/permissions/new`,
};
