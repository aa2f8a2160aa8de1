import { Button } from '@mantine/core';
import { IconDownload, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../kit/DataTable';
import { PathLink } from '../../kit/PathLink';
import { useListState } from '../../kit/useListState';
import { useWorkspace } from '../../kit/useWorkspace';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { withValues } from '../../ui/filters';
import { Pager } from '../../ui/Pager';
import { SearchField } from '../../ui/SearchField';
import { Segmented } from '../../ui/Segmented';
import { accessQuery } from './firmAccess';
import { peopleColumns } from './firmPeopleColumns';
import styles from './FirmPeopleTab.module.css';
import { type Member, peopleFile, peopleQuery } from './firmQueries';
import { FirmPersonCard } from './FirmPersonCard';
import { FirmRoleDialog } from './FirmRoleDialog';
import { peopleParams, peopleShape } from './firmsList';
import { FirmWaiting } from './FirmWaiting';
import { staffName } from './names';
import { paths } from './paths';
import { useFirm } from './useFirm';

const sizes = [10, 25, 50];
const choices = ['active', 'inactive', 'all'] as const;

/** The people of a firm: who acts for it here, who did, and for those who may, the way to let people in and to end it. */
export default function FirmPeopleTab() {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const firm = useFirm();
  const [state, change] = useListState(peopleShape);
  const list = useQuery(peopleQuery(ws, firm.id, peopleParams(state)));
  const { data: rights } = useQuery(accessQuery(ws, firm.organization_id));
  const [asked, setAsked] = useState<Member>();
  const rows = list.data?.results;
  const manages = rights?.can_add_user === true;
  const columns = useMemo(() => peopleColumns(t, manages ? setAsked : undefined), [t, manages]);
  const show = choices.find((choice) => choice === state.filters.show?.[0]) ?? 'active';
  const many = list.data !== undefined && list.data.count > (sizes[0] ?? 0);

  return (
    <>
      <div className={styles.bar}>
        <Segmented
          label={t('firm.show')}
          value={show}
          onChange={(choice) => {
            change({ filters: withValues(state.filters, 'show', choice === 'active' ? [] : [choice]) });
          }}
          options={choices.map((value) => ({ value, label: t(`firm.showing.${value}`) }))}
        />
        {many || state.search !== '' ? (
          <SearchField
            value={state.search}
            label={t('firm.searchPeople')}
            placeholder={t('firm.searchPeople')}
            onChange={(search) => {
              change({ search });
            }}
          />
        ) : null}
        <p className={styles.count} aria-live="polite">
          {list.data === undefined ? null : t('firm.people', { count: list.data.count })}
        </p>
        <span className={styles.end}>
          <Button component="a" href={peopleFile(ws, firm.id)} download variant="default" leftSection={<IconDownload size={16} stroke={1.7} />}>
            {t('firms.export')}
          </Button>
          {manages ? (
            <Button component={PathLink} to={paths.invite(ws, firm.id)} leftSection={<IconUserPlus size={16} stroke={1.7} />}>
              {t('firm.invite')}
            </Button>
          ) : null}
        </span>
      </div>
      {manages || rights?.can_review_user ? <FirmWaiting firm={firm} /> : null}
      {list.isError && rows === undefined ? (
        <ErrorState error={list.error} title={t('visits.failed')} onRetry={() => void list.refetch()} retrying={list.isFetching} />
      ) : (
        <DataTable
          caption={t('firm.peopleOf', { firm: firm.name })}
          columns={columns}
          rows={rows}
          rowId={(person) => String(person.id)}
          rowName={staffName}
          ordering={state.ordering}
          onOrdering={(ordering) => {
            change({ ordering });
          }}
          stale={list.isPlaceholderData}
          card={(person) => <FirmPersonCard person={person} onAsk={manages ? setAsked : undefined} />}
          skeletons={4}
          empty={
            state.search === '' ? (
              <EmptyState drawing="nothing" title={t(`firm.none.${show}`)}>
                {t(`firm.none.${show}Text`)}
              </EmptyState>
            ) : (
              <EmptyState
                drawing="no_match"
                title={t('ui:list.noMatch')}
                actions={
                  <Button
                    onClick={() => {
                      change({ search: '' });
                    }}
                  >
                    {t('ui:list.clearSearch')}
                  </Button>
                }
              >
                {t('firm.noMatch', { search: state.search })}
              </EmptyState>
            )
          }
        />
      )}
      {many ? (
        <Pager
          page={state.page}
          pageSize={state.pageSize}
          count={list.data.count}
          sizes={sizes}
          onPage={(page) => {
            change({ page });
          }}
          onPageSize={(pageSize) => {
            change({ pageSize });
          }}
        />
      ) : null}
      {asked && rights ? (
        <FirmRoleDialog
          firm={firm}
          person={asked}
          groups={rights.groups}
          onClose={() => {
            setAsked(undefined);
          }}
        />
      ) : null}
      <Outlet />
    </>
  );
}
