import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '../../api/client';
import type { Values } from '../../kit/form';
import { placeName } from '../../kit/places';
import { RecordPanel } from '../../kit/RecordPanel';
import { useWorkspace } from '../../kit/useWorkspace';
import { Note } from '../../ui/Note';
import { useToast } from '../../ui/useToast';
import { InsureeField } from './InsureeField';
import { fullName } from './names';
import { PhotoField } from './PhotoField';
import { addInsuree, changeInsuree, insureeQuery, insurees, keys, setPhoto } from './queries';
import type { Family, Insuree } from './wire';

const parts = [
  { name: 'person', rows: [['chf_id'], ['other_names', 'last_name'], ['gender', 'dob'], ['marital', 'relationship']] },
  { name: 'where', rows: [['current_village'], ['current_address'], ['phone', 'email']] },
  { name: 'papers', rows: [['type_of_id', 'passport'], ['card_issued']] },
  { name: 'work', rows: [['profession', 'education']] },
  { name: 'state', rows: [['status', 'status_date'], ['status_reason']] },
];
const state = ['status', 'status_date', 'status_reason'];

/** The panel in which an insuree is registered or changed. A new one may join a family right away. */
export function InsureePanel({ insuree, family, onClose }: { insuree?: Insuree; family?: Family; onClose: (saved?: Insuree) => void }) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const client = useQueryClient();
  const toast = useToast();
  const [photo, setPhotoFile] = useState<File>();
  const sections = useMemo(
    () =>
      parts.map((part) => ({
        ...part,
        legend: t(`section.${part.name}`),
        lead: part.name === 'person' && insuree === undefined ? <PhotoField file={photo} onChange={setPhotoFile} /> : null,
      })),
    [t, insuree, photo],
  );
  // Whoever has no family has no relationship to its head, and nobody new has a state but the first.
  const related = family !== undefined || (insuree?.family != null && !insuree.head);
  const without = useMemo(() => [...(related ? [] : ['relationship']), ...(insuree === undefined ? state : [])], [related, insuree]);
  return (
    <RecordPanel<Insuree, Insuree>
      title={t(insuree === undefined ? (family === undefined ? 'add.title' : 'add.member') : 'edit.title')}
      submit={t(insuree === undefined ? 'add.save' : 'edit.save')}
      path={insurees}
      record={insuree}
      again={() => client.query({ ...insureeQuery(ws, insuree?.id ?? 0), staleTime: 0 })}
      sections={sections}
      without={without}
      field={(props, read) => (
        <InsureeField {...props} known={props.name === 'chf_id' ? read?.chf_id : props.name === 'current_village' ? placeName(read?.current_village) : undefined} />
      )}
      follow={(part): Values => ('status' in part ? { status_reason: null } : {})}
      more={photo !== undefined}
      lead={family === undefined ? null : <Note>{t('add.joins', { name: family.head_insuree ? fullName(family.head_insuree) : '–' })}</Note>}
      save={async (input, key, read) => {
        if (read !== undefined) return changeInsuree(ws, read.id, read.version, input);
        const made = await addInsuree(ws, family === undefined ? input : { ...input, family: family.id }, key);
        // The person is registered by now: a photo that is refused is told, and can be sent again on their page.
        if (photo !== undefined) {
          await setPhoto(ws, made.id, photo, newKey()).catch((error: unknown) => {
            toast.error(error, t('photo.failed'));
          });
        }
        return made;
      }}
      done={(saved) => t(insuree === undefined ? 'add.done' : 'edit.done', { name: fullName(saved) })}
      reads={keys.all(ws)}
      onClose={onClose}
    />
  );
}
