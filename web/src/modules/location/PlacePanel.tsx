import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type FieldProps, FormField } from '../../kit/FormField';
import { HistoryCard } from '../../kit/HistoryCard';
import { placesKey } from '../../kit/places';
import { PlaceSelect } from '../../kit/PlaceSelect';
import { RecordPanel } from '../../kit/RecordPanel';
import { RefSelect } from '../../kit/RefSelect';
import { useWorkspace } from '../../kit/useWorkspace';
import { addPlace, changePlace, levelsQuery, placeQuery, places } from './queries';
import type { PlaceRecord } from './wire';

const figures = [['male_population', 'female_population'], ['other_population', 'families']];
const made = ['is_active'];
// A place is moved in a dialog that says what goes along.
const changed = ['level', 'parent'];

/** The panel in which a place is added, perhaps within another, or changed. */
export function PlacePanel({ place, within, onClose }: { place?: PlaceRecord; within?: PlaceRecord | undefined; onClose: (saved?: PlaceRecord) => void }) {
  const { t } = useTranslation('location');
  const ws = useWorkspace();
  const client = useQueryClient();
  const { data: levels } = useQuery(levelsQuery(ws));
  const level = levels?.find(({ number }) => number === (within === undefined ? 0 : (within.admin_level ?? -1) + 1));
  const sections = [
    { name: 'what', rows: [['name'], ['p_code'], ['level', 'parent'], ['is_active']] },
    { name: 'where', legend: t('section.where'), rows: [['latitude', 'longitude']] },
    { name: 'figures', legend: t('section.figures'), rows: figures },
  ];
  return (
    <RecordPanel<PlaceRecord, PlaceRecord>
      // What a new place begins with is known when the levels are.
      key={level?.id ?? 0}
      title={place === undefined ? t('add.title') : t('edit.title', { name: place.name })}
      submit={t(place === undefined ? 'add.save' : 'ui:form.save')}
      path={places}
      record={place}
      again={() => client.query({ ...placeQuery(ws, place?.id ?? 0), staleTime: 0 })}
      sections={sections}
      without={place === undefined ? made : changed}
      start={place === undefined ? { level: level?.id ?? null, parent: within?.id ?? null } : {}}
      field={(props) => <Field {...props} levels={levels} within={within?.name} />}
      tail={place === undefined ? undefined : <HistoryCard path={`${places}${place.id}/`} reads={placesKey(ws)} />}
      save={(input, key, read) =>
        read === undefined ? addPlace(ws, { level: level?.id ?? null, parent: within?.id ?? null, ...input }, key) : changePlace(ws, read.id, read.version, input)
      }
      done={(saved) => t(place === undefined ? 'add.done' : 'edit.done', { name: saved.name })}
      reads={placesKey(ws)}
      onClose={onClose}
    />
  );
}

function Field({ levels, within, ...props }: FieldProps & { levels: readonly { id: number; name: string }[] | undefined; within: string | undefined }) {
  const { id, name, label, value, error, set } = props;
  if (name === 'level') return <RefSelect {...props} options={levels} />;
  if (name === 'parent') return <PlaceSelect id={id} label={label} value={typeof value === 'number' ? value : null} known={within} error={error} onChange={(next) => { set({ parent: next }); }} />;
  return <FormField {...props} ltr={name === 'p_code'} />;
}
