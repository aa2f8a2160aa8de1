import { Button } from '@mantine/core';
import { type QueryKey, queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { useFormats } from '../i18n/useFormats';
import { foldParts, type HistoryEvent } from './foldParts';
import { QueryBoundary } from './QueryBoundary';
import { useWorkspace } from './useWorkspace';
import { Card } from '../ui/Card';
import { SkeletonRows } from '../ui/SkeletonRows';
import { Timeline, type TimelineEvent } from '../ui/Timeline';
import styles from './HistoryCard.module.css';

/** Small parts of a record, and how they are told. Keep it stable between renders. */
export interface Parts {
  /** Of what kind they are, as the server calls it. */
  entity: string;
  given: string;
  taken: string;
  /** What a part is called. */
  name: (display: string) => string;
}

const few = 5;
// What the server keeps for itself says nothing to a reader.
const always = ['validity_from', 'validity_to', 'json_ext'];
const nothing: readonly string[] = [];

/** What happened to a record, the latest first. `path` is where the server has it, `reads` the key below which everything of it is kept. `parts` are told with the change that they came or went with. */
export function HistoryCard({ path, reads, silent = nothing, parts }: { path: string; reads: QueryKey; silent?: readonly string[]; parts?: Parts }) {
  const { t } = useTranslation('ui');
  const ws = useWorkspace();
  const options = historyQuery(ws, path, reads);
  const history = useQuery(options);
  const [all, setAll] = useState(false);
  const tell = useEvents(silent, parts);
  return (
    <Card title={t('history.title')}>
      <QueryBoundary query={history} queryKey={options.queryKey} title={t('history.failed')} skeleton={<SkeletonRows rows={3} />}>
        {(events) => {
          const told = tell(events).filter(notTwice);
          return (
            <>
              <Timeline label={t('history.title')} events={all ? told : told.slice(0, few)} />
              {told.length > few && !all ? (
                <Button
                  variant="subtle"
                  size="xs"
                  onClick={() => {
                    setAll(true);
                  }}
                >
                  {t('list.more', { count: told.length - few })}
                </Button>
              ) : null}
            </>
          );
        }}
      </QueryBoundary>
    </Card>
  );
}

/** A record that is made with others within it is told of once. */
function notTwice(event: TimelineEvent, index: number, all: readonly TimelineEvent[]): boolean {
  const before = all[index - 1];
  return before === undefined || event.detail !== undefined || before.detail !== undefined || event.at !== before.at || event.person !== before.person || event.what !== before.what;
}

/** A text whose direction is its own within a sentence. */
function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

function historyQuery(ws: string, path: string, reads: QueryKey) {
  return queryOptions({
    queryKey: [...reads, 'history', path],
    queryFn: ({ signal }) => api.get<HistoryEvent[]>(`${path}history/`, { workspace: ws, signal }),
  });
}

function useEvents(silent: readonly string[], parts: Parts | undefined): (events: readonly HistoryEvent[]) => TimelineEvent[] {
  const { t } = useTranslation('ui');
  const formats = useFormats();
  const value = (value: unknown, kind: string): string => {
    if (value === null || value === undefined || value === '') return '–';
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (kind === 'date' && typeof value === 'string') return formats.date(value);
    if (Array.isArray(value)) return formats.list(value.map(String));
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '…';
  };
  return (events) =>
    foldParts([...events].sort((a, b) => b.id - a.id), parts?.entity)
      .map((event) => {
        const within = event.display ?? '';
        const changes = event.verb === 'created' ? [] : event.changes.filter((change) => !silent.includes(change.field) && !always.includes(change.field));
        const named = (list: readonly string[]) => list.map((display) => parts?.name(display) ?? display);
        const lists = [
          { label: parts?.given ?? '', names: named(event.given) },
          { label: parts?.taken ?? '', names: named(event.taken) },
        ].filter(({ names }) => names.length > 0);
        const verb = ['created', 'updated', 'deleted'].includes(event.verb) ? event.verb : 'updated';
        return {
          key: String(event.id),
          at: event.at,
          person: event.actor === null || event.actor.id === 0 ? t('history.program') : event.actor.name,
          what: within === '' ? t(`history.${verb}`) : t(`history.within.${verb}`, { name: isolated(within) }),
          ...(changes.length + lists.length > 0 && {
            detail: (
              <span className={styles.changes}>
                {changes.map((change) => (
                  <span key={change.field}>
                    {t('history.change', { field: change.label })} <bdi>{value(change.before, change.kind)}</bdi> <span aria-hidden>→</span> <span className={styles.hidden}>{t('history.to')}</span> <bdi>{value(change.after, change.kind)}</bdi>
                  </span>
                ))}
                {lists.map(({ label, names }) => (
                  <span key={label}>
                    {t('history.change', { field: label })} {formats.list(names)}
                  </span>
                ))}
              </span>
            ),
          }),
        };
      });
}
