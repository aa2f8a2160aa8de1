import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useOptionalParam } from '../kit/useWorkspace';
import { EmptyState } from '../ui/EmptyState';

/** For addresses that lead nowhere. */
export function NotFoundPage() {
  const { t } = useTranslation('app');
  const ws = useOptionalParam('ws');
  return (
    <>
      <title>{`${t('notFound.title')} · Almoner`}</title>
      <EmptyState
        drawing="lost"
        level={1}
        title={t('notFound.title')}
        actions={
          <Button component={Link} to={ws === undefined ? '/' : `/${ws}`}>
            {t('notFound.home')}
          </Button>
        }
      >
        {t('notFound.text')}
      </EmptyState>
    </>
  );
}
