import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import styles from '../../kit/form.module.css';
import { numberQuery } from './queries';

/** The insurance number: what is wrong with it is said while one types, by the server, which knows the scheme's check and all other numbers. */
export function NumberField({ id, label, maxLength, value, own, onChange, error }: {
  id: string;
  label: string;
  maxLength: number | undefined;
  value: string;
  /** The number that the person has already, which is not asked about. */
  own: string;
  onChange: (value: string) => void;
  error?: ReactNode;
}) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const number = value.trim();
  const [wanted] = useDebouncedValue(number, 350);
  const asks = wanted !== '' && wanted !== own;
  const check = useQuery({ ...numberQuery(ws, wanted), enabled: asks });
  const verdict = asks && wanted === number ? check.data : undefined;
  const wrong = error ?? (verdict?.isValid === false ? (verdict.errorMessage ?? t('number.wrong')) : undefined);
  return (
    <div>
      <TextInput
        id={id}
        size="md"
        label={label}
        dir="ltr"
        autoComplete="off"
        data-autofocus
        aria-required
        maxLength={maxLength}
        value={value}
        error={wrong}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
      <p role="status" className={styles.good}>
        {wrong === undefined && verdict?.isValid === true ? (
          <>
            <IconCircleCheck size={15} stroke={1.8} aria-hidden />
            {t('number.free')}
          </>
        ) : null}
      </p>
    </div>
  );
}
