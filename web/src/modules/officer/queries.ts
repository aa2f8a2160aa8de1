import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { recordId } from '../../api/ApiError';
import { api, type Page, type Query } from '../../api/client';
import { choicesOf, codedChoices, placeChoices } from '../../kit/choices';
import type { Input } from '../../kit/form';
import { fullName, type Kind, type Person, type PersonName, type PersonRecord } from './wire';

/** Where the server has people of a kind. */
export const people = (kind: Kind) => `/api/officer/${kind}/`;

/** The keys of what is fetched of people; every key names the workspace. */
export const keys = {
  all: (ws: string) => ['officer', ws] as const,
  one: (ws: string, kind: Kind, id: number) => ['officer', ws, kind, 'one', id] as const,
};

/** What is chosen for them: where they work, and who replaces them. */
export const districts = placeChoices('D');
export const villages = placeChoices('V');
export const facilities = codedChoices('/api/facility/health-facilities/');
export const officers = choicesOf<PersonName>(people('officers'), (one) => ({ id: one.id, name: fullName(one), hint: one.code }), { fields: 'id,code,last_name,other_names' });

/** A page of people. The last page stays on screen while the next one is on its way. */
export function peopleQuery(ws: string, kind: Kind, query: Query) {
  return queryOptions({
    queryKey: [...keys.all(ws), kind, 'list', query],
    queryFn: ({ signal }) => api.get<Page<Person>>(people(kind), { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

const withVersion = { include: 'permissions' };

/** Somebody by the id in an address. */
export function personQuery(ws: string, kind: Kind, id: string | number) {
  const number = recordId(String(id));
  return queryOptions({
    queryKey: keys.one(ws, kind, number),
    queryFn: ({ signal }) => api.get<PersonRecord>(`${people(kind)}${number}/`, { workspace: ws, query: withVersion, signal }),
  });
}

/** Writes somebody down. */
export function addPerson(ws: string, kind: Kind, input: Input, idempotencyKey: string): Promise<PersonRecord> {
  return api.post<PersonRecord>(people(kind), input, { workspace: ws, query: withVersion, idempotencyKey });
}

/** Changes somebody who was read in `version`; 409 when somebody else was faster. */
export function changePerson(ws: string, kind: Kind, id: number, version: number, input: Input): Promise<PersonRecord> {
  return api.patch<PersonRecord>(`${people(kind)}${id}/`, input, { workspace: ws, query: withVersion, ifMatch: `W/"${version}"` });
}

/** Ends what somebody is. */
export function closePerson(ws: string, kind: Kind, id: number): Promise<void> {
  return api.delete(`${people(kind)}${id}/`, { workspace: ws });
}
