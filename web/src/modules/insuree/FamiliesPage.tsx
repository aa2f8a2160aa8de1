import { IconMapPin } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../kit/columns';
import { ListPage } from '../../kit/ListPage';
import { placeName } from '../../kit/places';
import { quickFilter, useList } from '../../kit/useList';
import { usePlaceOptions } from '../../kit/usePlaceOptions';
import { useWorkspace } from '../../kit/useWorkspace';
import { Avatar } from '../../ui/Avatar';
import { Clip } from '../../ui/Clip';
import { EmptyState } from '../../ui/EmptyState';
import type { Filter } from '../../ui/filters';
import { CardLine, RowCard } from '../../ui/RowCard';
import { Tag } from '../../ui/Tag';
import { familiesParams, familiesShape } from './familiesList';
import cells from '../../kit/cells.module.css';
import { fullName, useWords } from './names';
import { paths } from './paths';
import { familiesPageQuery } from './queries';
import type { Code, FamilyRow } from './wire';

/** The families of the scheme, by their heads: searched, filtered, sorted and paged by the server, all of it kept in the address. */
export default function FamiliesPage() {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const list = useList(familiesShape, (state) => familiesPageQuery(ws, familiesParams(state)));
  const kind = useWords('family_type');
  const columns = useMemo(() => columnsIn(t, kind), [t, kind]);
  const filters = useMemo<Filter[]>(() => [{ kind: 'choice', name: 'place', label: t('field.place'), single: true, useOptions: usePlaceOptions }], [t]);
  return (
    <ListPage
      list={list}
      title={t('families.title')}
      count={(count) => t('families.count', { count })}
      search={{ label: t('families.search'), hint: t('families.searchHint') }}
      quick={[quickFilter(list, 'poor', t('families.poor'))]}
      filters={filters}
      columns={columns}
      rowName={nameOf}
      rowLink={(row) => paths.family(ws, row.id)}
      card={(row) => (
        <RowCard reference={row.head_insuree?.chf_id} name={nameOf(row)} tags={<Poor row={row} t={t} />}>
          <CardLine icon={IconMapPin}>
            <bdi>{placeName(row.location) || '–'}</bdi>
          </CardLine>
        </RowCard>
      )}
      failed={t('families.failed')}
      none={
        <EmptyState drawing="nothing" title={t('families.none')}>
          {t('families.noneText')}
        </EmptyState>
      }
    />
  );
}

function columnsIn(t: TFunction<'insuree'>, kind: (code: Code | null | undefined) => string): Column<FamilyRow>[] {
  return [
    { id: 'number', header: t('field.number'), sort: 'number', width: '148px', cell: (row) => <span className="reference">{row.head_insuree?.chf_id ?? '–'}</span> },
    {
      id: 'name',
      header: t('families.head'),
      sort: 'name',
      width: '30%',
      cell: (row) => (
        <span className={cells.person}>
          <Avatar name={nameOf(row)} size={26} decorative />
          <bdi className={cells.name}>{nameOf(row)}</bdi>
        </span>
      ),
    },
    { id: 'place', header: t('field.place'), cell: (row) => <Clip>{placeName(row.location) || '–'}</Clip> },
    { id: 'kind', header: t('field.kind'), width: '160px', from: 760, cell: (row) => kind(row.family_type) || '–' },
    { id: 'poor', header: t('field.poor'), width: '112px', cell: (row) => <Poor row={row} t={t} /> },
  ];
}

function Poor({ row, t }: { row: FamilyRow; t: TFunction<'insuree'> }) {
  return row.poverty ? <Tag tone="warn">{t('tag.poor')}</Tag> : null;
}

function nameOf({ head_insuree: head }: FamilyRow): string {
  return head === null ? '–' : fullName(head);
}
