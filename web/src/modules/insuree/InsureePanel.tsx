import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '../../api/client';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { useWorkspace } from '../../kit/useWorkspace';
import { ErrorState } from '../../ui/ErrorState';
import { ErrorSummary } from '../../ui/ErrorSummary';
import { Note } from '../../ui/Note';
import { SidePanel } from '../../ui/SidePanel';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { changesOf, isConflict, missingIn, refusalsOf, valueOf, type Values, wasAnswered } from './form';
import { FormField } from './FormField';
import styles from './form.module.css';
import { fullName } from './names';
import { placeName } from './places';
import { addInsuree, changeInsuree, fieldsQuery, insureeQuery, keys, setPhoto } from './queries';
import type { Family, FieldInfo, Insuree } from './wire';
import { PhotoField } from './PhotoField';

const sections = [
  { name: 'person', fields: [['chf_id'], ['other_names', 'last_name'], ['gender', 'dob'], ['marital', 'relationship']] },
  { name: 'where', fields: [['current_village'], ['current_address'], ['phone', 'email']] },
  { name: 'papers', fields: [['type_of_id', 'passport'], ['card_issued']] },
  { name: 'work', fields: [['profession', 'education']] },
  { name: 'state', fields: [['status', 'status_date'], ['status_reason']] },
] as const;

const none: Readonly<Record<string, FieldInfo>> = {};

/** The panel in which an insuree is registered or changed. A new one may join a family right away. What the form has, and what of it is needed, the server says. */
export function InsureePanel({ insuree, family, onClose }: { insuree?: Insuree; family?: Family; onClose: (saved?: Insuree) => void }) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const form = useId();
  const client = useQueryClient();
  const toast = useToast();
  const errorText = useErrorText();
  const described = useQuery(fieldsQuery(ws, 'insuree', insuree?.id));
  const fields = described.data ?? none;
  // What the changes are made from: a newer version on the page behind must not slip under what is typed.
  const [read, setRead] = useState(insuree);
  const [typed, setTyped] = useState<Values>({});
  const [photo, setPhotoFile] = useState<File>();
  const [tried, setTried] = useState(false);
  // One key until the server has answered: asking again after no answer registers once.
  const [key, setKey] = useState(newKey);
  // Whoever has no family has no relationship to its head, and nobody new has a state but the first.
  const shown = useMemo(
    () =>
      sections
        .flatMap((section) => (section.name === 'state' && insuree === undefined ? [] : section.fields.flat()))
        .filter((name) => name in fields && (name !== 'relationship' || family !== undefined || (insuree?.family != null && !insuree.head))),
    [fields, insuree, family],
  );
  const before: Values = useMemo(
    () => Object.fromEntries(shown.map((name) => [name, valueOf((read as Record<string, unknown> | undefined)?.[name], fields[name] as FieldInfo)])),
    [shown, read, fields],
  );
  const values = { ...before, ...typed };
  const input = changesOf(before, values, fields);
  const dirty = Object.keys(input).length > 0 || photo !== undefined;
  const missing = missingIn(values, fields);

  const save = useMutation({
    mutationFn: async () => {
      if (read !== undefined) return Object.keys(input).length === 0 ? read : changeInsuree(ws, read.id, read.version, input);
      const made = await addInsuree(ws, family === undefined ? input : { ...input, family: family.id }, key);
      // The person is registered by now: a photo that is refused is told, and can be sent again on their page.
      if (photo !== undefined) {
        await setPhoto(ws, made.id, photo, newKey()).catch((error: unknown) => {
          toast.error(error, t('photo.failed'));
        });
      }
      return made;
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: keys.all(ws) });
      toast.success({ title: t(read === undefined ? 'add.done' : 'edit.done', { name: fullName(saved) }) });
      onClose(saved);
    },
    onError: (error) => {
      if (wasAnswered(error)) setKey(newKey());
    },
  });
  const refused = useMemo(() => refusalsOf(save.error, shown), [save.error, shown]);
  const conflict = isConflict(save.error);
  const told = useMemo(
    () => [...Object.entries(refused.fields).map(([name, message]) => ({ fieldId: `${form}-${name}`, message })), ...refused.others.map((message) => ({ message }))],
    [refused, form],
  );

  function set(part: Values) {
    setTyped((now) => ({ ...now, ...part, ...('status' in part && { status_reason: null }) }));
    if (save.isError) save.reset();
  }

  function submit() {
    setTried(true);
    const first = missing[0];
    if (first !== undefined) document.getElementById(`${form}-${first}`)?.focus();
    else if (dirty) save.mutate();
    else onClose();
  }

  const errorOf = (name: string) => refused.fields[name] ?? (tried && missing.includes(name) ? t('form.missing') : undefined);
  const knownOf = (name: string) => (name === 'chf_id' ? read?.chf_id : name === 'current_village' ? placeName(read?.current_village) : undefined);

  return (
    <>
      <SidePanel
        title={t(insuree === undefined ? (family === undefined ? 'add.title' : 'add.member') : 'edit.title')}
        dirty={dirty}
        onClose={() => {
          onClose();
        }}
        foot={
          <>
            <Button
              variant="default"
              size="md"
              disabled={save.isPending}
              onClick={() => {
                onClose();
              }}
            >
              {t('ui:cancel')}
            </Button>
            <Button type="submit" form={form} size="md" loading={save.isPending} disabled={described.data === undefined}>
              {t(insuree === undefined ? 'add.save' : 'edit.save')}
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
            submit();
          }}
        >
          {conflict ? (
            <Note tone="warn" role="alert" title={t('conflict.title')}>
              {t('conflict.text')}
              <span className={styles.buttons}>
                <Button
                  variant="default"
                  onClick={() => {
                    void client.query({ ...insureeQuery(ws, insuree?.id ?? 0), staleTime: 0 }).then((newest) => {
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
          {described.isPending ? <SkeletonRows rows={8} /> : null}
          {family === undefined ? null : <Note>{t('add.joins', { name: family.head_insuree ? fullName(family.head_insuree) : '–' })}</Note>}
          {sections.map((section) => {
            const rows = section.fields.map((row) => row.filter((name) => shown.includes(name))).filter((row) => row.length > 0);
            if (rows.length === 0) return null;
            return (
              <fieldset key={section.name} className={styles.section}>
                <legend className={styles.legend}>{t(`section.${section.name}`)}</legend>
                {section.name === 'person' && insuree === undefined ? <PhotoField file={photo} onChange={setPhotoFile} /> : null}
                {rows.map((row) => (
                  <div key={row[0]} className={row.length > 1 ? styles.pair : undefined}>
                    {row.map((name) => (
                      <FormField key={name} form={form} name={name} info={fields[name]} values={values} error={errorOf(name)} set={set} known={knownOf(name)} />
                    ))}
                  </div>
                ))}
              </fieldset>
            );
          })}
        </form>
      </SidePanel>
      <UnsavedGuard dirty={dirty && !save.isSuccess} />
    </>
  );
}
