import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/useFormats';
import type { ExtensionField, ExtensionValue } from './extensions';

/** How the value of an extension field reads; a dash for none. */
export function useExtensionText(): (field: ExtensionField, value: ExtensionValue | undefined) => ReactNode {
  const { t } = useTranslation('ui');
  const formats = useFormats();
  return (field, value) => {
    if (value === null || value === undefined || value === '') return '–';
    switch (field.type) {
      case 'choice':
        return field.choices?.find((choice) => choice.value === value)?.label ?? String(value);
      case 'boolean':
        return t(value === true ? 'yes' : 'no');
      case 'date':
        return formats.date(String(value));
      case 'url':
        return (
          <Anchor href={String(value)} target="_blank" rel="noreferrer" inherit>
            <bdi>{String(value)}</bdi>
          </Anchor>
        );
    }
    return <bdi>{String(value)}</bdi>;
  };
}
