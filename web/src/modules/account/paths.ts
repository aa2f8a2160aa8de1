/** Where the module's screens are. */
export const paths = {
  profile: (ws: string) => `/${ws}/settings/profile`,
};
