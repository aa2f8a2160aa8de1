import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '../../api/client';
import { useWorkspace } from '../../kit/useWorkspace';
import { Dialog } from '../../ui/Dialog';
import { ErrorSummary } from '../../ui/ErrorSummary';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { fieldsQuery, refusalsOf, type Values } from '../../kit/form';
import { FieldRows } from '../../kit/FormField';
import styles from '../../kit/form.module.css';
import { InsureeField } from './InsureeField';
import { fullName } from './names';
import { paths } from './paths';
import { placeName } from '../../kit/places';
import { addFamily, families, keys } from './queries';
import { useAct } from '../../kit/useAct';
import type { Insuree } from './wire';

const names = ['location', 'address', 'family_type', 'poverty'];
const rows = names.map((name) => [name]);

/** Makes somebody without a family the head of a new one. */
export function NewFamilyDialog({ insuree, onClose }: { insuree: Insuree; onClose: () => void }) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const form = useId();
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const { data: fields } = useQuery(fieldsQuery(ws, families));
  const [values, setValues] = useState<Values>({ location: insuree.current_village?.id ?? null, address: insuree.current_address, family_type: null, poverty: false });
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () => addFamily(ws, { ...values, head_insuree: insuree.id }, key),
    done: t('found.done', { name: fullName(insuree) }),
    then: (family) => navigate({ to: paths.family(ws, family.id) }),
  });
  const refused = useMemo(() => refusalsOf(error, names), [error]);
  const told = useMemo(() => (error === undefined ? [] : [{ message: error instanceof Error ? error.message : '' }]), [error]);
  return (
    <Dialog
      opened
      onClose={onClose}
      busy={busy}
      title={t('found.title')}
      facts={t('found.head', { name: fullName(insuree) })}
      size={560}
      buttons={
        <>
          <Button variant="default" size="md" disabled={busy} onClick={onClose}>
            {t('ui:cancel')}
          </Button>
          <Button
            size="md"
            loading={busy}
            onClick={() => {
              run();
            }}
          >
            {t('found.confirm')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <ErrorSummary troubles={told} />
        {fields === undefined ? (
          <SkeletonRows rows={3} />
        ) : (
          <FieldRows
            form={form}
            rows={rows}
            fields={fields}
            values={values}
            errorOf={(name) => refused.fields[name]}
            set={(part) => {
              setValues((now) => ({ ...now, ...part }));
            }}
            field={(props) => <InsureeField {...props} known={props.name === 'location' ? placeName(insuree.current_village) : undefined} />}
          />
        )}
      </div>
    </Dialog>
  );
}
