import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/ApiError';
import { newKey } from '../../api/client';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { Note } from '../../ui/Note';
import { SidePanel } from '../../ui/SidePanel';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { ChoiceNames } from './ChoiceNames';
import styles from './FieldPanel.module.css';
import { spoken, spokenOf } from './fieldForm';
import { History } from './History';
import { paths } from './paths';
import { controlsQuery, fieldsChanged, saveControl, typesQuery } from './queries';
import { type Control, type DeclaredField, languages, type Texts } from './wire';

/** The panel in which an administrator calls a field something else. */
export default function ControlPanel() {
  const ws = useWorkspace();
  const type = useParam('type');
  const name = useParam('name');
  const types = useQuery(typesQuery(ws));
  const controls = useQuery(controlsQuery(ws, type));
  const field = types.data?.find((one) => one.name === type)?.fields.find((one) => one.name === name);
  if (field === undefined || controls.data === undefined) return null;
  return <LabelForm key={name} type={type} field={field} control={controls.data.find((one) => one.field === name)} />;
}

function LabelForm({ type, field, control }: { type: string; field: DeclaredField; control: Control | undefined }) {
  const { t } = useTranslation('customisation');
  const { t: ui } = useTranslation('ui');
  const ws = useWorkspace();
  const form = useId();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const errorText = useErrorText();
  const [base] = useState<Record<string, string>>(() => ({ ...control?.labels }));
  const [labels, setLabels] = useState(base);
  const [called] = useState<Record<string, Texts>>(() => ({ ...control?.choices }));
  const [choices, setChoices] = useState(called);
  const dirty = JSON.stringify([spoken(labels), spokenOf(choices)]) !== JSON.stringify([spoken(base), spokenOf(called)]);
  const save = useMutation({
    mutationFn: () =>
      saveControl(ws, control?.id, { entity: type, field: field.name, hidden: control?.hidden ?? false, required: control?.required ?? false, labels: spoken(labels), choices: spokenOf(choices) }, newKey()),
    onSuccess: async () => {
      await fieldsChanged(client, ws);
      void navigate({ to: paths.fields(ws, type), ignoreBlocker: true });
      toast.success({ title: t('saved'), text: t('soon') });
    },
  });
  const refused = save.error instanceof ApiError ? save.error.fields : {};

  function close() {
    void navigate({ to: paths.fields(ws, type) });
  }

  return (
    <>
      <SidePanel
        title={t('label.title', { name: `\u2068${field.label}\u2069` })}
        dirty={dirty}
        onClose={close}
        foot={
          <>
            <Button variant="default" size="md" onClick={close}>
              {ui('cancel')}
            </Button>
            <Button type="submit" form={form} size="md" loading={save.isPending}>
              {t('form.save')}
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
            save.mutate();
          }}
        >
          {save.isError ? (
            <Note tone="danger" role="alert" title={errorText(save.error).title}>
              {errorText(save.error).text}
            </Note>
          ) : null}
          <p>{t('label.help')}</p>
          {languages.map((language) => (
            <TextInput
              key={language}
              size="md"
              data-autofocus={language === 'en' || undefined}
              dir={language === 'ar' ? 'rtl' : 'ltr'}
              lang={language}
              label={`${t(`label.${language}`)} ${ui('optional')}`}
              maxLength={200}
              value={labels[language] ?? ''}
              error={refused[`labels.${language}`]?.join(' ')}
              onChange={(event) => {
                setLabels({ ...labels, [language]: event.currentTarget.value });
                if (save.isError) save.reset();
              }}
            />
          ))}
          {field.choices.length === 0 ? null : (
            <ChoiceNames
              title={t('choices.title')}
              values={field.choices.map(({ value, label }) => ({ value, known: label, names: choices[value] ?? {}, error: Object.entries(refused).find(([path]) => path.startsWith(`choices.${value}`))?.[1].join(' ') }))}
              onChange={(value, names) => {
                setChoices({ ...choices, [value]: names });
                if (save.isError) save.reset();
              }}
            />
          )}
        </form>
        {control === undefined ? null : <History kind="field-controls" id={control.id} />}
      </SidePanel>
      <UnsavedGuard dirty={dirty} />
    </>
  );
}
