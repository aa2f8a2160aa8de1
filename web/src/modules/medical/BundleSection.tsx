import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { useWorkspace } from '../../kit/useWorkspace';
import { Note } from '../../ui/Note';
import { type Edits, type Held, keyOf, type Row, rowsOf, totalOf, withAdded, without } from './bundle';
import styles from './BundleSection.module.css';
import { priceText } from './prices';
import { fittingQuery } from './queries';
import { inputId } from './useBundle';
import type { EntryRecord, Kind } from './wire';

const figures = { input: styles.figure ?? '' };

interface Props {
  /** The beginning of the ids of the inputs. */
  form: string;
  stored: EntryRecord | undefined;
  edits: Edits;
  /** The service is no bundle any more, so what it holds leaves it. */
  single: boolean;
  /** What stands in the field of the price. */
  price: string;
  errorOf: (key: string, field: 'row' | 'quantity' | 'price') => string | undefined;
  onChange: (edits: Edits) => void;
  onPrice: (price: string) => void;
}

/** What a bundle holds: how much of what, for how much, and what that comes to. */
export function BundleSection({ form, stored, edits, single, price, errorOf, onChange, onPrice }: Props) {
  const { t } = useTranslation('medical');
  const formats = useFormats();
  const [latest, setLatest] = useState<string>();
  const rows = rowsOf(stored, edits);
  const total = totalOf(rows);
  const edit = (row: Row, part: { quantity?: string; price?: string }) => {
    onChange({ ...edits, [row.key]: { ...edits[row.key], ...part } });
  };
  return (
    <section className={styles.bundle} aria-labelledby={`${form}-bundle`}>
      <h3 id={`${form}-bundle`} className={styles.title}>
        {t('bundle.title')}
      </h3>
      {single ? (
        <Note tone="warn" role="status">
          {t('bundle.leaves', { count: rows.length })}
        </Note>
      ) : (
        <>
          {rows.length === 0 ? (
            <p className={styles.quiet}>{t('bundle.none')}</p>
          ) : (
            <div className={styles.rows}>
              <div className={styles.heads} aria-hidden>
                <span>{t('bundle.quantity')}</span>
                <span>{t('field.price')}</span>
              </div>
              <ul>
                {rows.map((row) => {
                  const { name } = row.of;
                  const wrong = errorOf(row.key, 'row');
                  return (
                    <li key={row.key} className={styles.row}>
                      <div className={styles.what}>
                        <span className={styles.name}>
                          <bdi>{name}</bdi>
                        </span>
                        <span className={styles.quiet}>
                          {t(`bundle.one.${row.kind}`)} <span className="reference">{row.of.code}</span>
                          {row.off ? ` · ${t('bundle.off')}` : null}
                        </span>
                      </div>
                      <TextInput
                        id={inputId(form, row.key, 'quantity')}
                        classNames={figures}
                        className={styles.quantity}
                        aria-label={t('bundle.quantityOf', { name })}
                        inputMode="numeric"
                        dir="ltr"
                        maxLength={6}
                        autoComplete="off"
                        autoFocus={row.key === latest}
                        error={errorOf(row.key, 'quantity')}
                        value={row.quantity}
                        onChange={(event) => {
                          edit(row, { quantity: event.currentTarget.value });
                        }}
                      />
                      <TextInput
                        id={inputId(form, row.key, 'price')}
                        classNames={figures}
                        aria-label={t('bundle.priceOf', { name })}
                        inputMode="decimal"
                        dir="ltr"
                        maxLength={14}
                        autoComplete="off"
                        // Nothing typed is the price of the catalogue, which stands here in grey.
                        placeholder={priceText(formats, row.of.price)}
                        error={errorOf(row.key, 'price')}
                        value={row.price}
                        onChange={(event) => {
                          edit(row, { price: event.currentTarget.value });
                        }}
                      />
                      <ActionIcon
                        className={styles.remove}
                        aria-label={t('bundle.remove', { name })}
                        onClick={() => {
                          onChange(without(stored, edits, row));
                          // The button goes with its row; what is done next begins below.
                          requestAnimationFrame(() => document.getElementById(`${form}-bundle-add`)?.focus());
                        }}
                      >
                        <IconX size={16} stroke={1.8} />
                      </ActionIcon>
                      {wrong === undefined ? null : <p className={styles.wrong}>{wrong}</p>}
                    </li>
                  );
                })}
              </ul>
              <p className={styles.total}>
                <span>{t('bundle.total')}</span>
                <span className="figures" dir="ltr">
                  {priceText(formats, total)}
                </span>
              </p>
            </div>
          )}
          <AddPart
            key={rows.map((row) => row.key).join()}
            id={`${form}-bundle-add`}
            except={[...rows.map((row) => row.key), ...(stored === undefined ? [] : [keyOf('services', stored.id)])]}
            onAdd={(kind, of) => {
              setLatest(keyOf(kind, of.id));
              onChange(withAdded(stored, edits, kind, of));
            }}
          />
          {total !== undefined && rows.length > 0 && Number(total) !== Number(price) ? (
            <p className={styles.differs}>
              {t('bundle.differs', { price: price.trim() === '' ? '–' : priceText(formats, price), total: priceText(formats, total) })}
              <Button
                variant="default"
                size="xs"
                onClick={() => {
                  onPrice(total);
                }}
              >
                {t('bundle.take')}
              </Button>
            </p>
          ) : null}
        </>
      )}
    </section>
  );
}

/** Finds an item or a service, by what is typed, and puts it into the bundle. */
function AddPart({ id, except, onAdd }: { id: string; except: readonly string[]; onAdd: (kind: Kind, of: Held) => void }) {
  const { t } = useTranslation('medical');
  const ws = useWorkspace();
  const [typed, setTyped] = useState('');
  const [wanted] = useDebouncedValue(typed.trim(), 250);
  const items = useQuery(fittingQuery(ws, 'items', wanted));
  const services = useQuery(fittingQuery(ws, 'services', wanted));
  const found = { services: services.data?.results ?? [], items: items.data?.results ?? [] };
  const options = (kind: Kind) => found[kind].map((of) => ({ value: keyOf(kind, of.id), label: `${of.code} · ${of.name}` })).filter(({ value }) => !except.includes(value));
  return (
    <Select
      id={id}
      size="md"
      label={t('bundle.add')}
      placeholder={t('searchHint')}
      searchable
      openOnFocus={false}
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has filtered.
      filter={({ options: all }) => all}
      data={(['services', 'items'] as const).map((kind) => ({ group: t(`${kind}.title`), items: options(kind) }))}
      value={null}
      onChange={(key) => {
        for (const kind of ['services', 'items'] as const) {
          const of = found[kind].find((one) => keyOf(kind, one.id) === key);
          if (of !== undefined) onAdd(kind, of);
        }
      }}
      nothingFoundMessage={t(items.isPending || services.isPending ? 'ui:loading' : 'ui:form.noMatch')}
      maxDropdownHeight={280}
    />
  );
}
