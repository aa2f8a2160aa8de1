import { Button, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
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
import { choicesOf, emptyField, keyOf, linesOf, spoken, tidied } from './fieldForm';
import { History } from './History';
import { paths } from './paths';
import { deleteExtension, extensionsOfQuery, fieldsChanged, saveExtension } from './queries';
import { type Extension, type ExtensionInput, kinds, languages, type Texts } from './wire';

/** The panel in which an administrator declares a field, or changes what was declared. */
export default function FieldPanel() {
  const ws = useWorkspace();
  const type = useParam('type');
  const id = Number(useParam('id')) || undefined;
  const list = useQuery(extensionsOfQuery(ws, type));
  if (list.data === undefined) return null;
  const known = list.data.find((one) => one.id === id);
  if (id !== undefined && known === undefined) return null;
  return <FieldForm key={id ?? 0} type={type} known={known} others={list.data} />;
}

function FieldForm({ type, known, others }: { type: string; known: Extension | undefined; others: readonly Extension[] }) {
  const { t } = useTranslation('customisation');
  const { t: ui } = useTranslation('ui');
  const ws = useWorkspace();
  const form = useId();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const errorText = useErrorText();
  const [base] = useState<ExtensionInput>(() => known ?? emptyField(type, others));
  const [field, setField] = useState(base);
  const [lines, setLines] = useState(() => linesOf(base.choices.filter((choice) => choice.retired !== true)));
  const [named, setNamed] = useState<Readonly<Record<string, Texts>>>({});
  const [key, setKey] = useState(newKey);
  // What the lines say now, with the names in other languages.
  const choices = choicesOf(lines, base.choices).map((choice) => ({ ...choice, labels: { ...choice.labels, ...named[choice.value], en: choice.labels.en ?? choice.value } }));
  const dirty = Object.keys(named).length > 0 || JSON.stringify(field) !== JSON.stringify(base) || lines !== linesOf(base.choices.filter((choice) => choice.retired !== true));

  async function done(title: string) {
    await fieldsChanged(client, ws);
    void navigate({ to: paths.fields(ws, type), ignoreBlocker: true });
    toast.success({ title, text: t('soon') });
  }

  const save = useMutation({
    mutationFn: () => {
      const { entity, key: name, ...rest } = tidied({ ...field, choices: choices.map((choice) => ({ ...choice, labels: spoken(choice.labels) })) });
      const input = { ...rest, key: name === '' ? keyOf(field.labels.en ?? '') : name };
      return saveExtension(ws, known?.id, known === undefined ? { ...input, entity } : rest, key);
    },
    onSuccess: () => done(t('saved')),
    onError: (error) => {
      if (error instanceof ApiError && error.status !== 0) setKey(newKey());
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteExtension(ws, known?.id ?? 0),
    onSuccess: () => done(t('removed')),
    onError: (error) => {
      toast.error(error, t('notRemoved'));
    },
  });
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  const at = (name: string) =>
    Object.entries(refused).filter(([path]) => path === name || path.startsWith(`${name}.`)).flatMap(([, said]) => said).join(' ') || undefined;
  const numeric = field.kind === 'integer' || field.kind === 'decimal';

  function set(change: Partial<ExtensionInput>) {
    setField((before) => ({ ...before, ...change }));
    if (save.isError) save.reset();
  }

  function close() {
    void navigate({ to: paths.fields(ws, type) });
  }

  return (
    <>
      <SidePanel
        title={known === undefined ? t('form.newTitle') : t('form.title')}
        dirty={dirty}
        onClose={close}
        foot={
          <>
            {known === undefined ? null : (
              <Button
                variant="subtle"
                color="red"
                size="md"
                loading={remove.isPending}
                onClick={() => {
                  remove.mutate();
                }}
              >
                {t('form.remove')}
              </Button>
            )}
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
          {languages.map((language) => (
            <TextInput
              key={language}
              size="md"
              data-autofocus={language === 'en' || undefined}
              dir={language === 'ar' ? 'rtl' : 'ltr'}
              lang={language}
              label={`${t(`label.${language}`)} ${ui(language === 'en' ? 'required' : 'optional')}`}
              aria-required={language === 'en' || undefined}
              maxLength={200}
              value={field.labels[language] ?? ''}
              error={at(`labels.${language}`)}
              onChange={(event) => {
                set({ labels: { ...field.labels, [language]: event.currentTarget.value } });
              }}
            />
          ))}
          <TextInput
            size="md"
            dir="ltr"
            label={t('form.key')}
            description={t('form.keyHelp')}
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            disabled={known !== undefined}
            maxLength={40}
            placeholder={keyOf(field.labels.en ?? '')}
            value={field.key}
            error={at('key')}
            onChange={(event) => {
              set({ key: event.currentTarget.value });
            }}
          />
          <Select
            size="md"
            openOnFocus={false}
            allowDeselect={false}
            label={t('form.kind')}
            data={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            value={field.kind}
            error={at('kind')}
            onChange={(kind) => {
              const found = kinds.find((one) => one === kind);
              if (found) set({ kind: found });
            }}
          />
          {field.kind === 'choice' ? (
            <Textarea
              size="md"
              autosize
              minRows={4}
              maxRows={12}
              label={`${t('form.choices')} ${ui('required')}`}
              description={t('form.choicesHelp')}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
              value={lines}
              error={at('choices')}
              onChange={(event) => {
                setLines(event.currentTarget.value);
                if (save.isError) save.reset();
              }}
            />
          ) : null}
          {field.kind === 'choice' && choices.length > 0 ? (
            <ChoiceNames
              title={t('choices.others')}
              offered={['fr', 'es', 'ar']}
              values={choices.filter((choice) => choice.retired !== true).map((choice) => ({ value: choice.value, known: choice.labels.en, names: choice.labels }))}
              onChange={(value, names) => {
                setNamed({ ...named, [value]: names });
                if (save.isError) save.reset();
              }}
            />
          ) : null}
          {field.kind === 'decimal' ? (
            <NumberInput size="md" min={0} max={6} label={t('form.scale')} value={field.scale} error={at('scale')} onChange={(scale) => { set({ scale: Number(scale) || 0 }); }} />
          ) : null}
          {numeric || field.kind === 'date' ? (
            <div className={styles.pair}>
              <TextInput size="md" type={numeric ? 'text' : 'date'} label={t('form.min')} value={field.min} error={at('min')} onChange={(event) => { set({ min: event.currentTarget.value }); }} />
              <TextInput size="md" type={numeric ? 'text' : 'date'} label={t('form.max')} value={field.max} error={at('max')} onChange={(event) => { set({ max: event.currentTarget.value }); }} />
            </div>
          ) : null}
          {field.kind === 'text' || field.kind === 'long_text' || field.kind === 'url' ? (
            <NumberInput
              size="md"
              min={0}
              label={`${t('form.length')} ${ui('optional')}`}
              value={field.max_length === 0 ? '' : field.max_length}
              error={at('max_length')}
              onChange={(length) => {
                set({ max_length: Number(length) || 0 });
              }}
            />
          ) : null}
          {field.kind === 'text' ? (
            <TextInput
              size="md"
              dir="ltr"
              label={`${t('form.pattern')} ${ui('optional')}`}
              description={t('form.patternHelp')}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
              value={field.pattern}
              error={at('pattern')}
              onChange={(event) => {
                set({ pattern: event.currentTarget.value });
              }}
            />
          ) : null}
          <TextInput
            size="md"
            label={`${t('form.help')} ${ui('optional')}`}
            value={field.help.en ?? ''}
            error={at('help')}
            onChange={(event) => {
              set({ help: { ...field.help, en: event.currentTarget.value } });
            }}
          />
          <NumberInput size="md" label={t('form.place')} value={field.place} error={at('place')} onChange={(place) => { set({ place: Math.trunc(Number(place)) || 0 }); }} />
          <Switch label={t('form.required')} checked={field.required} onChange={(event) => { set({ required: event.currentTarget.checked }); }} />
          <Switch label={t('form.indexed')} description={t('form.indexedHelp')} checked={field.indexed} onChange={(event) => { set({ indexed: event.currentTarget.checked }); }} />
          {known === undefined ? null : (
            <Switch label={t('form.retired')} description={t('form.retiredHelp')} checked={field.retired} onChange={(event) => { set({ retired: event.currentTarget.checked }); }} />
          )}
        </form>
        {known === undefined ? null : <History kind="extension-fields" id={known.id} />}
      </SidePanel>
      <UnsavedGuard dirty={dirty} />
    </>
  );
}
