import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { useListState } from '../../kit/useListState';
import { useWorkspace } from '../../kit/useWorkspace';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { FilterBar } from '../../ui/FilterBar';
import { withValues } from '../../ui/filters';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { paths } from './paths';
import styles from './PermissionsPage.module.css';
import { rowsQuery } from './queries';
import { RuleSection } from './RuleSection';
import { grouped, isChanged, listRules, matching, rulesShape } from './rulesList';
import { SwitchOffDialog } from './SwitchOffDialog';
import { useRuleFilters } from './useRuleFilters';
import { useRuleWords } from './useRuleWords';
import { useTakeBack } from './useTakeBack';
import type { RuleRow } from './wire';

const none: readonly RuleRow[] = [];

/** Who may do what: all rules in words by record type, narrowed here, and switched off or taken back one by one. */
export default function PermissionsPage() {
  const { t, i18n } = useTranslation('permission');
  const ws = useWorkspace();
  const { searchStr } = useLocation();
  const words = useRuleWords();
  const [state, change] = useListState(rulesShape);
  const list = useQuery(rowsQuery(ws));
  const rows = list.data ?? none;
  const rules = useMemo(() => listRules(rows, words), [rows, words]);
  const groups = useMemo(() => grouped(matching(rules, state), i18n.language), [rules, state, i18n.language]);
  const changed = useMemo(() => rows.filter(isChanged).length, [rows]);
  const filters = useRuleFilters(rows, words);
  const [asked, setAsked] = useState<RuleRow>();
  const { take, busy } = useTakeBack();
  const only = state.filters.changed?.[0] === 'yes';
  const found = groups.reduce((sum, group) => sum + group.rules.length, 0);
  const clear = () => {
    change({ search: '', filters: {} });
  };

  return (
    <>
      <PageHead
        title={t('title')}
        facts={list.data === undefined ? ' ' : `${t('rules', { count: rows.length })}${t('comma')} ${t('changed', { count: changed })}`}
        end={
          <Button component={PathLink} to={`${paths.newRule(ws)}${searchStr}`} leftSection={<IconPlus size={16} stroke={1.8} />}>
            {t('add.open')}
          </Button>
        }
      />
      <FilterBar
        search={{
          value: state.search,
          label: t('search'),
          placeholder: t('searchHint'),
          onChange: (search) => {
            change({ search });
          },
        }}
        quick={[
          {
            key: 'changed',
            label: t('onlyChanged'),
            count: list.data === undefined ? undefined : changed,
            on: only,
            onToggle: () => {
              change({ filters: withValues(state.filters, 'changed', only ? [] : ['yes']) });
            },
          },
        ]}
        filters={filters}
        values={state.filters}
        onChange={(values) => {
          change({ filters: values });
        }}
        onClear={clear}
        end={
          list.data === undefined || found === rows.length ? undefined : (
            <span className={styles.found} role="status">
              {t('found', { count: found })}
            </span>
          )
        }
      />
      {list.data === undefined ? (
        list.isError ? (
          <ErrorState error={list.error} title={t('failed')} onRetry={() => void list.refetch()} retrying={list.isFetching} />
        ) : (
          <SkeletonRows rows={8} />
        )
      ) : groups.length === 0 ? (
        <NoRules any={rows.length > 0} onlyChanged={only && changed === 0} onClear={clear} />
      ) : (
        groups.map((group) => <RuleSection key={group.entity} group={group} alone={groups.length === 1} words={words} busy={busy} onOff={setAsked} onBack={take} />)
      )}
      {asked === undefined ? null : (
        <SwitchOffDialog
          row={asked}
          sentence={words.sentence(asked, { named: true })}
          onClose={() => {
            setAsked(undefined);
          }}
        />
      )}
      <Outlet />
    </>
  );
}

/** Why there are no rules, and the nearest way out. */
function NoRules({ any, onlyChanged, onClear }: { any: boolean; onlyChanged: boolean; onClear: () => void }) {
  const { t } = useTranslation('permission');
  if (!any) {
    return (
      <EmptyState drawing="nothing" title={t('none')}>
        {t('noneText')}
      </EmptyState>
    );
  }
  return (
    <EmptyState drawing={onlyChanged ? 'done' : 'no_match'} title={t(onlyChanged ? 'nothingChanged' : 'noMatch')} actions={<Button onClick={onClear}>{t('showAll')}</Button>}>
      {t(onlyChanged ? 'nothingChangedText' : 'noMatchText')}
    </EmptyState>
  );
}
