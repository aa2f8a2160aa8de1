import { Radio } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { placesKey } from '../../kit/places';
import { PlaceSelect } from '../../kit/PlaceSelect';
import { useAct } from '../../kit/useAct';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import styles from './places.module.css';
import { closePlace, placeQuery } from './queries';
import type { PlaceRow } from './wire';

/** Asks before a place is closed, and what becomes of the places that lie in it. */
export function ClosePlaceDialog({ place, onClose }: { place: PlaceRow; onClose: () => void }) {
  const { t } = useTranslation('location');
  const ws = useWorkspace();
  const client = useQueryClient();
  const id = useId();
  const { data: whole } = useQuery(placeQuery(ws, place.id));
  const below = whole?.places_below ?? place.places_within;
  const [what, setWhat] = useState<'go' | 'close'>('go');
  const [chosen, setChosen] = useState<{ id: number; uuid: string; name: string }>();
  const [missing, setMissing] = useState(false);
  const { run, busy, error } = useAct({
    reads: placesKey(ws),
    act: () => closePlace(ws, place.uuid, below > 0 && what === 'go' ? chosen?.uuid : undefined),
    done: t('close.done', { name: place.name }),
    then: () => {
      // It is not there to be read again.
      client.removeQueries({ queryKey: placeQuery(ws, place.id).queryKey });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => {
        if (below > 0 && what === 'go' && chosen === undefined) setMissing(true);
        else run();
      }}
      busy={busy || whole === undefined}
      error={error}
      danger
      title={t('close.title', { name: place.name })}
      facts={[place.admin_level_name, place.p_code].filter(Boolean).join(' · ')}
      confirm={below > 0 && what === 'close' ? t('close.confirmAll', { count: below + 1 }) : t('close.confirm')}
    >
      <div className={styles.choice}>
        {below === 0 ? null : (
          <>
            <Radio.Group
              label={t('close.below', { count: below })}
              value={what}
              onChange={(value) => {
                setWhat(value === 'close' ? 'close' : 'go');
              }}
            >
              <div className={styles.choice}>
                <Radio value="go" label={t('close.go')} description={t('close.goText')} />
                <Radio value="close" label={t('close.all')} description={t('close.allText', { count: below })} />
              </div>
            </Radio.Group>
            {what === 'go' ? (
              <PlaceSelect
                id={id}
                label={t('close.to')}
                {...(place.type !== '' && { type: place.type })}
                value={chosen?.id ?? null}
                error={missing ? t('close.missing') : undefined}
                onChange={(next, name, uuid) => {
                  setMissing(false);
                  setChosen(next === null ? undefined : { id: next, name, uuid });
                }}
              />
            ) : null}
          </>
        )}
        <ul className={styles.consequences}>
          <li>{t('close.hidden')}</li>
          <li>{t('close.needed')}</li>
          <li>{t('kept')}</li>
        </ul>
      </div>
    </ConfirmDialog>
  );
}
