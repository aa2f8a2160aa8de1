import { Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Dialog.module.css';

/**
 * A dialog for a decision. Its title is a verb and the thing; `facts` is one quiet line under it; the foot has a hint
 * at its start and the buttons at its end. It cannot be closed while `busy`. A sheet over the whole screen on phones.
 */
export function Dialog({ opened, onClose, title, facts, hint, buttons, size = 480, busy = false, forced = false, children }: {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  facts?: ReactNode;
  hint?: ReactNode;
  buttons: ReactNode;
  size?: number;
  busy?: boolean;
  /** There is no way round it: no cross, no escape. */
  forced?: boolean;
  children?: ReactNode;
}) {
  const { t } = useTranslation('ui');
  const phone = useMediaQuery('(max-width: 639.98px)', undefined, { getInitialValueInEffect: false });
  return (
    <Modal
      opened={opened}
      onClose={busy || forced ? noop : onClose}
      withCloseButton={!forced}
      title={title}
      size={Math.min(size, 760)}
      fullScreen={phone}
      attributes={{ header: { role: 'none' } }}
      closeButtonProps={{ 'aria-label': t('close'), disabled: busy }}
    >
      {facts === undefined ? null : <p className={styles.facts}>{facts}</p>}
      <div className={styles.content}>{children}</div>
      <div className={styles.foot}>
        {hint === undefined ? null : <div className={styles.hint}>{hint}</div>}
        <div className={styles.buttons}>{buttons}</div>
      </div>
    </Modal>
  );
}

function noop() {
  // A request is under way and closing would hide its outcome, or there is nothing to go back to.
}
