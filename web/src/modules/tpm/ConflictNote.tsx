import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Note } from '../../ui/Note';
import styles from './ConflictNote.module.css';
import { StoryList } from './StoryList';
import type { Conflict } from './useVisitEdit';

/** Somebody else changed the visit meanwhile: what they did, and the choice between theirs and one's own. */
export function ConflictNote({ conflict, busy, onOverwrite, onDiscard }: { conflict: Conflict; busy: boolean; onOverwrite: () => void; onDiscard: () => void }) {
  const { t } = useTranslation('tpm');
  return (
    <Note tone="warn" role="alert" title={t('conflict.title')}>
      <div className={styles.content}>
        <p>{t('conflict.text')}</p>
        {conflict.told.length === 0 ? null : <StoryList visit={conflict.visit} told={conflict.told} />}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onDiscard} disabled={busy}>
            {t('conflict.discard')}
          </Button>
          <Button variant="warn" onClick={onOverwrite} loading={busy}>
            {t('conflict.overwrite')}
          </Button>
        </div>
      </div>
    </Note>
  );
}
