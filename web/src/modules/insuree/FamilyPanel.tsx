import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { useWorkspace } from '../../kit/useWorkspace';
import { ErrorState } from '../../ui/ErrorState';
import { ErrorSummary } from '../../ui/ErrorSummary';
import { Note } from '../../ui/Note';
import { SidePanel } from '../../ui/SidePanel';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { changesOf, isConflict, refusalsOf, valueOf, type Values } from './form';
import { FormField } from './FormField';
import styles from './form.module.css';
import { paths } from './paths';
import { placeName } from './places';
import { changeFamily, familyQuery, fieldsQuery, keys } from './queries';
import { useFamily } from './useRecords';
import type { FieldInfo } from './wire';

const rows = [['location'], ['address'], ['family_type', 'poverty'], ['confirmation_type', 'confirmation_no']];
const names = rows.flat();

/** The panel in which a family is changed. Its members are changed on the page behind. */
export default function FamilyPanel() {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const form = useId();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const errorText = useErrorText();
  const family = useFamily();
  const [read, setRead] = useState(family);
  const [typed, setTyped] = useState<Values>({});
  const described = useQuery(fieldsQuery(ws, 'family', family.id));
  const fields = described.data ?? {};
  const before: Values = Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, valueOf((read as unknown as Record<string, unknown>)[name], fields[name] as FieldInfo)]));
  const values = { ...before, ...typed };
  const input = changesOf(before, values, fields);
  const dirty = Object.keys(input).length > 0;
  const close = (saved: boolean) => {
    void navigate({ to: paths.family(ws, family.id), ignoreBlocker: saved });
  };
  const save = useMutation({
    mutationFn: () => changeFamily(ws, family.id, read.version, input),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.all(ws) });
      toast.success({ title: t('family.saved') });
      close(true);
    },
  });
  const refused = useMemo(() => refusalsOf(save.error, names), [save.error]);
  const told = useMemo(
    () => [...Object.entries(refused.fields).map(([name, message]) => ({ fieldId: `${form}-${name}`, message })), ...refused.others.map((message) => ({ message }))],
    [refused, form],
  );
  return (
    <>
      <SidePanel
        title={t('family.edit')}
        dirty={dirty}
        onClose={() => {
          close(false);
        }}
        foot={
          <>
            <Button
              variant="default"
              size="md"
              disabled={save.isPending}
              onClick={() => {
                close(false);
              }}
            >
              {t('ui:cancel')}
            </Button>
            <Button type="submit" form={form} size="md" loading={save.isPending} disabled={described.data === undefined}>
              {t('edit.save')}
            </Button>
          </>
        }
      >
        <form
          id={form}
          noValidate
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (dirty) save.mutate();
            else close(true);
          }}
        >
          {isConflict(save.error) && told.length === 0 ? (
            <Note tone="warn" role="alert" title={t('conflict.title')}>
              {t('conflict.text')}
              <span className={styles.buttons}>
                <Button
                  variant="default"
                  onClick={() => {
                    void client.query({ ...familyQuery(ws, family.id), staleTime: 0 }).then((newest) => {
                      setRead(newest);
                      save.reset();
                    });
                  }}
                >
                  {t('conflict.again')}
                </Button>
              </span>
            </Note>
          ) : save.isError && told.length === 0 ? (
            <Note tone="danger" role="alert" title={errorText(save.error).title}>
              {errorText(save.error).text}
            </Note>
          ) : null}
          <ErrorSummary troubles={told} />
          {described.isError ? <ErrorState error={described.error} level={3} onRetry={() => void described.refetch()} retrying={described.isFetching} /> : null}
          {described.isPending ? <SkeletonRows rows={4} /> : null}
          {rows.map((row) => (
            <div key={row[0]} className={row.length > 1 ? styles.pair : undefined}>
              {row.map((name) => (
                <FormField
                  key={name}
                  form={form}
                  name={name}
                  info={fields[name]}
                  values={values}
                  error={refused.fields[name]}
                  known={name === 'location' ? placeName(read.location) : undefined}
                  set={(part) => {
                    setTyped((now) => ({ ...now, ...part }));
                    if (save.isError) save.reset();
                  }}
                />
              ))}
            </div>
          ))}
        </form>
      </SidePanel>
      <UnsavedGuard dirty={dirty && !save.isSuccess} />
    </>
  );
}
