import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { address, api, type Page, type Query } from '../../api/client';
import type { Input } from '../../kit/form';
import type { Code, Family, FamilyRow, Insuree, InsureeRow, Verdict } from './wire';

/** Where the server has insurees. */
export const insurees = '/api/insuree/insurees/';
/** Where the server has families. */
export const families = '/api/insuree/families/';

/** The lists of words, by the field that they are for. */
export const codeLists = {
  gender: 'genders',
  relationship: 'relations',
  type_of_id: 'identification-types',
  profession: 'professions',
  education: 'educations',
  status_reason: 'status-reasons',
  family_type: 'family-types',
  confirmation_type: 'confirmation-types',
} as const;

/** A field whose value is a word of a list. */
export type CodeField = keyof typeof codeLists;

/** The keys of what is fetched of people and families; every key names the workspace. */
export const keys = {
  all: (ws: string) => ['insuree', ws] as const,
  insuree: (ws: string, id: number) => ['insuree', ws, 'one', id] as const,
  family: (ws: string, id: number) => ['insuree', ws, 'family', id] as const,
};

/** A page of insurees. The last page stays on screen while the next one is on its way. */
export function insureesQuery(ws: string, query: Query) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'list', query],
    queryFn: ({ signal }) => api.get<Page<InsureeRow>>(insurees, { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

const withVersion = { include: 'permissions' };

/** An insuree by id. */
export function insureeQuery(ws: string, id: number) {
  return queryOptions({
    queryKey: keys.insuree(ws, id),
    queryFn: ({ signal }) => api.get<Insuree>(`${insurees}${id}/`, { workspace: ws, query: withVersion, signal }),
  });
}

/** A family with its members, by id. */
export function familyQuery(ws: string, id: number) {
  return queryOptions({
    queryKey: keys.family(ws, id),
    queryFn: ({ signal }) => api.get<Family>(`${families}${id}/`, { workspace: ws, query: withVersion, signal }),
  });
}

/** A page of families. */
export function familiesPageQuery(ws: string, query: Query) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'families', 'page', query],
    queryFn: ({ signal }) => api.get<Page<FamilyRow>>(families, { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** A few families whose head's number or name has what was typed. */
export function familiesQuery(ws: string, search: string) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'families', search],
    queryFn: ({ signal }) => api.get<Page<Pick<Family, 'id' | 'uuid' | 'head_insuree' | 'location'>>>(families, { workspace: ws, query: { search, page_size: 12 }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** A list of words. It changes rarely. */
export function codesQuery(ws: string, field: CodeField) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'codes', field],
    queryFn: async ({ signal }) => (await api.get<Page<Code & { status_type?: string }>>(`/api/insuree/${codeLists[field]}/`, { workspace: ws, query: { page_size: 200 }, signal })).results,
    staleTime: 10 * 60_000,
  });
}

/** Whether a new insuree may have a number: the scheme's own rules, and that nobody has it. */
export function numberQuery(ws: string, number: string) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'number', number],
    queryFn: async ({ signal }) => {
      const body = { query: 'query($n: String!) { insureeNumberValidity(insureeNumber: $n) { isValid errorMessage } }', variables: { n: number } };
      const { data } = await api.post<{ data?: { insureeNumberValidity: Verdict | null } }>('/api/graphql', body, { workspace: ws, signal });
      return data?.insureeNumberValidity ?? null;
    },
    staleTime: 30_000,
  });
}

/** Registers an insuree. */
export function addInsuree(ws: string, input: Input, idempotencyKey: string): Promise<Insuree> {
  return api.post<Insuree>(insurees, input, { workspace: ws, query: withVersion, idempotencyKey });
}

/** Changes an insuree that was read in `version`; 409 when somebody else was faster. */
export function changeInsuree(ws: string, id: number, version: number, input: Input): Promise<Insuree> {
  return api.patch<Insuree>(`${insurees}${id}/`, input, { workspace: ws, query: withVersion, ifMatch: `W/"${version}"` });
}

/** Deletes an insuree, who must not be the head of a family. */
export function deleteInsuree(ws: string, id: number): Promise<void> {
  return api.delete(`${insurees}${id}/`, { workspace: ws });
}

/** Makes a picture the photo of an insuree. */
export async function setPhoto(ws: string, id: number, file: File, idempotencyKey: string): Promise<unknown> {
  return api.post(`${insurees}${id}/photo/`, { photo: await inBase64(file), filename: file.name.slice(-250) }, { workspace: ws, idempotencyKey });
}

/** The content of a file as the server takes photos: `data:image/png;base64,…`. */
function inBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      // Read as an address it is a text; the other kind is for those who ask for bytes.
      resolve(typeof reader.result === 'string' ? reader.result : '');
    };
    reader.onerror = () => {
      reject(reader.error ?? new Error('The file cannot be read'));
    };
    reader.readAsDataURL(file);
  });
}

/** The address of a photo. Pictures are asked for without headers, so the workspace is in it; so is the day, which a new photo changes. */
export function photoAddress(ws: string, id: number, version: string | number): string {
  return address(`${insurees}${id}/photo/`, { schema: ws, v: version });
}

/** Registers a family with somebody who has none as its head. */
export function addFamily(ws: string, input: Input, idempotencyKey: string): Promise<Family> {
  return api.post<Family>(families, input, { workspace: ws, query: withVersion, idempotencyKey });
}

/** Changes a family that was read in `version`. */
export function changeFamily(ws: string, id: number, version: number, input: Input): Promise<Family> {
  return api.patch<Family>(`${families}${id}/`, input, { workspace: ws, query: withVersion, ifMatch: `W/"${version}"` });
}

/** Deletes a family, with its members or leaving these without a family. */
export function deleteFamily(ws: string, uuid: string, members: boolean): Promise<unknown> {
  return api.post(`${families}delete/`, { uuids: [uuid], delete_members: members }, { workspace: ws });
}

/** Takes a member, who is not the head, out of the family. */
export function removeMember(ws: string, family: string, insuree: string): Promise<unknown> {
  return api.post(`${families}remove-members/`, { uuid: family, uuids: [insuree], cancel_policies: true }, { workspace: ws });
}

/** Makes a member the head of the family. */
export function setHead(ws: string, family: string, insuree: string): Promise<unknown> {
  return api.post(`${families}set-head/`, { uuid: family, insuree_uuid: insuree }, { workspace: ws });
}

/** Takes an insuree into another family. */
export function moveMember(ws: string, family: string, insuree: string): Promise<unknown> {
  return api.post(`${insurees}change-family/`, { family_uuid: family, insuree_uuid: insuree, cancel_policies: true }, { workspace: ws });
}
