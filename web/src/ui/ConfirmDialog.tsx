import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './Dialog';
import { Note } from './Note';
import { useErrorText } from './useErrorText';

/** Asks before something that is hard to undo. `title` is verb and thing, `confirm` the verb; the error stays inside. */
export function ConfirmDialog({ opened, onClose, onConfirm, title, confirm, facts, hint, danger = false, busy = false, error, children }: {
  opened: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: ReactNode;
  confirm: string;
  facts?: ReactNode;
  hint?: ReactNode;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  children?: ReactNode;
}) {
  const { t } = useTranslation('ui');
  const errorText = useErrorText();
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={title}
      facts={facts}
      hint={hint}
      busy={busy}
      buttons={
        <>
          <Button variant="default" size="md" onClick={onClose} disabled={busy}>
            {t('cancel')}
          </Button>
          <Button variant={danger ? 'danger' : 'filled'} size="md" onClick={onConfirm} loading={busy}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
      {error ? (
        <Note tone="danger" role="alert" title={errorText(error).title}>
          {errorText(error).text}
        </Note>
      ) : null}
    </Dialog>
  );
}
