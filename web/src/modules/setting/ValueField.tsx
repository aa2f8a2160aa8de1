import { Checkbox, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft } from './draft';
import { sizes, spans } from './units';
import styles from './ValueField.module.css';
import type { Setting } from './wire';

/** The boxes in which a value of any kind is written. */
export function ValueField({ setting, draft, error, onChange }: { setting: Setting; draft: Draft; error: string | undefined; onChange: (to: Partial<Draft>) => void }) {
  const { t } = useTranslation('setting');
  const id = useId();
  const { kind, choices } = setting;
  const number = (
    <TextInput
      size="md"
      id={id}
      data-autofocus
      label={t('value.label')}
      className={styles.number}
      // Not a number box: those change by the wheel of the mouse, and say nothing of what they do not take.
      inputMode="numeric"
      value={draft.number}
      error={error}
      onChange={(event) => {
        onChange({ number: event.currentTarget.value });
      }}
    />
  );
  switch (kind) {
    case 'integer':
      return number;
    case 'size':
    case 'duration': {
      const units: readonly string[] = kind === 'size' ? sizes : spans.map(([unit]) => unit);
      const offered = units.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }));
      return (
        <div className={styles.measured}>
          {number}
          <Select
            size="md"
            className={styles.unit}
            label={t('unit.label')}
            allowDeselect={false}
            data={offered.some(({ value }) => value === draft.unit) ? offered : [{ value: draft.unit, label: draft.unit }, ...offered]}
            value={draft.unit}
            onChange={(unit) => {
              if (unit !== null) onChange({ unit });
            }}
          />
        </div>
      );
    }
    case 'boolean':
      return (
        <Switch
          label={t('value.on')}
          error={error}
          checked={draft.on}
          onChange={(event) => {
            onChange({ on: event.currentTarget.checked });
          }}
        />
      );
    case 'choice':
      return (
        <Select
          size="md"
          label={t('value.label')}
          allowDeselect={false}
          data={choices.map(({ value, label }) => ({ value, label }))}
          value={draft.text}
          error={error}
          onChange={(text) => {
            if (text !== null) onChange({ text });
          }}
        />
      );
    case 'choices':
      return (
        <Checkbox.Group
          label={t('value.label')}
          value={draft.chosen}
          error={error}
          onChange={(chosen) => {
            onChange({ chosen });
          }}
        >
          <div className={styles.choices}>
            {choices.map(({ value, label }) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </div>
        </Checkbox.Group>
      );
    case 'json':
    case 'text':
      return (
        <Textarea
          size="md"
          data-autofocus
          label={t('value.label')}
          autosize
          minRows={kind === 'json' ? 8 : 1}
          maxRows={kind === 'json' ? 24 : 6}
          maxLength={setting.max_length}
          dir={kind === 'json' ? 'ltr' : 'auto'}
          className={kind === 'json' ? styles.json : undefined}
          value={draft.text}
          error={error}
          onChange={(event) => {
            // One line, however it was pasted; the box only grows so that all of it is seen.
            onChange({ text: kind === 'json' ? event.currentTarget.value : event.currentTarget.value.replace(/[\r\n]+/g, ' ') });
          }}
        />
      );
  }
}
