import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Note } from './Note';
import styles from './ErrorSummary.module.css';

/** One thing to correct. */
export interface FormTrouble {
  /** The id of the input that it belongs to, when it has one. */
  fieldId?: string;
  /** What that input is called. */
  label?: string;
  message: string;
}

/** What has to be corrected, above a form: each with its field, as a link to that. Takes the focus whenever something else has to be. */
export function ErrorSummary({ troubles }: { troubles: readonly FormTrouble[] }) {
  const { t } = useTranslation('ui');
  const box = useRef<HTMLDivElement>(null);
  // The same troubles in another array are nothing new, and must not take the focus from where they are being corrected.
  const what = troubles.map(({ fieldId, message }) => `${fieldId ?? ''} ${message}`).join('\n');
  useEffect(() => {
    if (what !== '') box.current?.focus();
  }, [what]);
  if (troubles.length === 0) return null;
  return (
    <div ref={box} tabIndex={-1} role="alert" className={styles.box}>
      <Note tone="danger" title={t('toCorrect', { count: troubles.length })}>
        <ul className={styles.list}>
          {troubles.map(({ fieldId, label, message }) => {
            const text = label === undefined ? message : t('toCorrectIn', { field: label, message });
            return (
              <li key={`${fieldId ?? ''}${message}`}>
                {fieldId === undefined ? (
                  text
                ) : (
                  <a
                    href={`#${fieldId}`}
                    onClick={(event) => {
                      event.preventDefault();
                      document.getElementById(fieldId)?.focus();
                    }}
                  >
                    {text}
                  </a>
                )}
              </li>
            );
          })}
        </ul>
      </Note>
    </div>
  );
}
