import { queryOptions } from '@tanstack/react-query';
import { ApiError } from '../../api/ApiError';
import { api } from '../../api/client';
import { type Holder, holderKey, holderPath } from './documentHolder';
import { keys } from './queries';

/** The lists of documents of a holder, by their place in the API; a firm has only `attachments`, and those of `activities` belong to the tasks of a visit. */
export type DocumentList = 'attachments' | 'report-attachments' | 'activities/attachments' | 'activities/report-attachments';

/** A file, or a link to one elsewhere. */
export interface StoredDocument {
  id: number;
  file_type: number | null;
  file: string | null;
  hyperlink: string;
  created: string;
  uploaded_by: { first_name: string; last_name: string; email: string } | null;
  filename: string;
  /** The task it belongs to, in the lists of tasks. */
  object_id?: number;
}

/** A kind of document that can be chosen in a list. */
export interface DocumentType {
  id: number;
  label: string;
}

/** A list of documents, with the kinds that may be sent to it: none when the reader may only read. */
export interface Documents {
  documents: StoredDocument[];
  types: DocumentType[];
  writable: boolean;
  /** How large a file may be, in bytes; undefined when the server does not say. */
  most: number | undefined;
}

/** A document that is shown on a task without being copied. */
export interface DocumentLink {
  id: number;
  attachment: number;
  filename: string;
  url: string;
  file_type: string;
  created: string;
  activity_id: number;
}

/** A document as the list over all records names it. */
export interface SharedDocument {
  id: number;
  partner: string | null;
  agreement_reference_number: string | null;
  pd_ssfa_number: string | null;
  file_link: string;
  file_type: string;
  filename: string;
  created: string;
}

interface Described {
  choices?: { value: number; display_name: string }[];
}

interface Metadata {
  actions?: { GET?: { file_type?: Described }; POST?: { file_type?: Described; file?: { max_size?: number } } };
}

/** The keys of what is fetched of documents; every key names the workspace. That of a list goes on with what the reader may do. */
export const documentKeys = {
  list: (ws: string, holder: Pick<Holder, 'kind' | 'id'>, list: DocumentList) => [...holderKey(ws, holder), 'documents', list] as const,
  links: (ws: string, visit: number) => [...keys.visit(ws, visit), 'links'] as const,
};

/** The address of a list of documents, which new ones are sent to. */
export function documentsPath(holder: Pick<Holder, 'kind' | 'id'>, list: DocumentList): string {
  return `${holderPath(holder)}${list}/`;
}

/** A list of documents; null, without asking, when the reader may not know of it. */
export function documentsQuery(ws: string, holder: Holder, list: DocumentList) {
  const permission = holder.lists[list] ?? 'none';
  const path = documentsPath(holder, list);
  return queryOptions({
    queryKey: [...documentKeys.list(ws, holder, list), permission],
    queryFn: async ({ signal }): Promise<Documents | null> => {
      if (permission === 'none') return null;
      try {
        const { actions } = await api.options<Metadata>(path, { workspace: ws, signal });
        const documents = await api.get<StoredDocument[]>(path, { workspace: ws, query: { page_size: 'all' }, signal });
        const choices = (actions?.POST ?? actions?.GET)?.file_type?.choices ?? [];
        const types = choices.map(({ value, display_name }) => ({ id: value, label: display_name }));
        return { documents, types, writable: actions?.POST !== undefined, most: actions?.POST?.file?.max_size };
      } catch (error) {
        // The holder has moved on since it was read.
        if (error instanceof ApiError && error.status === 403 && !error.signedOut) return null;
        throw error;
      }
    },
  });
}

/** The documents that are linked to the tasks of a visit. */
export function documentLinksQuery(ws: string, visit: number) {
  return queryOptions({
    queryKey: documentKeys.links(ws, visit),
    queryFn: ({ signal }) => api.get<DocumentLink[]>(`/api/tpm/visits/${visit}/links/`, { workspace: ws, signal }),
  });
}

/** What there is of a partner to link to a task. */
export function partnerDocumentsQuery(ws: string, partner: string) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'partnerDocuments', partner],
    queryFn: ({ signal }) => api.get<SharedDocument[]>('/api/v2/attachments/', { workspace: ws, query: { partner }, signal }),
  });
}

/** The names by which the server knows kinds of documents, by id: what is suggested for a file depends on them. */
export function documentTypeNamesQuery(ws: string) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'documentTypeNames'],
    queryFn: async ({ signal }) => {
      const types = await api.get<{ id: number; name: string }[]>('/api/attachment/file-types/', { workspace: ws, query: { page_size: 'all' }, signal });
      return new Map(types.map(({ id, name }) => [id, name]));
    },
    staleTime: 5 * 60_000,
  });
}

/** Says of what kind a document is. */
export function changeDocument(ws: string, holder: Holder, list: DocumentList, id: number, type: number): Promise<StoredDocument> {
  return api.patch<StoredDocument>(`${documentsPath(holder, list)}${id}/`, { file_type: type }, { workspace: ws });
}

/** Deletes a document. */
export function deleteDocument(ws: string, holder: Holder, list: DocumentList, id: number): Promise<void> {
  return api.delete(`${documentsPath(holder, list)}${id}/`, { workspace: ws });
}

/** Links documents to a task. */
export function linkDocuments(ws: string, task: number, documents: readonly number[]): Promise<unknown> {
  return api.post(`/api/tpm/visits/activities/${task}/links/`, { attachments: documents.map((attachment) => ({ attachment })) }, { workspace: ws });
}

/** Takes a link away; the document stays where it is. */
export function unlinkDocument(ws: string, link: number): Promise<void> {
  return api.delete(`/api/v2/attachments/links/${link}/`, { workspace: ws });
}

/** The address of a document as seen from here: the server names itself in it, which need not be how the reader reaches it. */
export function documentAddress(url: string, ws: string): string {
  const at = url.indexOf('/api/v2/attachments/');
  return at === -1 ? url : `${url.slice(at)}?schema=${ws}`;
}
