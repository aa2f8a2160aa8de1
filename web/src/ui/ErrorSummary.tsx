import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Note } from './Note';
import styles from './ErrorSummary.module.css';

/** One thing to correct; `fieldId` is the id of the input it belongs to, when it has one. */
export interface FormTrouble {
  fieldId?: string;
  message: string;
}

/** What has to be corrected, above a form, with links to the fields. Takes the focus whenever the list changes. */
export function ErrorSummary({ troubles }: { troubles: readonly FormTrouble[] }) {
  const { t } = useTranslation('ui');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (troubles.length > 0) box.current?.focus();
  }, [troubles]);
  if (troubles.length === 0) return null;
  return (
    <div ref={box} tabIndex={-1} role="alert" className={styles.box}>
      <Note tone="danger" title={t('toCorrect', { count: troubles.length })}>
        <ul className={styles.list}>
          {troubles.map((trouble) => (
            <li key={`${trouble.fieldId ?? ''}${trouble.message}`}>
              {trouble.fieldId === undefined ? (
                trouble.message
              ) : (
                <a
                  href={`#${trouble.fieldId}`}
                  onClick={(event) => {
                    event.preventDefault();
                    document.getElementById(trouble.fieldId ?? '')?.focus();
                  }}
                >
                  {trouble.message}
                </a>
              )}
            </li>
          ))}
        </ul>
      </Note>
    </div>
  );
}
