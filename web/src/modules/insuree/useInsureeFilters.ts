import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlaceOptions } from '../../kit/usePlaceOptions';
import { useWorkspace } from '../../kit/useWorkspace';
import type { ChoiceFilter, Filter } from '../../ui/filters';
import { ages } from './insureesList';
import { wordOf } from './names';
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
      { kind: 'choice', name: 'place', label: t('field.place'), single: true, useOptions: usePlaceOptions },
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
