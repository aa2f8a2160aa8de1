import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './SelectionBar.module.css';

/** Floats above the foot of a list while rows are selected: how many, and the verbs. Escape clears. */
export function SelectionBar({ count, onClear, children }: { count: number; onClear: () => void; children: ReactNode }) {
  const { t } = useTranslation('ui');
  useEffect(() => {
    if (count === 0) return;
    function onKey(event: KeyboardEvent) {
      if (event.key === 'Escape' && !event.defaultPrevented && document.querySelector('[role="dialog"], [role="menu"]') === null) onClear();
    }
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [count, onClear]);
  if (count === 0) return null;
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('selected', { count })}>
      <span className={styles.count} aria-live="polite">
        {t('selected', { count })}
      </span>
      {children}
      <ActionIcon size={28} onClick={onClear} aria-label={t('selection.clear')}>
        <IconX size={16} stroke={1.8} />
      </ActionIcon>
    </div>
  );
}
