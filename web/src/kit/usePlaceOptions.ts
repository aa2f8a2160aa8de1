import { useQuery } from '@tanstack/react-query';
import type { ChoiceFilter } from '../ui/filters';
import { type PlaceChoice, placesByUuidQuery, placesQuery } from './places';
import { useWorkspace } from './useWorkspace';

/** What a filter says of a place in the address: its level and its UUID, `2.01a2…`. */
export const placeValue = (value: string) => /^\d\.[\da-f-]{36}$/.test(value);

/** The places of a filter, found by the server as one types. */
export const usePlaceOptions: ChoiceFilter['useOptions'] = (typed, chosen) => usePlaces(typed, chosen, Number.POSITIVE_INFINITY);

/** The same, down to the second level. */
export const useUpperPlaceOptions: ChoiceFilter['useOptions'] = (typed, chosen) => usePlaces(typed, chosen, 1);

function usePlaces(typed: string, chosen: readonly string[], deepest: number) {
  const ws = useWorkspace();
  const { data, isPending } = useQuery(placesQuery(ws, typed));
  const uuids = chosen.map((value) => value.split('.')[1] ?? '');
  const { data: known } = useQuery({ ...placesByUuidQuery(ws, uuids), enabled: uuids.length > 0 });
  const places = new Map([...(typed === '' ? (known ?? []) : []), ...(data ?? [])].map((place) => [place.uuid, place]));
  return { options: [...places.values()].filter((place) => place.admin_level !== null && place.admin_level <= deepest).map((place) => ({ value: `${place.admin_level}.${place.uuid}`, label: placeLabel(place) })), loading: isPending };
}

/** A place among others: with its level and what it lies in. */
function placeLabel({ name, admin_level_name, parent }: PlaceChoice): string {
  return [admin_level_name ? `${name} (${admin_level_name})` : name, parent?.name].filter(Boolean).join(' · ');
}
