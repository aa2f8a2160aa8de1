import { Button } from '@mantine/core';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/ApiError';
import { useFormats } from '../i18n/useFormats';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { LonePage } from './LonePage';
import { NoAccess, NoWorkspace } from './refusals';
import { useSignOut } from './useSignOut';

/** What stands in a page's place when it could not be shown: no access, not there, or failed. */
export function RouteError({ error }: ErrorComponentProps) {
  if (error instanceof NoAccess) return <NoAccessPage refusal={error} />;
  if (error instanceof NoWorkspace) return <NoWorkspacePage refusal={error} />;
  if (error instanceof ApiError && error.status === 404) return <MissingRecord />;
  return <Failed error={error} />;
}

function Failed({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <ErrorState
      error={error}
      level={1}
      onRetry={() => {
        void router.invalidate();
      }}
    />
  );
}

function MissingRecord() {
  const { t } = useTranslation('app');
  return (
    <EmptyState
      drawing="lost"
      level={1}
      title={t('notFound.record')}
      actions={
        <Button component={Link} to="/">
          {t('notFound.home')}
        </Button>
      }
    >
      {t('notFound.text')}
    </EmptyState>
  );
}

function NoAccessPage({ refusal: { session, workspace, what } }: { refusal: NoAccess }) {
  const { t } = useTranslation('app');
  const formats = useFormats();
  const others = session.workspaces.filter((other) => other.code !== workspace).slice(0, 3);
  const name = session.user?.name ?? '';
  if (what === 'screen') {
    return (
      <EmptyState
        drawing="locked"
        level={1}
        title={t('noAccess.screenTitle')}
        actions={
          <Button component={Link} to={`/${workspace}`}>
            {t('notFound.home')}
          </Button>
        }
      >
        {t('noAccess.screenText', {
          workspace: session.workspace?.name ?? workspace,
          roles: session.roles.length > 0 ? formats.list(session.roles) : t('noAccess.noRoles'),
        })}
      </EmptyState>
    );
  }
  return (
    <LonePage>
      <EmptyState
        drawing="locked"
        level={1}
        title={t('noAccess.workspaceTitle', { workspace })}
        actions={others.map((other, index) => (
          <Button key={other.code} component={Link} to={`/${other.code}`} variant={index === 0 ? 'filled' : 'default'}>
            {t('noAccess.switch', { workspace: other.name })}
          </Button>
        ))}
      >
        {t('noAccess.workspaceText', { name })}
      </EmptyState>
    </LonePage>
  );
}

function NoWorkspacePage({ refusal: { session } }: { refusal: NoWorkspace }) {
  const { t } = useTranslation('app');
  const signOut = useSignOut();
  return (
    <LonePage>
      <EmptyState
        drawing="door"
        level={1}
        title={t('noWorkspace.title')}
        actions={
          <Button
            variant="default"
            loading={signOut.isPending}
            onClick={() => {
              signOut.mutate();
            }}
          >
            {t('person.signOut')}
          </Button>
        }
      >
        {t('noWorkspace.text', { name: session.user?.name ?? '' })}
      </EmptyState>
    </LonePage>
  );
}
