import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { recordId } from '../../api/ApiError';
import { api, type Page, type Query } from '../../api/client';
import type { Input } from '../../kit/form';
import type { Held } from './bundle';
import type { Diagnosis, Entry, EntryRecord, Kind, Line, Priced, Pricelist, PricelistRecord } from './wire';

const diagnoses = '/api/medical/diagnoses/';

/** Where the server has the entries of the catalogue. */
export const entries = (kind: Kind) => `/api/medical/${kind}/`;

/** Where the server has price lists. */
export const pricelists = (kind: Kind) => `/api/medical/${kind}-pricelists/`;

/** The keys of what is fetched of catalogue and prices; every key names the workspace. */
export const keys = {
  all: (ws: string) => ['medical', ws] as const,
  list: (ws: string, kind: Kind, id: number) => ['medical', ws, kind, 'pricelist', id] as const,
};

const withVersion = { include: 'permissions' };

/** A page of diagnoses. */
export function diagnosesQuery(ws: string, query: Query) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'diagnoses', query],
    queryFn: ({ signal }) => api.get<Page<Diagnosis>>(diagnoses, { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** A page of items or services. */
export function entriesQuery(ws: string, kind: Kind, query: Query) {
  return queryOptions({
    queryKey: [...keys.all(ws), kind, 'list', query],
    queryFn: ({ signal }) => api.get<Page<Entry>>(entries(kind), { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** The first few items or services that fit, with what a bundle needs of them. */
export function fittingQuery(ws: string, kind: Kind, search: string) {
  const query = { search, ordering: 'code', page_size: 12, fields: 'id,code,name,price' };
  return queryOptions({
    queryKey: [...keys.all(ws), kind, 'fitting', query],
    queryFn: ({ signal }) => api.get<Page<Held>>(entries(kind), { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** An item or a service by the id in an address. */
export function entryQuery(ws: string, kind: Kind, id: string | number) {
  const number = recordId(String(id));
  return queryOptions({
    queryKey: [...keys.all(ws), kind, 'one', number],
    queryFn: ({ signal }) => api.get<EntryRecord>(`${entries(kind)}${number}/`, { workspace: ws, query: withVersion, signal }),
  });
}

/** Puts something into the catalogue. */
export function addEntry(ws: string, kind: Kind, input: Input, idempotencyKey: string): Promise<EntryRecord> {
  return api.post<EntryRecord>(entries(kind), input, { workspace: ws, query: withVersion, idempotencyKey });
}

/** Changes an entry that was read in `version`. */
export function changeEntry(ws: string, kind: Kind, id: number, version: number, input: Input): Promise<EntryRecord> {
  return api.patch<EntryRecord>(`${entries(kind)}${id}/`, input, { workspace: ws, query: withVersion, ifMatch: `W/"${version}"` });
}

/** Takes an entry out of the catalogue, and out of all price lists. */
export function closeEntry(ws: string, kind: Kind, id: number): Promise<void> {
  return api.delete(`${entries(kind)}${id}/`, { workspace: ws });
}

/** A page of price lists. */
export function pricelistsQuery(ws: string, kind: Kind, query: Query) {
  return queryOptions({
    queryKey: [...keys.all(ws), kind, 'pricelists', query],
    queryFn: ({ signal }) => api.get<Page<Pricelist>>(pricelists(kind), { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** A price list by the id in an address. */
export function pricelistQuery(ws: string, kind: Kind, id: string | number) {
  const number = recordId(String(id));
  return queryOptions({
    queryKey: keys.list(ws, kind, number),
    queryFn: ({ signal }) => api.get<PricelistRecord>(`${pricelists(kind)}${number}/`, { workspace: ws, query: withVersion, signal }),
  });
}

/** A page of what a price list says. */
export function linesQuery(ws: string, kind: Kind, list: number, query: Query) {
  return queryOptions({
    queryKey: [...keys.list(ws, kind, list), 'lines', query],
    queryFn: ({ signal }) => api.get<Page<Line>>(`/api/medical/${kind}-pricelist-details/`, { workspace: ws, query: { ...query, pricelist: list }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** What is in a price list already, by id. */
export function listedQuery(ws: string, kind: Kind, list: number) {
  return queryOptions({
    queryKey: [...keys.list(ws, kind, list), 'listed'],
    queryFn: async ({ signal }) => {
      const of = one(kind);
      const query = { pricelist: list, fields: `${of}[id]`, page_size: 'all' };
      const lines = await api.get<Pick<Line, 'item' | 'service'>[]>(`/api/medical/${kind}-pricelist-details/`, { workspace: ws, query, signal });
      return lines.flatMap((line) => line[of]?.id ?? []);
    },
  });
}

/** One of a kind, as the server names it within others. */
export function one(kind: Kind): 'item' | 'service' {
  return kind === 'items' ? 'item' : 'service';
}

/** What a line prices. */
export function pricedOf(line: Line): Priced | undefined {
  return line.item ?? line.service;
}

/** Makes a price list, without lines. */
export function addPricelist(ws: string, kind: Kind, input: Input, idempotencyKey: string): Promise<PricelistRecord> {
  return api.post<PricelistRecord>(pricelists(kind), input, { workspace: ws, query: withVersion, idempotencyKey });
}

/** Changes a price list that was read in `version`. */
export function changePricelist(ws: string, kind: Kind, id: number, version: number, input: Input): Promise<PricelistRecord> {
  return api.patch<PricelistRecord>(`${pricelists(kind)}${id}/`, input, { workspace: ws, query: withVersion, ifMatch: `W/"${version}"` });
}

/** Closes a price list with its prices. */
export function closePricelist(ws: string, kind: Kind, id: number): Promise<void> {
  return api.delete(`${pricelists(kind)}${id}/`, { workspace: ws });
}

/** What changes in the lines of a price list, by the UUIDs of what they price; a price of null is the catalogue's. */
export interface LineChanges {
  added_details?: readonly string[];
  removed_details?: readonly string[];
  price_overrules?: readonly { uuid: string; price: string | null }[];
}

/** Changes lines of a price list that was read in its version; 409 when somebody else was faster. */
export function changeLines(ws: string, kind: Kind, list: PricelistRecord, changes: LineChanges): Promise<unknown> {
  const { uuid, name, pricelist_date, version } = list;
  return api.post(`${pricelists(kind)}update/`, { uuid, name, pricelist_date, location_id: list.location?.uuid ?? null, ...changes }, { workspace: ws, ifMatch: `W/"${version}"` });
}
