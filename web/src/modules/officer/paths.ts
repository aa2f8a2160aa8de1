import type { Kind } from './wire';

/** What stands in addresses for a kind. */
export const segment = { officers: 'officers', 'claim-admins': 'claim-administrators' } as const;

/** The addresses of this module's screens, and of the screens of other modules that these lead to. */
export const paths = {
  list: (ws: string, kind: Kind) => `/${ws}/${segment[kind]}`,
  add: (ws: string, kind: Kind) => `/${ws}/${segment[kind]}/new`,
  one: (ws: string, kind: Kind, id: number) => `/${ws}/${segment[kind]}/${id}`,
  edit: (ws: string, kind: Kind, id: number) => `/${ws}/${segment[kind]}/${id}/edit`,
  facility: (ws: string, id: number) => `/${ws}/facilities/${id}`,
  user: (ws: string, id: number) => `/${ws}/users/${id}`,
};

/** The kind whose screen stands at a path. */
export function kindAt(pathname: string): Kind {
  return pathname.split('/')[2] === segment.officers ? 'officers' : 'claim-admins';
}
