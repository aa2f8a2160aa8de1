import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/useFormats';
import { Note } from '../ui/Note';
import styles from './form.module.css';

/** Says that an earlier visit left something unsaved on this device at a time, and offers it. */
export function FoundDraft({ at, onTake, onDrop }: { at: string; onTake: () => void; onDrop: () => void }) {
  const { t } = useTranslation('ui');
  const formats = useFormats();
  return (
    <Note
      tone="info"
      role="status"
      end={
        <span className={styles.choices}>
          <Button variant="subtle" size="xs" onClick={onDrop}>
            {t('draft.drop')}
          </Button>
          <Button variant="default" size="xs" onClick={onTake}>
            {t('draft.take')}
          </Button>
        </span>
      }
    >
      {t('draft.found', { time: formats.relative(at) })}
    </Note>
  );
}
