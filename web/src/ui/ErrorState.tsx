import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './EmptyState';
import { RequestNumber } from './RequestNumber';
import { useErrorText } from './useErrorText';

/** Something did not load: what, why, the request's number, and trying again. `title` names what did not load. */
export function ErrorState({ error, title, onRetry, retrying = false, level = 2 }: {
  error: unknown;
  title?: string;
  onRetry?: () => void;
  retrying?: boolean;
  level?: 1 | 2 | 3;
}) {
  const { t } = useTranslation('ui');
  const said = useErrorText()(error);
  return (
    <div role="alert">
      <EmptyState
        drawing="broken"
        level={level}
        title={title ?? said.title}
        actions={
          <>
            {onRetry ? (
              <Button leftSection={<IconRefresh size={15} stroke={1.8} />} onClick={onRetry} loading={retrying}>
                {t('tryAgain')}
              </Button>
            ) : null}
            {said.requestId === '' ? null : <RequestNumber id={said.requestId} />}
          </>
        }
      >
        {said.text}
      </EmptyState>
    </div>
  );
}
