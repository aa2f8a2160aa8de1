import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { AddLink } from '../../kit/AddLink';
import { ListPage } from '../../kit/ListPage';
import { useSession } from '../../kit/session';
import { quickFilter, useList } from '../../kit/useList';
import { EmptyState } from '../../ui/EmptyState';
import type { ChoiceFilter, Filter } from '../../ui/filters';
import { FirmCard } from './FirmCard';
import { firmColumns } from './firmColumns';
import { firmsFile, firmsQuery } from './firmQueries';
import { firmsParams, firmsShape } from './firmsList';
import { paths } from './paths';

/** The firms that work in the workspace: searched, filtered, sorted and paged by the server, all of it kept in the address. */
export default function FirmsPage() {
  const { t } = useTranslation('tpm');
  const session = useSession();
  const ws = session.workspace.code;
  const list = useList(firmsShape, (state) => firmsQuery(ws, firmsParams(state)));
  const columns = useMemo(() => firmColumns(t), [t]);
  const own = session.menu.includes('tpm.firms.own');
  const add = session.menu.includes('tpm.firms.add') ? <AddLink to={paths.newFirm(ws)}>{t('firms.add')}</AddLink> : null;
  return (
    <ListPage
      list={list}
      title={t('firms.title')}
      count={(count) => t('firms.count', { count })}
      end={
        <>
          <Button component="a" href={firmsFile(ws, firmsParams(list.state))} download variant="default" leftSection={<IconDownload size={16} stroke={1.7} />}>
            {t('firms.export')}
          </Button>
          {add}
        </>
      }
      search={{ label: t('firms.search'), hint: t('firms.searchHint') }}
      quick={[quickFilter(list, 'blocked', t('firms.blocked')), quickFilter(list, 'hidden', t('firms.hidden'))]}
      filters={useFirmFilters()}
      columns={columns}
      rowName={(firm) => firm.name}
      rowLink={(firm) => paths.firm(ws, firm.id)}
      card={(firm) => <FirmCard firm={firm} />}
      failed={t('firms.failed')}
      none={
        <EmptyState drawing="nothing" title={t(own ? 'firms.noneOwn' : 'firms.none')} actions={add}>
          {t(own ? 'firms.noneOwnText' : 'firms.noneText')}
        </EmptyState>
      }
      noMatchSearch={t('firms.noMatchSearch', { search: list.state.search })}
    />
  );
}

function useFirmFilters(): Filter[] {
  const { t } = useTranslation('tpm');
  return useMemo(() => {
    const choice = (name: string, label: string, values: readonly ('yes' | 'no')[]): ChoiceFilter => ({
      kind: 'choice',
      name,
      label,
      single: true,
      useOptions: () => ({ options: values.map((value) => ({ value, label: t(`firms.${value}`) })) }),
    });
    return [choice('blocked', t('firms.blocked'), ['yes', 'no']), choice('marked', t('firms.marked'), ['yes', 'no']), choice('hidden', t('firms.hidden'), ['yes'])];
  }, [t]);
}
