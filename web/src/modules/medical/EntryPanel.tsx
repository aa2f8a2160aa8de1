import { Button, Checkbox } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FieldProps, FormField } from '../../kit/FormField';
import { HistoryCard } from '../../kit/HistoryCard';
import { RecordPanel } from '../../kit/RecordPanel';
import { useSession } from '../../kit/session';
import { CloseEntryDialog } from './CloseEntryDialog';
import styles from './medical.module.css';
import { everybody, patients, switched } from './patients';
import { addEntry, changeEntry, entries, entryQuery, keys } from './queries';
import { useBundle } from './useBundle';
import type { EntryRecord, Kind } from './wire';

const rows = {
  items: [['code', 'type'], ['name'], ['package', 'quantity'], ['price', 'maximum_amount']],
  services: [['code', 'type'], ['name'], ['category', 'level'], ['price', 'maximum_amount'], ['manual_price']],
} as const;
const limits = [['care_type', 'frequency'], ['patient_category']];
const start = { patient_category: String(everybody), packagetype: 'S' };

/** The panel in which an item or a service of the catalogue is made or changed. */
export function EntryPanel({ kind, entry, onClose }: { kind: Kind; entry?: EntryRecord; onClose: (saved?: EntryRecord) => void }) {
  const { t } = useTranslation('medical');
  const session = useSession();
  const ws = session.workspace.code;
  const client = useQueryClient();
  const [closing, setClosing] = useState(false);
  const sections = useMemo(
    () => [
      { name: 'what', rows: rows[kind] },
      { name: 'limits', legend: t('section.limits'), rows: limits },
      // What makes a service a bundle stands right above what is in it.
      { name: 'bundle', rows: [['packagetype']] },
    ],
    [t, kind],
  );
  const within = useBundle();
  return (
    <>
      <RecordPanel<EntryRecord, EntryRecord>
        title={t(entry === undefined ? `${kind}.add` : `${kind}.edit`)}
        submit={t(entry === undefined ? 'add.save' : 'ui:form.save')}
        path={entries(kind)}
        record={entry}
        again={() => client.query({ ...entryQuery(ws, kind, entry?.id ?? 0), staleTime: 0 })}
        sections={sections}
        start={entry === undefined ? start : {}}
        field={(props) => (props.name === 'patient_category' ? <Patients {...props} /> : <FormField {...props} ltr={props.name === 'code'} clearable={!props.info.required && props.name !== 'packagetype'} help={helps.has(props.name) ? t(`help.${props.name}`) : undefined} />)}
        foot={
          entry !== undefined && session.menu.includes(`medical.${kind}.close`) ? (
            <Button
              variant="subtle"
              color="red"
              size="md"
              className={styles.start}
              onClick={() => {
                setClosing(true);
              }}
            >
              {t('close.open')}
            </Button>
          ) : undefined
        }
        within={kind === 'services' ? within : undefined}
        tail={entry !== undefined && session.menu.includes(`medical.${kind}`) ? <HistoryCard path={`${entries(kind)}${entry.id}/`} reads={keys.all(ws)} /> : undefined}
        save={(input, key, read) => (read === undefined ? addEntry(ws, kind, input, key) : changeEntry(ws, kind, read.id, read.version, input))}
        done={(saved) => t(entry === undefined ? 'add.done' : 'edit.done', { name: saved.name })}
        reads={keys.all(ws)}
        onClose={onClose}
      />
      {closing && entry !== undefined ? (
        <CloseEntryDialog
          kind={kind}
          entry={entry}
          onClose={() => {
            setClosing(false);
          }}
        />
      ) : null}
    </>
  );
}

const helps = new Set(['frequency', 'maximum_amount']);

/** For whom something is: the sum of those that are ticked. */
function Patients({ id, name, info, value, error, set }: FieldProps) {
  const { t } = useTranslation('medical');
  const sum = Number(value);
  return (
    <Checkbox.Group label={info.label} error={error} value={patients.filter(({ part }) => sum & part).map(({ part }) => String(part))}>
      <div className={styles.patients}>
        {patients.map(({ part, name: who }, index) => (
          <Checkbox
            key={part}
            {...(index === 0 && { id })}
            value={String(part)}
            label={t(`patients.${who}`)}
            onChange={() => {
              set({ [name]: String(switched(sum, part)) });
            }}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}
