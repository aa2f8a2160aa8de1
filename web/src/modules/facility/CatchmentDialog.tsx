import { ActionIcon, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PlaceSelect } from '../../kit/PlaceSelect';
import { useAct } from '../../kit/useAct';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import styles from './FacilityPage.module.css';
import { changeFacility, keys } from './queries';
import type { FacilityRecord } from './wire';

interface Served {
  /** Of a village that is served already. */
  id?: number;
  place: number;
  name: string;
  share: string;
}

/** Says which villages a facility serves, and how much of each. */
export function CatchmentDialog({ facility, onClose }: { facility: FacilityRecord; onClose: () => void }) {
  const { t } = useTranslation('facility');
  const ws = useWorkspace();
  const id = useId();
  const [served, setServed] = useState<readonly Served[]>(() =>
    facility.catchments.map((one) => ({ id: one.id, place: one.location.id, name: one.location.name, share: one.catchment === null ? '' : String(one.catchment) })),
  );
  const gone = facility.catchments.filter((one) => !served.some((kept) => kept.id === one.id));
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () =>
      changeFacility(ws, facility.id, facility.version, {
        catchments: [
          ...gone.map((one) => ({ id: one.id, _delete: true })),
          ...served.map((one) => ({ ...(one.id === undefined ? {} : { id: one.id }), location: one.place, catchment: one.share.trim() === '' ? null : one.share.trim() })),
        ],
      }),
    done: t('villages.done', { name: facility.name }),
    then: onClose,
  });
  return (
    <ConfirmDialog opened onClose={onClose} onConfirm={run} busy={busy} error={error} title={t('villages.edit')} facts={facility.name} confirm={t('villages.save')}>
      <ul className={styles.served}>
        {served.map((one) => (
          <li key={one.place}>
            <bdi>{one.name}</bdi>
            <TextInput
              aria-label={t('villages.shareOf', { name: one.name })}
              inputMode="numeric"
              dir="ltr"
              rightSection="%"
              maxLength={3}
              value={one.share}
              onChange={(event) => {
                const share = event.currentTarget.value;
                setServed((now) => now.map((other) => (other.place === one.place ? { ...other, share } : other)));
              }}
            />
            <ActionIcon
              aria-label={t('villages.remove', { name: one.name })}
              onClick={() => {
                setServed((now) => now.filter((other) => other.place !== one.place));
              }}
            >
              <IconX size={16} stroke={1.8} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <PlaceSelect
        key={served.map((one) => one.place).join()}
        id={id}
        label={t('villages.add')}
        type="V"
        value={null}
        onChange={(place, name) => {
          if (place !== null && !served.some((one) => one.place === place)) setServed((now) => [...now, { place, name, share: '100' }]);
        }}
      />
    </ConfirmDialog>
  );
}
