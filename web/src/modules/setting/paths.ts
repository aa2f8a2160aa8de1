/** The addresses of this module's screens. */
export const paths = {
  settings: (ws: string) => `/${ws}/admin/settings`,
  setting: (ws: string, name: string) => `/${ws}/admin/settings/${name}`,
};
