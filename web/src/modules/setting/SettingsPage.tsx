import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListShape } from '../../kit/listState';
import { PageHead } from '../../kit/PageHead';
import { useListState } from '../../kit/useListState';
import { useWorkspace } from '../../kit/useWorkspace';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { FilterBar } from '../../ui/FilterBar';
import { withValues } from '../../ui/filters';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { isChanged } from './draft';
import { settingsQuery } from './queries';
import { SettingItem } from './SettingItem';
import styles from './SettingsPage.module.css';
import { useValueText } from './useValueText';
import type { Setting } from './wire';

/** What the address of the list may say. All settings are on the page, so nothing is sorted or paged. */
const shape: ListShape = { filters: ['changed'], accepts: { changed: (value) => value === 'yes' }, ordering: '', orderings: [], pageSize: 25 };

const none: readonly Setting[] = [];

/** What can be changed while the program runs: every setting by group, what it is here and who decided that. */
export default function SettingsPage() {
  const { t } = useTranslation('setting');
  const ws = useWorkspace();
  const [state, change] = useListState(shape);
  const list = useQuery(settingsQuery(ws));
  const valueText = useValueText();
  const settings = list.data ?? none;
  const only = state.filters.changed?.[0] === 'yes';
  const changed = useMemo(() => settings.filter(isChanged).length, [settings]);
  const groups = useMemo(() => {
    const words = folded(state.search).split(/\s+/);
    const found = settings.filter((one) => {
      const text = folded([one.label, one.help, one.name, one.group_label, valueText(one, one.value)].join(' '));
      return (!only || isChanged(one)) && words.every((word) => text.includes(word));
    });
    return [...new Map(found.map((one) => [one.group, one.group_label]))].map(([group, label]) => ({ group, label, members: found.filter((one) => one.group === group) }));
  }, [settings, state.search, only, valueText]);
  const clear = () => {
    change({ search: '', filters: {} });
  };

  return (
    <>
      <PageHead title={t('title')} facts={list.data === undefined ? ' ' : t('facts')} />
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
        filters={[]}
        values={state.filters}
        onChange={(values) => {
          change({ filters: values });
        }}
        onClear={clear}
      />
      {list.data === undefined ? (
        list.isError ? (
          <ErrorState error={list.error} title={t('failed')} onRetry={() => void list.refetch()} retrying={list.isFetching} />
        ) : (
          <SkeletonRows rows={8} />
        )
      ) : groups.length === 0 ? (
        <EmptyState drawing={only && changed === 0 ? 'done' : 'no_match'} title={t(only && changed === 0 ? 'nothingChanged' : 'noMatch')} actions={<Button onClick={clear}>{t('showAll')}</Button>}>
          {t(only && changed === 0 ? 'nothingChangedText' : 'noMatchText')}
        </EmptyState>
      ) : (
        groups.map(({ group, label, members }) => (
          <section key={group} aria-labelledby={`group-${group}`} className={styles.section}>
            <h2 id={`group-${group}`} className={styles.title}>
              {label}
            </h2>
            <ul className={styles.settings}>
              {members.map((one) => (
                <SettingItem key={one.name} setting={one} value={valueText(one, one.value)} />
              ))}
            </ul>
          </section>
        ))
      )}
      <Outlet />
    </>
  );
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{Mn}/gu, '').toLocaleLowerCase().trim();
}
