import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Note } from '../../ui/Note';
import styles from './TaskEditor.module.css';

/** Says that an earlier visit left something unsaved on this device, and offers it. */
export function FoundDraft({ text, onTake, onDrop }: { text: string; onTake: () => void; onDrop: () => void }) {
  const { t } = useTranslation('tpm');
  return (
    <Note
      tone="info"
      role="status"
      end={
        <span className={styles.start}>
          <Button variant="subtle" size="xs" onClick={onDrop}>
            {t('form.draftDrop')}
          </Button>
          <Button variant="default" size="xs" onClick={onTake}>
            {t('form.draftTake')}
          </Button>
        </span>
      }
    >
      {text}
    </Note>
  );
}
