import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './SidePanel.module.css';

/**
 * A panel at the end edge for editing or peeking while the list stays behind it. Its address is the caller's: render it
 * from a child route and navigate away in `onClose`. `dirty` marks unsaved changes in the title.
 */
export function SidePanel({ title, onClose, dirty = false, foot, size = 520, children }: {
  title: ReactNode;
  onClose: () => void;
  dirty?: boolean;
  foot?: ReactNode;
  size?: number;
  children: ReactNode;
}) {
  const { t } = useTranslation('ui');
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={Math.min(560, Math.max(480, size))}
      padding={0}
      lockScroll={false}
      classNames={{ overlay: styles.overlay, content: styles.panel, body: styles.body, header: styles.head }}
      // Beside a dialog there would be two banners on the page.
      attributes={{ header: { role: 'none' } }}
      closeButtonProps={{ 'aria-label': t('close') }}
      title={
        <>
          {title}
          {dirty ? <span className={styles.dirty}>{t('unsaved')}</span> : null}
        </>
      }
    >
      <div className={styles.content}>{children}</div>
      {foot === undefined ? null : <div className={styles.foot} data-panel-foot>{foot}</div>}
    </Drawer>
  );
}
