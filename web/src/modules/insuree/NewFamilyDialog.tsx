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
import { refusalsOf, type Values } from './form';
import { FormField } from './FormField';
import styles from './form.module.css';
import { fullName } from './names';
import { paths } from './paths';
import { placeName } from './places';
import { addFamily, fieldsQuery } from './queries';
import { useAct } from './useAct';
import type { Insuree } from './wire';

const names = ['location', 'address', 'family_type', 'poverty'];

/** Makes somebody without a family the head of a new one. */
export function NewFamilyDialog({ insuree, onClose }: { insuree: Insuree; onClose: () => void }) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const form = useId();
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const { data: fields } = useQuery(fieldsQuery(ws, 'family'));
  const [values, setValues] = useState<Values>({ location: insuree.current_village?.id ?? null, address: insuree.current_address, family_type: null, poverty: false });
  const { run, busy, error } = useAct({
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
          names.map((name) => (
            <FormField
              key={name}
              form={form}
              name={name}
              info={fields[name]}
              values={values}
              error={refused.fields[name]}
              known={name === 'location' ? placeName(insuree.current_village) : undefined}
              set={(part) => {
                setValues((now) => ({ ...now, ...part }));
              }}
            />
          ))
        )}
      </div>
    </Dialog>
  );
}
