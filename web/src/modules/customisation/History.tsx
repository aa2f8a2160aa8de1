import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { QueryBoundary } from '../../kit/QueryBoundary';
import { useWorkspace } from '../../kit/useWorkspace';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { Timeline, type TimelineEvent } from '../../ui/Timeline';
import styles from './History.module.css';
import { historyQuery } from './queries';
import type { HistoryChange, HistoryEvent } from './wire';

/** Who changed a declaration, when and what of it, the latest first. */
export function History({ kind, id }: { kind: 'extension-fields' | 'field-controls'; id: number }) {
  const { t } = useTranslation('customisation');
  const ws = useWorkspace();
  const title = useId();
  const options = historyQuery(ws, kind, id);
  const history = useQuery(options);
  const told = useEvents();
  return (
    <section className={styles.history} aria-labelledby={title}>
      <h3 id={title} className={styles.title}>
        {t('history.title')}
      </h3>
      <QueryBoundary query={history} queryKey={options.queryKey} title={t('history.failed')} skeleton={<SkeletonRows rows={2} />}>
        {(events) => <Timeline label={t('history.title')} events={told(events)} />}
      </QueryBoundary>
    </section>
  );
}

function useEvents(): (events: readonly HistoryEvent[]) => TimelineEvent[] {
  const { t, i18n } = useTranslation('customisation');
  const { t: ui } = useTranslation('ui');
  const plain = (value: unknown): string => {
    if (value === null || value === undefined || value === '') return '–';
    if (typeof value === 'boolean') return ui(value ? 'yes' : 'no');
    return typeof value === 'number' || typeof value === 'string' ? String(value) : '…';
  };
  /** What a document says in the reader's language: a name, or the names of values. */
  const words = (value: unknown): string => {
    const one = (texts: Readonly<Record<string, string>> | undefined) => texts?.[i18n.language] ?? texts?.en ?? '';
    if (Array.isArray(value)) return (value as { value: string; labels?: Record<string, string> }[]).map((choice) => one(choice.labels) || choice.value).join(', '); // as declared
    return typeof value === 'object' && value !== null ? Object.values(value).filter((text) => typeof text === 'string').join(' · ') : plain(value);
  };
  const line = ({ field, label, before, after }: HistoryChange) => (
    <span key={field}>
      {t('history.change', { field: label })} <bdi>{words(before) || '–'}</bdi> <span aria-hidden>→</span> <span className={styles.hidden}>{t('history.to')}</span> <bdi>{words(after) || '–'}</bdi>
    </span>
  );
  return (events) =>
    [...events]
      .sort((a, b) => b.id - a.id)
      .map((event) => {
        const changes = event.verb === 'created' ? [] : event.changes;
        return {
          key: String(event.id),
          at: event.at,
          person: event.actor === null || event.actor.id === 0 ? t('history.program') : event.actor.name,
          what: t(event.verb === 'created' ? 'history.created' : 'history.updated'),
          ...(changes.length > 0 && { detail: <span className={styles.changes}>{changes.map(line)}</span> }),
        };
      });
}
