import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Choice } from '../../kit/choices';
import { ManyChoices, RefChoice } from '../../kit/ChoiceFields';
import type { Input } from '../../kit/form';
import { type FieldProps, FormField } from '../../kit/FormField';
import { PathLink } from '../../kit/PathLink';
import { RecordPanel } from '../../kit/RecordPanel';
import { useSession } from '../../kit/session';
import { Note } from '../../ui/Note';
import { paths } from './paths';
import { addPerson, changePerson, districts, facilities, keys, officers, people, personQuery, villages } from './queries';
import { fullName, type Kind, type Person, type PersonRecord } from './wire';

const parts = {
  officers: [
    { name: 'person', rows: [['other_names', 'last_name'], ['code', 'dob'], ['phone', 'email'], ['phone_communication'], ['address']] },
    { name: 'work', rows: [['location'], ['officer_villages'], ['works_to'], ['substitution_officer']] },
    { name: 'veo', rows: [['veo_other_names', 'veo_last_name'], ['veo_code', 'veo_dob'], ['veo_phone']] },
  ],
  'claim-admins': [
    { name: 'person', rows: [['other_names', 'last_name'], ['code', 'dob'], ['phone', 'email']] },
    { name: 'work', rows: [['health_facility']] },
  ],
};

/** What is kept with the user of whoever is one. */
const withUser = ['code', 'last_name', 'other_names', 'phone', 'email'];

/** The panel in which an officer or a claim administrator is made or changed. */
export function PersonPanel({ kind, person, onClose }: { kind: Kind; person?: PersonRecord; onClose: (saved?: PersonRecord) => void }) {
  const { t } = useTranslation('officer');
  const session = useSession();
  const ws = session.workspace.code;
  const client = useQueryClient();
  const sections = useMemo(() => parts[kind].map((part) => ({ ...part, legend: t(`section.${part.name}`) })), [t, kind]);
  const [places, setPlaces] = useState<readonly Choice[]>();
  const user = person?.user ?? null;
  return (
    <RecordPanel<PersonRecord, PersonRecord>
      title={t(person === undefined ? `${kind}.add` : `${kind}.edit`)}
      submit={t(person === undefined ? 'add.save' : 'ui:form.save')}
      path={people(kind)}
      record={person}
      again={() => client.query({ ...personQuery(ws, kind, person?.id ?? 0), staleTime: 0 })}
      sections={sections}
      without={user === null ? undefined : withUser}
      lead={
        user === null ? undefined : (
          <Note title={t('user.title', { name: person === undefined ? '' : fullName(person) })}>
            {t('user.text')} {session.menu.includes('account.users.change') ? <PathLink to={paths.user(ws, user.id)}>{t('user.open')}</PathLink> : null}
          </Note>
        )
      }
      field={(props, read) =>
        props.name === 'officer_villages' ? (
          <ManyChoices id={props.id} of={villages} label={props.label} description={t('villagesHelp')} error={props.error} value={places ?? placesOf(read)} onChange={setPlaces} />
        ) : (
          <Field {...props} read={read} />
        )
      }
      more={places !== undefined && changesOfVillages(person, places).length > 0}
      save={(input, key, read) => {
        const all: Input = places === undefined ? input : { ...input, officer_villages: changesOfVillages(read, places) };
        return read === undefined ? addPerson(ws, kind, all, key) : changePerson(ws, kind, read.id, read.version, all);
      }}
      done={(saved) => t(person === undefined ? 'add.done' : 'edit.done', { name: fullName(saved) })}
      reads={keys.all(ws)}
      onClose={onClose}
    />
  );
}

/** The villages of somebody, as they are chosen. */
function placesOf(read: Person | undefined): readonly Choice[] {
  return (read?.officer_villages ?? []).map(({ location: { id, name } }) => ({ id, name }));
}

/** What the server is told so that somebody works in these villages and in no others. */
function changesOfVillages(read: Person | undefined, places: readonly Choice[]): Input[] {
  const before = read?.officer_villages ?? [];
  return [
    ...before.filter((one) => !places.some((place) => place.id === one.location.id)).map((one) => ({ id: one.id, _delete: true })),
    ...places.filter((place) => !before.some((one) => one.location.id === place.id)).map((place) => ({ location: place.id })),
  ];
}

function Field({ read, ...props }: FieldProps & { read: Person | undefined }) {
  const { t } = useTranslation('officer');
  const { name, info } = props;
  switch (name) {
    case 'location':
      return <RefChoice {...props} of={districts} known={read?.location} />;
    case 'health_facility':
      return <RefChoice {...props} of={facilities} known={read?.health_facility} />;
    case 'substitution_officer': {
      const by = read?.substitution_officer;
      return <RefChoice {...props} of={officers} known={by ? { id: by.id, name: fullName(by) } : null} />;
    }
    default:
      // The heading says whose it is.
      return name.startsWith('veo_') ? <FormField {...props} label={t(`veo.${name}`)} ltr={name !== 'veo_other_names' && name !== 'veo_last_name' && info.type === 'string'} /> : <FormField {...props} ltr={name === 'code'} />;
  }
}
