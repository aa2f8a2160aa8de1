import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { useAct } from '../../kit/useAct';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import styles from './medical.module.css';
import { paths } from './paths';
import { priceText } from './prices';
import { changeLines, closePricelist, keys, pricedOf } from './queries';
import type { Kind, Line, Pricelist, PricelistRecord } from './wire';

/** Says what something costs in a list: a price of its own there, or that of the catalogue. */
export function PriceDialog({ kind, list, line, onClose }: { kind: Kind; list: PricelistRecord; line: Line; onClose: () => void }) {
  const { t } = useTranslation('medical');
  const formats = useFormats();
  const ws = useWorkspace();
  const of = pricedOf(line);
  const [price, setPrice] = useState(line.price_overrule ?? '');
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () => changeLines(ws, kind, list, { price_overrules: [{ uuid: of?.uuid ?? '', price: price.trim() === '' ? null : price.trim() }] }),
    done: t('lines.priced', { name: of?.name ?? '' }),
    then: onClose,
  });
  return (
    <ConfirmDialog opened onClose={onClose} onConfirm={run} busy={busy} error={error} title={t('lines.priceTitle')} facts={`${of?.name ?? ''} · ${list.name}`} confirm={t('ui:form.save')}>
      <TextInput
        data-autofocus
        size="md"
        dir="ltr"
        inputMode="decimal"
        autoComplete="off"
        label={t('field.priceHere')}
        description={t('lines.priceHelp', { price: priceText(formats, of?.price) })}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        value={price}
        onChange={(event) => {
          setPrice(event.currentTarget.value);
        }}
      />
    </ConfirmDialog>
  );
}

/** Asks before a price list is closed, and says what that means. */
export function ClosePricelistDialog({ kind, list, onClose }: { kind: Kind; list: Pricelist; onClose: () => void }) {
  const { t } = useTranslation('medical');
  const ws = useWorkspace();
  const navigate = useNavigate();
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () => closePricelist(ws, kind, list.id),
    done: t('close.done', { name: list.name }),
    then: () => navigate({ to: paths.pricelists(ws, kind) }),
  });
  return (
    <ConfirmDialog opened onClose={onClose} onConfirm={run} busy={busy} error={error} danger title={t('lists.closeTitle')} facts={list.name} confirm={t('close.confirm')}>
      <ul className={styles.consequences}>
        <li>{t('lists.closeFacilities')}</li>
        <li>{t('close.kept')}</li>
      </ul>
    </ConfirmDialog>
  );
}
