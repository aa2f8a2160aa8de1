import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Formats } from '../../i18n/format';
import { useFormats } from '../../i18n/useFormats';
import { AddLink } from '../../kit/AddLink';
import type { Column } from '../../kit/columns';
import { ListPage } from '../../kit/ListPage';
import { useSession } from '../../kit/session';
import { useList } from '../../kit/useList';
import { EmptyState } from '../../ui/EmptyState';
import type { Filter } from '../../ui/filters';
import { CardLine, RowCard } from '../../ui/RowCard';
import { CatalogueTabs } from './CatalogueTabs';
import { entriesParams, entriesShape, letters } from './lists';
import { paths } from './paths';
import { priceText } from './prices';
import { entriesQuery } from './queries';
import type { Entry, Kind } from './wire';

/** What can be claimed, with its prices: the items or the services of the catalogue. */
export function CataloguePage({ kind }: { kind: Kind }) {
  const { t } = useTranslation('medical');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const list = useList(entriesShape[kind], (state) => entriesQuery(ws, kind, entriesParams(state)));
  const columns = useMemo(() => columnsIn(t, formats, kind), [t, formats, kind]);
  const filters = useMemo(() => filtersIn(t, kind), [t, kind]);
  const add = session.menu.includes(`medical.${kind}.add`) ? <AddLink to={paths.newEntry(ws, kind)}>{t(`${kind}.add`)}</AddLink> : undefined;
  return (
    <ListPage
      list={list}
      title={t('catalogue')}
      count={(count) => t(`${kind}.count`, { count })}
      end={add}
      tabs={<CatalogueTabs here={kind} />}
      search={{ label: t(`${kind}.search`), hint: t('searchHint') }}
      filters={filters}
      columns={columns}
      rowName={(row) => row.name}
      {...(session.menu.includes(`medical.${kind}.change`) && { rowLink: (row: Entry) => paths.entry(ws, kind, row.id) })}
      card={(row) => (
        <RowCard reference={row.code} name={row.name} tags={<span className="figures">{priceText(formats, row.price)}</span>}>
          <CardLine>{[t(`${kind}.type.${row.type}`), row.package, t(`care.${row.care_type}`)].filter(Boolean).join(' · ')}</CardLine>
        </RowCard>
      )}
      failed={t('failed')}
      none={
        <EmptyState drawing="nothing" title={t(`${kind}.none`)} actions={add}>
          {t('noneText')}
        </EmptyState>
      }
    />
  );
}

function columnsIn(t: TFunction<'medical'>, formats: Formats, kind: Kind): Column<Entry>[] {
  const own: Column<Entry>[] =
    kind === 'items'
      ? [{ id: 'package', header: t('field.package'), from: 720, cell: (row) => <bdi>{row.package ?? '–'}</bdi> }]
      : [
          { id: 'category', header: t('field.category'), sort: 'category', width: '148px', from: 720, cell: (row) => (row.category ? t(`category.${row.category}`) : '–') },
          { id: 'level', header: t('field.level'), sort: 'level', width: '136px', from: 880, cell: (row) => t(`level.${row.level ?? ''}`) },
        ];
  return [
    { id: 'code', header: t('field.code'), sort: 'code', width: '96px', cell: (row) => <span className="reference">{row.code}</span> },
    { id: 'name', header: t('field.name'), sort: 'name', width: '34%', cell: (row) => <bdi style={{ fontWeight: 500 }}>{row.name}</bdi> },
    { id: 'type', header: t('field.type'), sort: 'type', width: '168px', from: 620, cell: (row) => t(`${kind}.type.${row.type}`) },
    ...own,
    { id: 'care', header: t('field.care'), width: '128px', from: 980, cell: (row) => t(`care.${row.care_type}`) },
    { id: 'price', header: t('field.price'), sort: 'price', width: '104px', align: 'end', cell: (row) => <span className="figures">{priceText(formats, row.price)}</span> },
  ];
}

function filtersIn(t: TFunction<'medical'>, kind: Kind): Filter[] {
  return Object.entries<readonly string[]>(letters[kind]).map(([name, values]) => ({
    kind: 'choice',
    name,
    label: t(`field.${name}`),
    useOptions: () => ({ options: values.map((value) => ({ value, label: t(name === 'type' ? `${kind}.type.${value}` : `${name}.${value}`) })) }),
  }));
}
