import { Button } from '@mantine/core';
import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '../api/client';
import { ErrorState } from '../ui/ErrorState';
import { SidePanel } from '../ui/SidePanel';
import { SkeletonRows } from '../ui/SkeletonRows';
import { useToast } from '../ui/useToast';
import { ExtensionFields } from './ExtensionFields';
import { changedExtensions, extensionsIn, type ExtensionValues, missingExtensions } from './extensions';
import { changesOf, fieldsQuery, type FieldInfo, type Input, missingIn, refusalsOf, troublesOf, valueOf, type Values, wasAnswered } from './form';
import { type FieldProps, FieldRows } from './FormField';
import styles from './form.module.css';
import { FormTroubles } from './FormTroubles';
import { UnsavedGuard } from './UnsavedGuard';
import { useWorkspace } from './useWorkspace';

/** Fields of a form that go together. */
export interface Section {
  name: string;
  /** Their heading; a form of one section needs none. */
  legend?: string;
  /** The names of the fields, as they stand beside each other. */
  rows: readonly (readonly string[])[];
  /** What stands between the heading and the fields. */
  lead?: ReactNode;
}

/** What belongs to a record and is written with it, such as the rows of a list. */
export interface Within {
  /** What of it has changed, as the server takes it. */
  input: Input;
  /** What can be wrong in it, by the paths of the server: what that is called, and the id of its input. */
  places: Readonly<Record<string, { label: string; id: string }>>;
  /** Shows it, below the fields; `set` as for fields, to be called with nothing when something within has changed. */
  show: (form: { errorOf: (path: string) => string | undefined; set: (part: Values) => void }) => ReactNode;
}

interface Props<Read extends { id: number; version: number }, Saved> {
  title: string;
  /** What the button says that saves. */
  submit: string;
  /** Where the server has such records: it says which fields there are, and which of them are needed. */
  path: string;
  /** What is changed; a new record without it. */
  record?: Read | undefined;
  /** Reads the record again after somebody else changed it. */
  again?: () => Promise<Read>;
  sections: readonly Section[];
  /** What a new record begins with. */
  start?: Values;
  /** Fields that make no sense here, though the server knows them. */
  without?: readonly string[];
  /** Shows a field; without it each is shown as the server says. */
  field?: (props: FieldProps, record: Read | undefined) => ReactNode;
  /** What else changes with what was typed. */
  follow?: (part: Values) => Values;
  /** What belongs to the record besides its fields. `form` is the beginning of ids. */
  within?: (form: string, fields: Readonly<Record<string, FieldInfo>>, read: Read | undefined, values: Values) => Within;
  /** There is more to save than the fields. */
  more?: boolean;
  /** What else can be done with the record, at the start of the foot. */
  foot?: ReactNode;
  /** What stands above the fields. */
  lead?: ReactNode;
  /** What stands below them. */
  tail?: ReactNode;
  /** Sends what has changed. The key makes the same request twice one; `read` is what the changes are made from. */
  save: (input: Input, key: string, read: Read | undefined) => Promise<Saved>;
  /** Says that it is done. */
  done: (saved: Saved) => string;
  /** Below this key everything is read again. */
  reads: QueryKey;
  /** Leaves the panel, with what was saved if anything was. */
  onClose: (saved?: Saved) => void;
}

const none: Readonly<Record<string, FieldInfo>> = {};
const nothing: readonly string[] = [];
const nowhere: ExtensionValues = {};

/**
 * The panel in which a record is made or changed. What the form has, and what of it is needed, the server says; so does it what is wrong, on the field where
 * it is wrong. Nobody is overwritten unseen, and nothing that was typed is lost by leaving.
 */
