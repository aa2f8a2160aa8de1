import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../../api/client';
import { keys } from './queries';

/** A role as access management names it. */
export interface Group {
  id: number;
  name: string;
}

/** What the reader may do about the people of an organisation: the roles they may give, and whether they decide about new people. */
export interface AccessRights {
  groups: Group[];
  can_add_user: boolean;
  can_review_user: boolean;
}

/** Somebody new whom a reviewer has not let in yet. */
export interface Waiting {
  id: number;
  first_name: string;
  last_name: string;
  email: string;
  created: string;
  requester: { id: number; name: string };
}

/** Somebody to let in. */
export interface Invitation {
  first_name: string;
  last_name: string;
  email: string;
  phone_number: string;
  job_title: string;
}

const base = '/api/v3/users';

/** The keys of what is fetched about access; every key names the workspace. */
export const accessKeys = {
  waiting: (ws: string, organization: number) => [...keys.all(ws), 'waiting', organization] as const,
};

/** What the reader may do about the people of an organisation. */
export function accessQuery(ws: string, organization: number) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'access', organization],
    queryFn: ({ signal }) => api.get<AccessRights>(`${base}/amp-permissions/`, { workspace: ws, query: { organization_id: organization }, signal }),
    staleTime: 5 * 60_000,
  });
}

/** Those of an organisation who wait for a review, as far as the reader may know of them. */
export function waitingQuery(ws: string, organization: number) {
  return queryOptions({
    queryKey: accessKeys.waiting(ws, organization),
    queryFn: ({ signal }) => api.get<Page<Waiting>>(`${base}/amp-staged/`, { workspace: ws, query: { organization_id: organization, page_size: 50 }, signal }),
  });
}

/**
 * Lets somebody act for an organisation with the roles the reader may give. Whoever is known has them at once; a new address
 * waits until somebody else agrees, which the answer tells.
 */
export async function invite(ws: string, organization: number, groups: readonly Group[], person: Invitation, idempotencyKey: string): Promise<'at_once' | 'waits'> {
  const body = { ...person, organization, groups: groups.map((group) => group.id) };
  const answer = await api.post<{ status?: string }>(`${base}/amp/`, body, { workspace: ws, idempotencyKey });
  return answer.status === 'pending' ? 'waits' : 'at_once';
}

/** Gives a person the roles in an organisation, or with none takes away what the reader may give. */
export function setRoles(ws: string, person: number, organization: number, groups: readonly Group[]): Promise<unknown> {
  return api.patch(`${base}/amp/${person}/`, { organization, groups: groups.map((group) => group.id) }, { workspace: ws });
}

/** Decides about somebody who waits. */
export function review(ws: string, waiting: number, decision: 'accept' | 'decline'): Promise<unknown> {
  return api.post(`${base}/amp-staged/${waiting}/${decision}/`, {}, { workspace: ws });
}
