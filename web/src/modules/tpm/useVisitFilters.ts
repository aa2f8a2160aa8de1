import { useQuery } from '@tanstack/react-query';
import { createElement, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../kit/session';
import { useWorkspace } from '../../kit/useWorkspace';
import type { ChoiceFilter, Filter, FilterOption } from '../../ui/filters';
import { StateIcon } from '../../ui/StateIcon';
import { actsForFirm } from './desk';
import { staffName } from './names';
import { contactsByIdQuery, lookups } from './queries';
import { stateOrder } from './status';
import type { Named } from './wire';

type UseOptions = ChoiceFilter['useOptions'];

/** The filters of the list of visits, those that mean something to the reader. */
export function useVisitFilters(): Filter[] {
  const { t } = useTranslation('tpm');
  const forFirm = actsForFirm(useSession());
  return useMemo(() => {
    const useStates: UseOptions = (typed) => ({
      options: matching(
        stateOrder.map((state) => ({ value: state, label: t(`status.${state}`), icon: createElement(StateIcon, { state, size: 14 }) })),
        typed,
      ),
    });
    const choices: Filter[] = [
      { kind: 'choice', name: 'status', label: t('field.status'), useOptions: useStates },
      { kind: 'dates', name: 'dates', label: t('field.dates'), from: 'from', to: 'to' },
      { kind: 'choice', name: 'partner', label: t('field.partner'), useOptions: usePartners },
      { kind: 'choice', name: 'section', label: t('field.section'), useOptions: useSections },
      { kind: 'choice', name: 'output', label: t('field.output'), useOptions: useOutputs },
      { kind: 'choice', name: 'office', label: t('field.office'), useOptions: useOffices },
    ];
    if (forFirm) return [...choices, { kind: 'choice', name: 'monitor', label: t('field.firmFocalPoint'), useOptions: useOwnStaff }];
    return [
      ...choices.slice(0, 1),
      { kind: 'choice', name: 'firm', label: t('field.firm'), useOptions: useFirms },
      ...choices.slice(1),
      { kind: 'choice', name: 'focal', label: t('field.agencyFocalPoint'), useOptions: useContacts },
    ];
  }, [t, forFirm]);
}

function matching(options: readonly FilterOption[], typed: string): FilterOption[] {
  const wanted = typed.toLocaleLowerCase();
  return options.filter((option) => option.label.toLocaleLowerCase().includes(wanted));
}

function named(rows: readonly Named[] | undefined, typed: string): FilterOption[] {
  return matching((rows ?? []).map((row) => ({ value: String(row.id), label: row.name })), typed);
}

const useFirms: UseOptions = (typed) => {
  const { data, isPending } = useQuery(lookups.firms(useWorkspace()));
  return { options: named(data, typed), loading: isPending };
};

const usePartners: UseOptions = (typed) => {
  const { data, isPending } = useQuery(lookups.usedPartners(useWorkspace()));
  return { options: named(data, typed), loading: isPending };
};

const useSections: UseOptions = (typed) => {
  const { data, isPending } = useQuery(lookups.usedSections(useWorkspace()));
  return { options: named(data, typed), loading: isPending };
};

const useOutputs: UseOptions = (typed) => {
  const { data, isPending } = useQuery(lookups.usedOutputs(useWorkspace()));
  const rows = (data ?? []).map((row) => ({ value: String(row.id), label: row.result_name ?? String(row.id) }));
  return { options: matching(rows, typed), loading: isPending };
};

const useOffices: UseOptions = (typed) => {
  const { data, isPending } = useQuery(lookups.offices(useWorkspace()));
  return { options: named(data, typed), loading: isPending };
};

const useOwnStaff: UseOptions = (typed) => {
  const ws = useWorkspace();
  const { data: firms } = useQuery(lookups.firms(ws));
  const firm = firms?.[0]?.id;
  const { data, isPending } = useQuery({ ...lookups.staff(ws, firm ?? 0), enabled: firm !== undefined });
  return { options: matching((data ?? []).map((row) => ({ value: String(row.id), label: staffName(row) })), typed), loading: isPending };
};

const useContacts: UseOptions = (typed, chosen) => {
  const ws = useWorkspace();
  const { data, isPending } = useQuery(lookups.contacts(ws, typed));
  const { data: known } = useQuery({ ...contactsByIdQuery(ws, chosen), enabled: chosen.length > 0 });
  const people = new Map([...(typed === '' ? (known ?? []) : []), ...(data?.results ?? [])].map((person) => [String(person.id), person.name]));
  return { options: [...people].map(([value, label]) => ({ value, label })), loading: isPending };
};
