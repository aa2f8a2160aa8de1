import { Button } from '@mantine/core';
import { useTimeout } from '@mantine/hooks';
import { useQueryClient, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../ui/ErrorState';
import { Note } from '../ui/Note';
import { SkeletonRows } from '../ui/SkeletonRows';

/**
 * Shows what a query brings: skeletons first, "still working" with a way to stop after ten seconds, trouble with a way
 * to try again, and then the content. An older answer stays on screen when a newer one fails.
 */
export function QueryBoundary<Data>({ query, queryKey, title, skeleton, children }: {
  query: UseQueryResult<Data>;
  /** Names the query to cancel. */
  queryKey: QueryKey;
  /** What did not load, when it did not. */
  title?: string;
  skeleton?: ReactNode;
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) {
    return <ErrorState error={query.error} {...(title !== undefined && { title })} retrying={query.isFetching} onRetry={() => void query.refetch()} />;
  }
  return (
    <>
      {query.isFetching ? <SlowNotice queryKey={queryKey} /> : null}
      {skeleton ?? <SkeletonRows />}
    </>
  );
}

function SlowNotice({ queryKey }: { queryKey: QueryKey }) {
  const { t } = useTranslation('ui');
  const client = useQueryClient();
  const [slow, setSlow] = useState(false);
  useTimeout(() => { setSlow(true); }, 10_000, { autoInvoke: true });
  if (!slow) return null;
  return (
    <Note
      role="status"
      end={
        <Button variant="subtle" size="xs" onClick={() => void client.cancelQueries({ queryKey })}>
          {t('cancel')}
        </Button>
      }
    >
      {t('stillWorking')}
    </Note>
  );
}
