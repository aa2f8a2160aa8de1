import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import type { ChoiceFilter, Filter } from '../../ui/filters';
import { ages } from './insureesList';
import { wordOf } from './names';
import { type PlaceChoice, placesByUuidQuery, placesQuery } from './places';
import { codesQuery } from './queries';

type UseOptions = ChoiceFilter['useOptions'];

/** The filters of the list of insurees. */
export function useInsureeFilters(): Filter[] {
  const { t } = useTranslation('insuree');
  return useMemo(() => {
    const fixed = (name: string, label: string, values: readonly string[], words: string): Filter => ({
      kind: 'choice',
      name,
      label,
      single: true,
      useOptions: () => ({ options: values.map((value) => ({ value, label: t(`${words}.${value}`) })) }),
    });
    return [
      { kind: 'choice', name: 'place', label: t('field.place'), single: true, useOptions: usePlaces },
      { kind: 'choice', name: 'gender', label: t('field.gender'), single: true, useOptions: useGenders },
      fixed('age', t('field.age'), Object.keys(ages), 'ages'),
      fixed('status', t('field.state'), ['AC', 'IN', 'DE'], 'status'),
    ];
  }, [t]);
}

const useGenders: UseOptions = () => {
  const { i18n } = useTranslation();
  const { data, isPending } = useQuery(codesQuery(useWorkspace(), 'gender'));
  return { options: (data ?? []).map((one) => ({ value: (one as { code?: string }).code ?? '', label: wordOf(one, i18n.language) })), loading: isPending };
};

const usePlaces: UseOptions = (typed, chosen) => {
  const ws = useWorkspace();
  const { data, isPending } = useQuery(placesQuery(ws, typed));
  const uuids = chosen.map((value) => value.split('.')[1] ?? '');
  const { data: known } = useQuery({ ...placesByUuidQuery(ws, uuids), enabled: uuids.length > 0 });
  const places = new Map([...(typed === '' ? (known ?? []) : []), ...(data ?? [])].map((place) => [place.uuid, place]));
  return { options: [...places.values()].filter((place) => place.admin_level !== null).map((place) => ({ value: `${place.admin_level}.${place.uuid}`, label: placeLabel(place) })), loading: isPending };
};

/** A place among others: with its level and what it lies in. */
function placeLabel({ name, admin_level_name, parent }: PlaceChoice): string {
  return [admin_level_name ? `${name} (${admin_level_name})` : name, parent?.name].filter(Boolean).join(' · ');
}
