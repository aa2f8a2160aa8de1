import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '@tanstack/react-query';
import { placesKey } from '../../kit/places';
import { PlaceSelect } from '../../kit/PlaceSelect';
import { useAct } from '../../kit/useAct';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import styles from './places.module.css';
import { levelsQuery, movePlace, placeQuery } from './queries';
import type { PlaceRow } from './wire';

/** Hangs a place below another one of the level above, and says before what goes along. */
export function MovePlaceDialog({ place, onClose }: { place: PlaceRow; onClose: () => void }) {
  const { t } = useTranslation('location');
  const ws = useWorkspace();
  const id = useId();
  const { data: whole } = useQuery(placeQuery(ws, place.id));
  const { data: levels } = useQuery(levelsQuery(ws));
  const above = levels?.filter((level) => level.number < (place.admin_level ?? 0)).at(-1);
  const [chosen, setChosen] = useState<{ id: number; uuid: string; name: string }>();
  const [missing, setMissing] = useState(false);
  const { run, busy, error } = useAct({
    reads: placesKey(ws),
    act: () => movePlace(ws, place.uuid, chosen?.uuid ?? ''),
    done: t('move.done', { name: place.name, to: chosen?.name ?? '' }),
    then: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => {
        if (chosen === undefined) setMissing(true);
        else run();
      }}
      busy={busy}
      error={error}
      title={t('move.title', { name: place.name })}
      facts={place.parent === null ? undefined : t('within', { name: place.parent.name })}
      confirm={t('move.confirm')}
    >
      <div className={styles.choice}>
        <PlaceSelect
          id={id}
          label={above === undefined ? t('move.to') : t('move.toLevel', { level: above.name })}
          {...(above !== undefined && above.type !== '' && { type: above.type })}
          value={chosen?.id ?? null}
          error={missing ? t('move.missing') : undefined}
          onChange={(next, name, uuid) => {
            setMissing(false);
            setChosen(next === null ? undefined : { id: next, name, uuid });
          }}
        />
        <ul className={styles.consequences}>
          {whole === undefined || whole.places_below === 0 ? null : <li>{t('move.along', { count: whole.places_below })}</li>}
          <li>{t('move.records')}</li>
          <li>{t('kept')}</li>
        </ul>
      </div>
    </ConfirmDialog>
  );
}
