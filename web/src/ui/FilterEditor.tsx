import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './FilterEditor.module.css';
import { type ChoiceFilter, type DatesFilter, type Filter, type FilterValues, withValues } from './filters';

/** Chooses the values of one filter: a list to type into and tick, or two days. */
export function FilterEditor({ filter, values, onChange }: { filter: Filter; values: FilterValues; onChange: (values: FilterValues) => void }) {
  return filter.kind === 'choice' ? (
    <ChoiceEditor filter={filter} values={values} onChange={onChange} />
  ) : (
    <DatesEditor filter={filter} values={values} onChange={onChange} />
  );
}

function ChoiceEditor({ filter, values, onChange }: { filter: ChoiceFilter; values: FilterValues; onChange: (values: FilterValues) => void }) {
  const { t } = useTranslation('ui');
  const group = useId();
  const [typed, setTyped] = useState('');
  const [wanted] = useDebouncedValue(typed.trim(), 200);
  const chosen = values[filter.name] ?? [];
  const { useOptions } = filter;
  const { options, loading } = useOptions(wanted, chosen);

  function toggle(value: string) {
    const on = chosen.includes(value);
    const next = filter.single ? (on ? [] : [value]) : on ? chosen.filter((other) => other !== value) : [...chosen, value];
    onChange(withValues(values, filter.name, next));
  }

  return (
    <div className={styles.editor} onKeyDown={moveFocus}>
      {options.length > 7 || typed !== '' ? (
        <TextInput
          size="xs"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
          placeholder={t('filter.find')}
          aria-label={t('filter.find')}
          leftSection={<IconSearch size={15} stroke={1.7} />}
        />
      ) : null}
      <div role="group" aria-label={filter.label} className={styles.options} aria-busy={loading}>
        {options.map((option) => (
          <label key={option.value} className={styles.option}>
            <input
              type={filter.single ? 'radio' : 'checkbox'}
              name={group}
              checked={chosen.includes(option.value)}
              onChange={() => {
                toggle(option.value);
              }}
              onClick={() => {
                // A radio button cannot be switched off by itself; a filter can.
                if (filter.single && chosen.includes(option.value)) toggle(option.value);
              }}
            />
            {option.icon}
            <span className={styles.label}>{option.label}</span>
            {option.count === undefined ? null : <span className={styles.count}>{option.count}</span>}
          </label>
        ))}
        {options.length === 0 ? <p className={styles.none}>{loading ? t('loading') : t('filter.none')}</p> : null}
      </div>
    </div>
  );
}

function DatesEditor({ filter, values, onChange }: { filter: DatesFilter; values: FilterValues; onChange: (values: FilterValues) => void }) {
  const { t } = useTranslation('ui');
  const from = values[filter.from]?.[0] ?? '';
  const to = values[filter.to]?.[0] ?? '';
  const set = (name: string, day: string) => {
    onChange(withValues(values, name, day === '' ? [] : [day]));
  };
  return (
    <div role="group" aria-label={filter.label} className={styles.dates}>
      <TextInput type="date" size="xs" label={t('filter.from')} value={from} max={to} onChange={(event) => { set(filter.from, event.currentTarget.value); }} />
      <TextInput type="date" size="xs" label={t('filter.to')} value={to} min={from} onChange={(event) => { set(filter.to, event.currentTarget.value); }} />
    </div>
  );
}

/** Up and down go through the field and the boxes, as in a list. */
function moveFocus(event: KeyboardEvent<HTMLElement>) {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const stops = [...event.currentTarget.querySelectorAll('input')];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  const next = stops[at + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
