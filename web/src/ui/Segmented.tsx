import { SegmentedControl } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './Segmented.module.css';

/** Two to four short options, the chosen one raised; an option with `yes` is ticked while chosen. */
export function Segmented<Value extends string>({ label, value, onChange, options, fullWidth = false }: {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; icon?: ReactNode; yes?: boolean }[];
  fullWidth?: boolean;
}) {
  return (
    <SegmentedControl
      aria-label={label}
      value={value}
      fullWidth={fullWidth}
      onChange={(chosen) => {
        const option = options.find((candidate) => candidate.value === chosen);
        if (option) onChange(option.value);
      }}
      data={options.map((option) => ({
        value: option.value,
        label: (
          <span className={styles.option}>
            {option.yes && option.value === value ? <IconCheck size={15} stroke={2} aria-hidden /> : option.icon}
            {option.label}
          </span>
        ),
      }))}
    />
  );
}
