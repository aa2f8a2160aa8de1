import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { onSignedOut } from '../api/client';
import { workspaceIn } from '../api/workspace';
import type { Session, SessionUser } from '../kit/session';
import { Dialog } from '../ui/Dialog';
import { SignInForm } from './SignInForm';
import { useSignIn } from './useSignIn';

/**
 * Asks the person whose session ended to sign in again, over the page as it is: nothing typed is lost. Afterwards what
 * failed is loaded again; a change that was refused is sent by pressing its button once more.
 */
export function SessionDialog() {
  const { t } = useTranslation('app');
  const client = useQueryClient();
  const [ended, setEnded] = useState<SessionUser>();

  useEffect(
    () =>
      onSignedOut(() => {
        const session = client.getQueryData<Session>(['session', workspaceIn(window.location.pathname)]);
        if (session?.user) setEnded(session.user);
      }),
    [client],
  );

  const signIn = useSignIn(() => {
    setEnded(undefined);
    // Not awaited: the dialog closes at once, the page fills in behind it.
    void client.invalidateQueries();
  });

  return (
    <Dialog
      opened={ended !== undefined}
      forced
      onClose={stay}
      title={t('again.title')}
      facts={t('again.facts')}
      size={520}
      buttons={
        <Button
          variant="subtle"
          onClick={() => {
            // A page of one person must not be seen by the next: start over.
            window.location.assign('/login');
          }}
        >
          {t('again.other')}
        </Button>
      }
    >
      <SignInForm
        key={ended?.email}
        email={ended?.email ?? ''}
        busy={signIn.isPending}
        error={signIn.error}
        onSubmit={(credentials) => {
          signIn.mutate(credentials);
        }}
      />
    </Dialog>
  );
}

function stay() {
  // Without a session the page behind can do nothing: there are only the two ways on.
}
