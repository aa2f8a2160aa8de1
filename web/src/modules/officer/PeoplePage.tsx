import { IconBuildingHospital, IconMapPin, IconPhone } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Formats } from '../../i18n/format';
import { useFormats } from '../../i18n/useFormats';
import { AddLink } from '../../kit/AddLink';
import { choicesQuery } from '../../kit/choices';
import cells from '../../kit/cells.module.css';
import type { Column } from '../../kit/columns';
import { ListPage } from '../../kit/ListPage';
import { useSession } from '../../kit/session';
import { quickFilter, useList } from '../../kit/useList';
import { useUpperPlaceOptions } from '../../kit/usePlaceOptions';
import { useWorkspace } from '../../kit/useWorkspace';
import { Avatar } from '../../ui/Avatar';
import { Clip } from '../../ui/Clip';
import { EmptyState } from '../../ui/EmptyState';
import type { ChoiceFilter, Filter } from '../../ui/filters';
import { CardLine, RowCard } from '../../ui/RowCard';
import { paths } from './paths';
import { peopleParams, shapes } from './peopleLists';
import { PersonTags } from './PersonTags';
import { facilities, peopleQuery } from './queries';
import { menuOf, useKind } from './useKind';
import { fullName, type Kind, type Person } from './wire';

/** Who works for a scheme in the field: enrolment officers, or claim administrators. */
export default function PeoplePage() {
  const { t } = useTranslation('officer');
  const formats = useFormats();
  const session = useSession();
  const kind = useKind();
  const ws = session.workspace.code;
  const list = useList(shapes[kind], (state) => peopleQuery(ws, kind, peopleParams(state)));
  const columns = useMemo(() => columnsIn(t, formats, kind), [t, formats, kind]);
  const filters = useMemo(() => filtersIn(t, kind), [t, kind]);
  const add = session.menu.includes(`${menuOf[kind]}.add`) ? <AddLink to={paths.add(ws, kind)}>{t(`${kind}.add`)}</AddLink> : undefined;
  return (
    <ListPage
      list={list}
      title={t(`${kind}.title`)}
      count={(count) => t(`${kind}.count`, { count })}
      end={add}
      search={{ label: t(`${kind}.search`), hint: t('searchHint') }}
      quick={[quickFilter(list, 'login', t('signsIn'))]}
      filters={filters}
      columns={columns}
      rowName={fullName}
      rowLink={(row) => paths.one(ws, kind, row.id)}
      card={(row) => <PersonCard row={row} />}
      failed={t(`${kind}.failed`)}
      none={
        <EmptyState drawing="nothing" title={t(`${kind}.none`)} actions={add}>
          {t(`${kind}.noneText`)}
        </EmptyState>
      }
    />
  );
}

/** The names of the villages that somebody works in. */
function villagesOf(row: Person, formats: Formats): string {
  return row.officer_villages?.length ? formats.list(row.officer_villages.map((one) => one.location.name)) : '–';
}

function columnsIn(t: TFunction<'officer'>, formats: Formats, kind: Kind): Column<Person>[] {
  const where: Column<Person>[] =
    kind === 'officers'
      ? [
          { id: 'district', header: t('officer:field.location'), from: 620, width: '13%', cell: (row) => <Clip>{row.location?.name ?? '–'}</Clip> },
          { id: 'villages', header: t('officer:field.officer_villages'), from: 760, cell: (row) => <Clip>{villagesOf(row, formats)}</Clip> },
        ]
      : [{ id: 'facility', header: t('officer:field.health_facility'), from: 560, cell: (row) => <Clip>{row.health_facility?.name ?? '–'}</Clip> }];
  return [
    {
      id: 'name',
      header: t('officer:field.name'),
      sort: 'last_name',
      width: '24%',
      cell: (row) => (
        <span className={cells.person}>
          <Avatar name={fullName(row)} size={26} decorative />
          <bdi className={cells.name}>{fullName(row)}</bdi>
        </span>
      ),
    },
    { id: 'code', header: t('officer:field.code'), sort: 'code', width: '132px', cell: (row) => <span className="reference">{row.code}</span> },
    ...where,
    { id: 'phone', header: t('officer:field.phone'), from: 940, width: '148px', cell: (row) => <bdi dir="ltr">{row.phone || '–'}</bdi> },
    ...(kind === 'officers' ? [{ id: 'until', header: t('officer:field.works_to'), sort: 'works_to', from: 1080, width: '136px', cell: (row: Person) => (row.works_to ? <bdi>{formats.date(row.works_to)}</bdi> : '–') }] : []),
    {
      id: 'tags',
      header: t('officer:field.state'),
      width: '136px',
      cell: (row) => (
        <span className={cells.tags}>
          <PersonTags person={row} />
        </span>
      ),
    },
  ];
}

/** Somebody in the list on phones. */
function PersonCard({ row }: { row: Person }) {
  const formats = useFormats();
  const where = row.health_facility?.name ?? row.location?.name;
  return (
    <RowCard reference={row.code} name={fullName(row)} tags={<PersonTags person={row} />}>
      {where === undefined ? null : (
        <CardLine icon={row.health_facility ? IconBuildingHospital : IconMapPin}>
          <bdi>{where}</bdi>
          {row.officer_villages?.length ? (
            <>
              {' · '}
              <bdi>{villagesOf(row, formats)}</bdi>
            </>
          ) : null}
        </CardLine>
      )}
      {row.phone ? (
        <CardLine icon={IconPhone}>
          <bdi dir="ltr">{row.phone}</bdi>
        </CardLine>
      ) : null}
    </RowCard>
  );
}

function filtersIn(t: TFunction<'officer'>, kind: Kind): Filter[] {
  return [
    kind === 'officers'
      ? { kind: 'choice', name: 'place', label: t('officer:field.place'), single: true, useOptions: useUpperPlaceOptions }
      : { kind: 'choice', name: 'facility', label: t('officer:field.health_facility'), single: true, useOptions: useFacilities },
  ];
}

const useFacilities: ChoiceFilter['useOptions'] = (typed) => {
  const { data, isPending } = useQuery(choicesQuery(useWorkspace(), facilities, typed));
  return { options: (data ?? []).map((one) => ({ value: String(one.id), label: [one.name, one.hint].join(' · ') })), loading: isPending };
};
