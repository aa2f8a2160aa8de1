import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Formats } from '../../i18n/format';
import { useFormats } from '../../i18n/useFormats';
import { AddLink } from '../../kit/AddLink';
import type { Column } from '../../kit/columns';
import { ListPage } from '../../kit/ListPage';
import { useSession } from '../../kit/session';
import { Tabs } from '../../kit/Tabs';
import { quickFilter, useList } from '../../kit/useList';
import { useUpperPlaceOptions } from '../../kit/usePlaceOptions';
import { EmptyState } from '../../ui/EmptyState';
import type { Filter } from '../../ui/filters';
import { CardLine, RowCard } from '../../ui/RowCard';
import { pricelistsParams, pricelistsShape } from './lists';
import { paths } from './paths';
import { pricelistsQuery } from './queries';
import type { Kind, Pricelist } from './wire';

const kinds = ['services', 'items'] as const;

/** The price lists that facilities choose from. */
export function PricelistsPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation('medical');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const list = useList(pricelistsShape, (state) => pricelistsQuery(ws, kind, pricelistsParams(state)));
  const columns = useMemo(() => columnsIn(t, formats), [t, formats]);
  const filters = useMemo<Filter[]>(() => [{ kind: 'choice', name: 'place', label: t('field.place'), single: true, useOptions: useUpperPlaceOptions }], [t]);
  const tabs = kinds.filter((one) => session.menu.includes(`medical.${one}_pricelists`));
  const add = session.menu.includes(`medical.${kind}_pricelists.add`) ? <AddLink to={paths.newPricelist(ws, kind)}>{t('lists.add')}</AddLink> : undefined;
  return (
    <ListPage
      list={list}
      title={t('lists.title')}
      count={(count) => t('lists.count', { count })}
      end={add}
      tabs={<Tabs label={t('lists.title')} tabs={tabs.map((one) => ({ key: one, label: t(`${one}.title`), to: paths.pricelists(ws, one), here: one === kind }))} />}
      search={{ label: t('lists.search'), hint: t('lists.searchHint') }}
      quick={[quickFilter(list, 'national', t('lists.national'))]}
      filters={filters}
      columns={columns}
      rowName={(row) => row.name}
      rowLink={(row) => paths.pricelist(ws, kind, row.id)}
      card={(row) => (
        <RowCard name={row.name}>
          <CardLine>
            <bdi>{formats.date(row.pricelist_date)}</bdi> · {row.location?.name ?? t('lists.national')}
          </CardLine>
        </RowCard>
      )}
      failed={t('lists.failed')}
      none={
        <EmptyState drawing="nothing" title={t('lists.none')} actions={add}>
          {t('lists.noneText')}
        </EmptyState>
      }
    />
  );
}

function columnsIn(t: TFunction<'medical'>, formats: Formats): Column<Pricelist>[] {
  return [
    { id: 'name', header: t('field.name'), sort: 'name', width: '46%', cell: (row) => <bdi style={{ fontWeight: 500 }}>{row.name}</bdi> },
    { id: 'place', header: t('field.place'), sort: 'location', cell: (row) => <bdi>{row.location?.name ?? t('lists.national')}</bdi> },
    { id: 'date', header: t('field.date'), sort: 'pricelist_date', width: '160px', cell: (row) => <bdi>{formats.date(row.pricelist_date)}</bdi> },
  ];
}
