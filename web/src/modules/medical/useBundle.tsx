import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldInfo, Values } from '../../kit/form';
import type { Within } from '../../kit/RecordPanel';
import { BundleSection } from './BundleSection';
import { changesIn, type Edits, rowsOf } from './bundle';
import type { EntryRecord } from './wire';

/** The id of an input in a row of a bundle. */
export function inputId(form: string, key: string, field: 'quantity' | 'price'): string {
  return `${form}-${key}-${field}`;
}

/**
 * What a service holds, for the panel that writes it: shown for bundles, and for a single service while it still holds something. What was typed is kept when the
 * kind is switched there and back.
 */
export function useBundle(): (form: string, fields: Readonly<Record<string, FieldInfo>>, read: EntryRecord | undefined, values: Values) => Within {
  const { t } = useTranslation('medical');
  const [edits, setEdits] = useState<Edits>({});
  return (form, fields, read, values) => {
    const writable = 'items' in fields && 'services' in fields;
    const single = values.packagetype === 'S';
    const rows = rowsOf(read, edits);
    const { input, rows: sent } = changesIn(read, edits, single);
    const places: Record<string, { label: string; id: string }> = {};
    for (const [path, key] of Object.entries(sent)) {
      const name = rows.find((row) => row.key === key)?.of.name ?? '';
      const quantity = inputId(form, key, 'quantity');
      places[path] = places[`${path}.item`] = places[`${path}.service`] = { label: name, id: quantity };
      places[`${path}.qty_provided`] = { label: t('bundle.quantityOf', { name }), id: quantity };
      places[`${path}.price_asked`] = { label: t('bundle.priceOf', { name }), id: inputId(form, key, 'price') };
    }
    return {
      input: writable ? input : {},
      places,
      show: ({ errorOf, set }) =>
        !writable || (single && rows.length === 0) ? null : (
          <BundleSection
            form={form}
            stored={read}
            edits={edits}
            single={single}
            price={typeof values.price === 'string' ? values.price : ''}
            errorOf={(key, field) =>
              Object.entries(sent)
                .filter(([, of]) => of === key)
                .flatMap(([path]) => (field === 'row' ? ['', '.item', '.service'] : [field === 'quantity' ? '.qty_provided' : '.price_asked']).map((step) => errorOf(path + step)))
                .find((error) => error !== undefined)
            }
            onChange={(next) => {
              setEdits(next);
              set({});
            }}
            onPrice={(price) => {
              set({ price });
            }}
          />
        ),
    };
  };
}