export function RecordPanel<Read extends { id: number; version: number }, Saved>(props: Props<Read, Saved>) {
  const { title, submit, path, record, again, sections, start, without = nothing, field, follow, more = false, foot, lead, tail, onClose } = props;
  const { t } = useTranslation('ui');
  const ws = useWorkspace();
  const form = useId();
  const client = useQueryClient();
  const toast = useToast();
  const described = useQuery(fieldsQuery(ws, path, record?.id));
  const fields = described.data ?? none;
  // What the changes are made from: a newer version on the page behind must not slip under what is typed.
  const [read, setRead] = useState(record);
  const [typed, setTyped] = useState<Values>(start ?? {});
  const [further, setFurther] = useState<ExtensionValues>({});
  const [tried, setTried] = useState(false);
  // One key until the server has answered: asking again after no answer makes one record.
  const [key, setKey] = useState(newKey);
  const shown = useMemo(() => sections.flatMap((section) => section.rows.flat()).filter((name) => name in fields && !without.includes(name)), [sections, fields, without]);
  const before: Values = useMemo(
    () => Object.fromEntries(shown.map((name) => [name, valueOf((read as Record<string, unknown> | undefined)?.[name], fields[name] as FieldInfo)])),
    [shown, read, fields],
  );
  const values = { ...before, ...Object.fromEntries(Object.entries(typed).filter(([name]) => shown.includes(name))) };
  const added = useMemo(() => extensionsIn(fields), [fields]);
  const addedBefore = (read as { extensions?: ExtensionValues } | undefined)?.extensions ?? nowhere;
  const addedNow = { ...addedBefore, ...further };
  const extensions = changedExtensions(addedBefore, addedNow);
  const inner = described.data === undefined ? undefined : props.within?.(form, fields, read, values);
  const input: Input = { ...changesOf(before, values, fields), ...(Object.keys(extensions).length === 0 ? {} : { extensions }), ...inner?.input };
  const changed = Object.keys(input).length > 0 || more;
  const dirty = more || 'extensions' in input || Object.keys(inner?.input ?? {}).length > 0 || Object.entries(typed).some(([name, value]) => shown.includes(name) && value !== (start?.[name] ?? before[name]));
  const missing = [...missingIn(values, fields), ...missingExtensions(addedNow, added).map((key) => `extensions.${key}`)];
  const save = useMutation({
    mutationFn: () => props.save(input, key, read),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: props.reads });
      toast.success({ title: props.done(saved) });
      onClose(saved);
    },
    onError: (error) => {
      if (wasAnswered(error)) setKey(newKey());
    },
  });
  const labels = new Map([
    ...shown.map((name) => [name, fields[name]?.label ?? name] as const),
    ...added.map(({ key, label }) => [`extensions.${key}`, label] as const),
    ...Object.entries(inner?.places ?? {}).map(([path, { label }]) => [path, label] as const),
  ]);
  const refused = refusalsOf(save.error, [...labels.keys()]);
  const errorOf = (name: string) => refused.fields[name] ?? (tried && missing.includes(name) ? t('form.missing') : undefined);
  const told = troublesOf(refused, (name) => ({ fieldId: inner?.places[name]?.id ?? `${form}-${name}`, label: labels.get(name) ?? name }));

  function set(part: Values) {
    setTyped((now) => ({ ...now, ...part, ...follow?.(part) }));
    if (save.isError) save.reset();
  }

  function submitForm() {
    setTried(true);
    const first = missing[0];
    if (first !== undefined) document.getElementById(`${form}-${first}`)?.focus();
    else if (changed || record === undefined) save.mutate();
    else onClose();
  }

  return (
    <>
      <SidePanel
        title={title}
        dirty={dirty}
        onClose={() => {
          onClose();
        }}
        foot={
          <>
            {foot}
            <Button
              variant="default"
              size="md"
              disabled={save.isPending}
              onClick={() => {
                onClose();
              }}
            >
              {t('cancel')}
            </Button>
            <Button type="submit" form={form} size="md" loading={save.isPending} disabled={described.data === undefined}>
              {submit}
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
            submitForm();
          }}
        >
          <FormTroubles
            error={save.error}
            told={told}
            again={
              again === undefined
                ? undefined
                : () => {
                    void again().then((newest) => {
                      setRead(newest);
                      save.reset();
                    });
                  }
            }
          />
          {described.isError ? <ErrorState error={described.error} level={3} onRetry={() => void described.refetch()} retrying={described.isFetching} /> : null}
          {described.isPending ? <SkeletonRows rows={8} /> : null}
          {lead}
          {sections.map((section) => {
            const rows = section.rows.map((row) => row.filter((name) => shown.includes(name))).filter((row) => row.length > 0);
            if (rows.length === 0) return null;
            return (
              <fieldset key={section.name} className={styles.section}>
                {section.legend === undefined ? null : <legend className={styles.legend}>{section.legend}</legend>}
                {section.lead}
                <FieldRows
                  form={form}
                  rows={rows}
                  fields={fields}
                  values={values}
                  errorOf={errorOf}
                  set={set}
                  focus={shown[0]}
                  field={field === undefined ? undefined : (one) => field(one, read)}
                />
              </fieldset>
            );
          })}
          {inner?.show({ errorOf, set })}
          {added.length === 0 ? null : (
            <div className={styles.section}>
              <ExtensionFields
                form={form}
                fields={added}
                values={addedNow}
                refused={Object.fromEntries(
                  added.flatMap(({ key }) => {
                    const error = errorOf(`extensions.${key}`);
                    return error === undefined ? [] : [[`extensions.${key}`, [error]]];
                  }),
                )}
                onChange={(typed) => {
                  setFurther(typed);
                  if (save.isError) save.reset();
                }}
              />
            </div>
          )}
          {tail}
        </form>
      </SidePanel>
      <UnsavedGuard dirty={dirty && !save.isSuccess} />
    </>
  );
}
