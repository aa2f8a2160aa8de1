import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Segmented } from '../../ui/Segmented';
import styles from './ChoiceNames.module.css';
import { languages, type Texts } from './wire';

/** What the values of a choice are called, one language at a time; `known` are their names without any of these. */
export function ChoiceNames({ title, values, offered = languages, onChange }: {
  title: string;
  values: readonly { value: string; known: string; names: Texts; error?: string | undefined }[];
  offered?: readonly (typeof languages)[number][];
  onChange: (value: string, names: Texts) => void;
}) {
  const { t } = useTranslation('customisation');
  const [language, setLanguage] = useState(offered[0] ?? 'en');
  return (
    <fieldset className={styles.names}>
      <legend className={styles.legend}>{title}</legend>
      <Segmented label={t('choices.language')} value={language} onChange={setLanguage} options={offered.map((one) => ({ value: one, label: t(`choices.${one}`) }))} />
      {values.map(({ value, known, names, error }) => (
        <TextInput
          key={value}
          size="sm"
          lang={language}
          dir={language === 'ar' ? 'rtl' : 'ltr'}
          label={<bdi>{known}</bdi>}
          maxLength={200}
          value={names[language] ?? ''}
          error={error}
          onChange={(event) => {
            onChange(value, { ...names, [language]: event.currentTarget.value });
          }}
        />
      ))}
    </fieldset>
  );
}
