import { ActionIcon, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './SearchField.module.css';

/** A search that speaks up when typing pauses, on Enter, or when it is cleared. Follows a value changed from outside. */
export function SearchField({ value, onChange, label, placeholder }: { value: string; onChange: (value: string) => void; label: string; placeholder?: string }) {
  const { t } = useTranslation('ui');
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  if (value !== told) {
    setTold(value);
    setTyped(value);
  }
  const tell = (text: string) => {
    setTold(text);
    onChange(text);
  };
  const later = useDebouncedCallback(tell, 300);
  const clear = () => {
    setTyped('');
    later.cancel();
    tell('');
  };
  return (
    <TextInput
      className={styles.search}
      size="xs"
      type="search"
      aria-label={label}
      placeholder={placeholder ?? label}
      value={typed}
      leftSection={<IconSearch size={15} stroke={1.7} />}
      rightSection={
        typed === '' ? null : (
          <ActionIcon size={24} onClick={clear} aria-label={t('search.clear')}>
            <IconX size={14} stroke={1.8} />
          </ActionIcon>
        )
      }
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          later.cancel();
          tell(typed);
        } else if (event.key === 'Escape' && typed !== '') {
          event.stopPropagation();
          clear();
        }
      }}
    />
  );
}
