import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { AddLink } from '../../kit/AddLink';
import type { Column } from '../../kit/columns';
import { ListPage } from '../../kit/ListPage';
import { useSession } from '../../kit/session';
import { useList } from '../../kit/useList';
import { useUpperPlaceOptions } from '../../kit/usePlaceOptions';
import { useWorkspace } from '../../kit/useWorkspace';
import { EmptyState } from '../../ui/EmptyState';
import type { ChoiceFilter, Filter } from '../../ui/filters';
import { facilitiesParams, facilitiesShape, letters } from './facilitiesList';
import { FacilityCard } from './FacilityCard';
import { FacilityTags } from './FacilityTags';
import { paths } from './paths';
import { codesQuery, facilitiesQuery } from './queries';
import type { Facility } from './wire';

/** Where insured people are cared for: searched, filtered, sorted and paged by the server, all of it kept in the address. */
export default function FacilitiesPage() {
  const { t } = useTranslation('facility');
  const session = useSession();
  const ws = session.workspace.code;
  const list = useList(facilitiesShape, (state) => facilitiesQuery(ws, facilitiesParams(state)));
  const columns = useMemo(() => columnsIn(t), [t]);
  const add = session.menu.includes('facility.facilities.add') ? <AddLink to={paths.newFacility(ws)}>{t('add.open')}</AddLink> : undefined;
  return (
    <ListPage
      list={list}
      title={t('title')}
      count={(count) => t('count', { count })}
      end={add}
      search={{ label: t('search'), hint: t('searchHint') }}
      filters={useFilters()}
      columns={columns}
      rowName={(row) => row.name}
      rowLink={(row) => paths.facility(ws, row.id)}
      card={(row) => <FacilityCard row={row} />}
      failed={t('failed')}
      none={
        <EmptyState drawing="nothing" title={t('none')} actions={add}>
          {t('noneText')}
        </EmptyState>
      }
    />
  );
}

function columnsIn(t: TFunction<'facility'>): Column<Facility>[] {
  return [
    { id: 'code', header: t('field.code'), sort: 'code', width: '128px', cell: (row) => <span className="reference">{row.code}</span> },
    { id: 'name', header: t('field.name'), sort: 'name', width: '30%', cell: (row) => <bdi style={{ fontWeight: 500 }}>{row.name}</bdi> },
    { id: 'level', header: t('field.level'), sort: 'level', width: '136px', cell: (row) => t(`level.${row.level}`) },
    { id: 'place', header: t('field.district'), from: 640, cell: (row) => <bdi>{row.location.name}</bdi> },
    { id: 'form', header: t('field.form'), sort: 'legal_form', from: 860, cell: (row) => row.legal_form.name },
    { id: 'care', header: t('field.care'), sort: 'care_type', width: '152px', from: 980, cell: (row) => t(`care.${row.care_type}`) },
    { id: 'status', header: t('field.status'), sort: 'status', width: '128px', cell: (row) => <FacilityTags facility={row} always /> },
  ];
}

function useFilters(): Filter[] {
  const { t } = useTranslation('facility');
  return useMemo(() => {
    const fixed = (name: keyof typeof letters, label: string): ChoiceFilter => ({
      kind: 'choice',
      name,
      label,
      useOptions: () => ({ options: letters[name].map((value) => ({ value, label: t(`${name}.${value}`) })) }),
    });
    return [
      { kind: 'choice', name: 'place', label: t('field.place'), single: true, useOptions: useUpperPlaceOptions },
      fixed('level', t('field.level')),
      { kind: 'choice', name: 'form', label: t('field.form'), useOptions: useForms },
      fixed('care', t('field.care')),
      fixed('status', t('field.status')),
    ];
  }, [t]);
}

const useForms: ChoiceFilter['useOptions'] = () => {
  const { data, isPending } = useQuery(codesQuery(useWorkspace(), 'legal-forms'));
  return { options: (data ?? []).map((form) => ({ value: form.code, label: form.name })), loading: isPending };
};
