import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog';

/** Asks before unsaved changes are left behind: by link, tab, Back, reload or close. Does nothing while not `dirty`. */
export function UnsavedGuard({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation('ui');
  const { status, proceed, reset } = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: dirty, disabled: !dirty, withResolver: true });
  // Mounted only when it is needed: were it there before, the Escape that closes a panel would close it in the same breath.
  if (status !== 'blocked') return null;
  return (
    <Dialog
      opened
      onClose={reset}
      title={t('leave.title')}
      buttons={
        <>
          <Button variant="danger" size="md" onClick={proceed}>
            {t('leave.leave')}
          </Button>
          <Button size="md" data-autofocus onClick={reset}>
            {t('leave.stay')}
          </Button>
        </>
      }
    >
      {t('leave.text')}
    </Dialog>
  );
}
