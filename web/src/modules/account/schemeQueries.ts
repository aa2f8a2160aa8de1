import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { recordId } from '../../api/ApiError';
import { api, type Page, type Query } from '../../api/client';
import { type Choice, choicesOf, codedChoices, placeChoices } from '../../kit/choices';
import type { OfficerName, RightGroup, Role, RoleRow, SchemeUser, UserRow } from './wire';

const users = '/api/account/scheme-users/';
const roles = '/api/account/scheme-roles/';

/** The keys of what is fetched of users and roles; every key names the workspace. */
export const schemeKeys = { all: (ws: string) => ['account', ws, 'scheme'] as const };

/** A page of users. The last page stays on screen while the next one is on its way. */
export function usersQuery(ws: string, query: Query) {
  return queryOptions({
    queryKey: [...schemeKeys.all(ws), 'users', query],
    queryFn: ({ signal }) => api.get<Page<UserRow>>(users, { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** A user by id. */
export function userQuery(ws: string, id: number) {
  return queryOptions({ queryKey: [...schemeKeys.all(ws), 'user', id], queryFn: ({ signal }) => api.get<SchemeUser>(`${users}${id}/`, { workspace: ws, signal }) });
}

/** A page of roles. */
export function rolesQuery(ws: string, query: Query) {
  return queryOptions({
    queryKey: [...schemeKeys.all(ws), 'roles', query],
    queryFn: ({ signal }) => api.get<Page<RoleRow>>(roles, { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** The keys of what is fetched of one role. */
export const roleKey = (ws: string, id: number) => [...schemeKeys.all(ws), 'role', id] as const;

/** Where the server has a role. */
export const rolePath = (id: number) => `${roles}${id}/`;

/** A role with its rights, by what stands in the address. */
export function roleQuery(ws: string, role: string | number) {
  const id = recordId(String(role));
  return queryOptions({ queryKey: roleKey(ws, id), queryFn: ({ signal }) => api.get<Role>(rolePath(id), { workspace: ws, query: { include: 'permissions' }, signal }) });
}

/** The rights that there are, by module, in a language. */
export function rightsQuery(ws: string, language: string) {
  return queryOptions({
    queryKey: [...schemeKeys.all(ws), 'rights', language],
    queryFn: ({ signal }) => api.get<RightGroup[]>('/api/account/rights/', { workspace: ws, signal }),
    staleTime: 10 * 60_000,
  });
}

/** Who may take the place of an enrolment officer. */
export const officers = choicesOf<OfficerName>('/api/officer/officers/', officerChoice, { fields: 'id,code,last_name,other_names' });

/** An enrolment officer as one to choose. */
export function officerChoice({ id, code, last_name, other_names }: OfficerName): Choice {
  return { id, name: [other_names, last_name].filter(Boolean).join(' '), hint: code };
}

/** The districts, the villages and the health facilities from which is chosen where somebody works. */
export const districts = placeChoices('D');
export const villages = placeChoices('V');
export const facilities = codedChoices('/api/facility/health-facilities/');

type Input = Record<string, unknown>;
/** What is changed, and the version that was read: 409 when somebody else was faster. */
type Read = { id: number; version: number };

export const addUser = (ws: string, input: Input, key: string) => api.post<{ id: number }>(users, input, { workspace: ws, idempotencyKey: key });
export const changeUser = (ws: string, { id, version }: Read, input: Input) => api.patch<undefined>(`${users}${id}/`, input, { workspace: ws, ifMatch: `W/"${version}"` });
export const deleteUser = (ws: string, { id, version }: Read) => api.delete(`${users}${id}/`, { workspace: ws, ifMatch: `W/"${version}"` });
export const addRole = (ws: string, input: Input, key: string) => api.post<{ id: number }>(roles, input, { workspace: ws, idempotencyKey: key });
export const changeRole = (ws: string, { id, version }: Read, input: Input) => api.patch<undefined>(`${roles}${id}/`, input, { workspace: ws, ifMatch: `W/"${version}"` });
export const deleteRole = (ws: string, { id, version }: Read) => api.delete(`${roles}${id}/`, { workspace: ws, ifMatch: `W/"${version}"` });
