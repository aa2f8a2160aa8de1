import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorSummary, type FormTrouble } from '../ui/ErrorSummary';
import { Note } from '../ui/Note';
import { useErrorText } from '../ui/useErrorText';
import { isConflict } from './form';
import styles from './form.module.css';

/** What is wrong with a form, above its fields: that somebody else changed the record meanwhile, with a way to read it again; else what the server refused, by field; else why it did not work. */
export function FormTroubles({ error, told, again }: { error: unknown; told: readonly FormTrouble[]; again?: (() => void) | undefined }) {
  const { t } = useTranslation('ui');
  const errorText = useErrorText();
  if (error === null || error === undefined || told.length > 0) return <ErrorSummary troubles={told} />;
  if (isConflict(error) && again !== undefined) {
    return (
      <Note tone="warn" role="alert" title={t('conflict.title')}>
        {t('conflict.text')}
        <span className={styles.buttons}>
          <Button variant="default" onClick={again}>
            {t('conflict.again')}
          </Button>
        </span>
      </Note>
    );
  }
  const { title, text } = errorText(error);
  return (
    <Note tone="danger" role="alert" title={title}>
      {text}
    </Note>
  );
}
