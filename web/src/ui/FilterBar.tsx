import { ActionIcon, Button, Drawer, Menu, Popover, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconPlus, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/useFormats';
import styles from './FilterBar.module.css';
import { FilterEditor } from './FilterEditor';
import { chosenFilters, type ChoiceFilter, type DatesFilter, type Filter, type FilterValues, withoutFilter } from './filters';
import { SearchField } from './SearchField';

/** A filter at one press, with how many rows it leaves. */
export interface QuickFilter {
  key: string;
  label: string;
  count?: number | undefined;
  on: boolean;
  onToggle: () => void;
}

interface Props {
  search?: { value: string; onChange: (value: string) => void; label: string; placeholder?: string };
  quick?: readonly QuickFilter[];
  filters: readonly Filter[];
  values: FilterValues;
  onChange: (values: FilterValues) => void;
  /** Clears search, quick and chosen filters at once. */
  onClear: () => void;
  /** What stands at the end, such as "Save view". */
  end?: ReactNode;
}

/**
 * Narrows a list in one line: search, quick filters, what is chosen as name, value and ×, "+ Filter", Clear. On phones
 * the chosen filters fold into a sheet behind a button with their number.
 */
export function FilterBar(props: Props) {
  const { t } = useTranslation('ui');
  const phone = useMediaQuery('(max-width: 767.98px)', undefined, { getInitialValueInEffect: false });
  const { search, quick = [] } = props;
  return (
    <div role="search" aria-label={t('filter.label')} className={styles.bar}>
      {search ? <SearchField {...search} /> : null}
      {phone && (props.filters.length > 0 || props.end !== undefined) ? <FilterSheet {...props} /> : null}
      {quick.length === 0 ? null : (
        <div className={styles.quick}>
          {quick.map((filter) => (
            <button key={filter.key} type="button" className={styles.quickFilter} aria-pressed={filter.on} onClick={filter.onToggle}>
              {filter.label}
              {filter.count === undefined ? null : <span className={styles.number}>{filter.count}</span>}
            </button>
          ))}
        </div>
      )}
      {phone ? null : <ChosenFilters {...props} />}
    </div>
  );
}

function ChosenFilters({ search, quick = [], filters, values, onChange, onClear, end }: Props) {
  const { t } = useTranslation('ui');
  // A filter just added has no value yet, but its chip and its editor are there.
  const [open, setOpen] = useState<string>();
  const chosen = chosenFilters(filters, values);
  const shown = filters.filter((filter) => chosen.includes(filter) || filter.name === open);
  const rest = filters.filter((filter) => !shown.includes(filter));
  const narrowed = chosen.length > 0 || (search?.value ?? '') !== '' || quick.some((filter) => filter.on);
  return (
    <>
      {shown.length > 0 && quick.length > 0 ? <span className={styles.divider} /> : null}
      {shown.map((filter) => (
        <Popover
          key={filter.name}
          opened={open === filter.name}
          onChange={(opened) => {
            setOpen(opened ? filter.name : undefined);
          }}
          position="bottom-start"
          trapFocus
          returnFocus
          // The button inside says what opens; the frame around both buttons must not.
          withRoles={false}
        >
          <Popover.Target>
            <span className={styles.chosen}>
              <button
                type="button"
                className={styles.open}
                aria-haspopup="dialog"
                aria-expanded={open === filter.name}
                onClick={() => {
                  setOpen(open === filter.name ? undefined : filter.name);
                }}
              >
                {filter.label} {filter.kind === 'choice' ? <ChoiceValue filter={filter} values={values} /> : <DatesValue filter={filter} values={values} />}
              </button>
              <button
                type="button"
                className={styles.remove}
                aria-label={t('filter.remove', { name: filter.label })}
                onClick={() => {
                  setOpen(undefined);
                  onChange(withoutFilter(values, filter));
                }}
              >
                <IconX size={14} stroke={1.8} />
              </button>
            </span>
          </Popover.Target>
          <Popover.Dropdown p={8} role="dialog" aria-label={filter.label}>
            <FilterEditor filter={filter} values={values} onChange={onChange} />
          </Popover.Dropdown>
        </Popover>
      ))}
      {rest.length === 0 ? null : (
        <AddFilter
          filters={rest}
          onAdd={(filter) => {
            setOpen(filter.name);
          }}
        />
      )}
      <span className={styles.end}>
        {narrowed ? (
          <Button variant="subtle" size="xs" onClick={onClear}>
            {t('filter.clear')}
          </Button>
        ) : null}
        {end}
      </span>
    </>
  );
}

function AddFilter({ filters, onAdd }: { filters: readonly Filter[]; onAdd: (filter: Filter) => void }) {
  const { t } = useTranslation('ui');
  const [typed, setTyped] = useState('');
  const found = filters.filter((filter) => filter.label.toLocaleLowerCase().includes(typed.trim().toLocaleLowerCase()));
  return (
    <Menu
      width={220}
      // The added filter's editor takes the focus; giving it back to the button would close the editor.
      returnFocus={false}
      onClose={() => {
        setTyped('');
      }}
    >
      <Menu.Target>
        <Button variant="subtle" size="xs" leftSection={<IconPlus size={15} stroke={1.8} />} aria-label={t('filter.addNamed')}>
          {t('filter.add')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {filters.length > 7 ? (
          <TextInput
            size="xs"
            m={4}
            value={typed}
            placeholder={t('filter.find')}
            aria-label={t('filter.find')}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
        ) : null}
        {found.map((filter) => (
          <Menu.Item
            key={filter.name}
            onClick={() => {
              onAdd(filter);
            }}
          >
            {filter.label}
          </Menu.Item>
        ))}
        {found.length === 0 ? <Menu.Label>{t('filter.none')}</Menu.Label> : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function ChoiceValue({ filter, values }: { filter: ChoiceFilter; values: FilterValues }) {
  const chosen = values[filter.name] ?? [];
  const { useOptions } = filter;
  const { options } = useOptions('', chosen);
  const [first, ...others] = chosen;
  if (first === undefined) return <strong>…</strong>;
  return (
    <strong>
      {options.find((option) => option.value === first)?.label ?? first}
      {others.length > 0 ? ` +${others.length}` : null}
    </strong>
  );
}

function DatesValue({ filter, values }: { filter: DatesFilter; values: FilterValues }) {
  const formats = useFormats();
  const from = values[filter.from]?.[0];
  const to = values[filter.to]?.[0];
  if (!from && !to) return <strong>…</strong>;
  return <strong>{from && to ? formats.range(from, to) : `${from ? formats.date(from) : ''} – ${to ? formats.date(to) : ''}`.trim()}</strong>;
}

function FilterSheet({ filters, values, onChange, onClear, end }: Props) {
  const { t } = useTranslation('ui');
  const [opened, setOpened] = useState(false);
  const count = chosenFilters(filters, values).length;
  const close = () => {
    setOpened(false);
  };
  return (
    <>
      <ActionIcon
        variant="default"
        size={44}
        className={styles.sheetButton}
        aria-label={t('filter.open', { count })}
        onClick={() => {
          setOpened(true);
        }}
      >
        <IconAdjustmentsHorizontal size={20} stroke={1.7} />
        {count > 0 ? <span className={styles.badge}>{count}</span> : null}
      </ActionIcon>
      <Drawer opened={opened} onClose={close} position="bottom" size="85%" title={t('filter.label')} closeButtonProps={{ 'aria-label': t('close') }}>
        <div className={styles.sheet}>
          {filters.map((filter) => (
            <section key={filter.name}>
              <h3 className={styles.sheetTitle}>{filter.label}</h3>
              <FilterEditor filter={filter} values={values} onChange={onChange} />
            </section>
          ))}
          <div className={styles.sheetFoot}>
            {end}
            <Button variant="default" onClick={onClear}>
              {t('filter.clear')}
            </Button>
            <Button onClick={close}>{t('filter.show')}</Button>
          </div>
        </div>
      </Drawer>
    </>
  );
}
