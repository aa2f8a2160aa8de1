import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog';

/**
 * Asks before unsaved changes are left behind: by link, tab, Back, reload or close. Does nothing while not `dirty`. With
 * `keep` and `discard` the reader chooses between leaving with what was typed kept on the device, and without.
 */
export function UnsavedGuard({ dirty, keep, discard }: { dirty: boolean; keep?: () => void; discard?: () => void }) {
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
          <Button
            variant="danger"
            size="md"
            onClick={() => {
              discard?.();
              proceed();
            }}
          >
            {t(keep ? 'leave.discard' : 'leave.leave')}
          </Button>
          {keep ? (
            <Button
              variant="default"
              size="md"
              onClick={() => {
                keep();
                proceed();
              }}
            >
              {t('leave.keep')}
            </Button>
          ) : null}
          <Button size="md" data-autofocus onClick={reset}>
            {t('leave.stay')}
          </Button>
        </>
      }
    >
      {t(keep ? 'leave.keepText' : 'leave.text')}
    </Dialog>
  );
}
