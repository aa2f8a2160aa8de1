import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { today } from '../../i18n/format';
import { useFormats } from '../../i18n/useFormats';
import { AddLink } from '../../kit/AddLink';
import { ListPage } from '../../kit/ListPage';
import { useSession } from '../../kit/session';
import { quickFilter, useList } from '../../kit/useList';
import { EmptyState } from '../../ui/EmptyState';
import { InsureeCard } from './InsureeCard';
import { insureeColumns } from './insureeColumns';
import { insureesParams, insureesShape } from './insureesList';
import { fullName, useWords } from './names';
import { paths } from './paths';
import { insureesQuery } from './queries';
import { useInsureeFilters } from './useInsureeFilters';

/** The people whom the scheme covers: searched, filtered, sorted and paged by the server, all of it kept in the address. */
export default function InsureesPage() {
  const { t } = useTranslation('insuree');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const list = useList(insureesShape, (state) => insureesQuery(ws, insureesParams(state, today())));
  const gender = useWords('gender');
  const columns = useMemo(() => insureeColumns(t, formats, gender), [t, formats, gender]);
  const add = session.menu.includes('insuree.insurees.add') ? <AddLink to={paths.newInsuree(ws)}>{t('add.open')}</AddLink> : undefined;
  return (
    <ListPage
      list={list}
      title={t('list.title')}
      count={(count) => t('list.count', { count })}
      end={add}
      search={{ label: t('list.search'), hint: t('list.searchHint') }}
      quick={[quickFilter(list, 'heads', t('list.heads')), quickFilter(list, 'alone', t('list.alone'))]}
      filters={useInsureeFilters()}
      columns={columns}
      rowName={fullName}
      rowLink={(row) => paths.insuree(ws, row.id)}
      card={(row) => <InsureeCard row={row} />}
      failed={t('list.failed')}
      none={
        <EmptyState drawing="nothing" title={t('list.none')} actions={add}>
          {t('list.noneText')}
        </EmptyState>
      }
    />
  );
}
