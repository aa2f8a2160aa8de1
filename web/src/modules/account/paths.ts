/** The addresses of the screens of users and roles. */
export const paths = {
  users: (ws: string) => `/${ws}/users`,
  newUser: (ws: string) => `/${ws}/users/new`,
  user: (ws: string, id: number) => `/${ws}/users/${id}`,
  /** The users who hold a role. */
  usersWith: (ws: string, role: number) => `/${ws}/users?role=${role}`,
  roles: (ws: string) => `/${ws}/roles`,
  newRole: (ws: string) => `/${ws}/roles/new`,
  /** A new role that begins as another is. */
  copyOfRole: (ws: string, id: number) => `/${ws}/roles/new?from=${id}`,
  role: (ws: string, id: number) => `/${ws}/roles/${id}`,
  editRole: (ws: string, id: number) => `/${ws}/roles/${id}/edit`,
};
