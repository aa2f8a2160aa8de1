import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { fullName } from './names';
import { placeName } from '../../kit/places';
import { familiesQuery, keys, moveMember } from './queries';
import styles from './RecordPage.module.css';
import { useAct } from '../../kit/useAct';
import type { Family, Person } from './wire';

/** Takes somebody into another family, or into a first one; says before what changes with it. */
export function MoveMemberDialog({ person, family, onClose }: { person: Person; family: Family | undefined; onClose: () => void }) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<{ uuid: string; name: string }>();
  const [missing, setMissing] = useState(false);
  const [wanted] = useDebouncedValue(typed === chosen?.name ? '' : typed.trim(), 250);
  const { data, isPending } = useQuery(familiesQuery(ws, wanted));
  const options = new Map(
    (data?.results ?? [])
      .filter((one) => one.uuid !== family?.uuid && one.head_insuree !== null)
      .map((one) => [one.uuid, [one.head_insuree === null ? '' : `${fullName(one.head_insuree)} (${one.head_insuree.chf_id})`, placeName(one.location)].filter(Boolean).join(' · ')]),
  );
  if (chosen !== undefined && !options.has(chosen.uuid)) options.set(chosen.uuid, chosen.name);
  const name = fullName(person);
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () => moveMember(ws, chosen?.uuid ?? '', person.uuid),
    done: t('move.done', { name, family: chosen?.name ?? '' }),
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
      title={t(family === undefined ? 'move.joinTitle' : 'move.title')}
      facts={`${name} · ${person.chf_id}`}
      confirm={t('move.confirm')}
    >
      <div className={styles.choice}>
        <Select
          data-autofocus
          size="md"
          label={`${t('move.to')} ${t('ui:required')}`}
          description={t('move.help')}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          aria-required
          searchable
          openOnFocus={false}
          searchValue={typed}
          onSearchChange={setTyped}
          filter={({ options: all }) => all}
          data={[...options].map(([value, label]) => ({ value, label }))}
          value={chosen?.uuid ?? null}
          error={missing ? t('move.missing') : undefined}
          onChange={(uuid) => {
            setMissing(false);
            setChosen(uuid === null ? undefined : { uuid, name: options.get(uuid) ?? '' });
          }}
          nothingFoundMessage={isPending ? t('ui:loading') : t('ui:form.noMatch')}
          maxDropdownHeight={200}
        />
        <ul className={styles.consequences}>
          {family === undefined ? null : <li>{t('move.leaves', { count: family.members.length - 1 })}</li>}
          <li>{t('move.cover')}</li>
          <li>{t('move.place')}</li>
        </ul>
      </div>
    </ConfirmDialog>
  );
}
