import { Button, MultiSelect, Select, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '../../api/client';
import { refusalsOf, wasAnswered } from '../../kit/form';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { useWorkspace } from '../../kit/useWorkspace';
import { Note } from '../../ui/Note';
import { Segmented } from '../../ui/Segmented';
import { SidePanel } from '../../ui/SidePanel';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import styles from './AddRulePanel.module.css';
import { paths } from './paths';
import { makeChange, vocabularyQuery } from './queries';
import { changed, changeOf, conditionChoices, emptyDraft, partsFor, type RuleDraft, ruleOf, targetsFor } from './ruleForm';
import { effects, kinds, longestNote } from './rulesList';
import { useRuleWords } from './useRuleWords';
import { rulesChanged } from './useTakeBack';
import type { Rule } from './wire';

const fields = ['effect', 'kind', 'target', 'when', 'note'] as const;

/** The panel in which an administrator writes a rule, with the sentence it makes. */
export default function AddRulePanel() {
  const { t } = useTranslation('permission');
  const { t: ui } = useTranslation('ui');
  const ws = useWorkspace();
  const form = useId();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const errorText = useErrorText();
  const words = useRuleWords();
  const vocabulary = useQuery(vocabularyQuery(ws));
  const [draft, setDraft] = useState(emptyDraft);
  const [tried, setTried] = useState(false);
  // One key until the server has answered: asking again after no answer adds once.
  const [key, setKey] = useState(newKey);
  const rule = ruleOf(draft, vocabulary.data);
  const note = draft.note.trim();
  const dirty = JSON.stringify(draft) !== JSON.stringify(emptyDraft);

  const add = useMutation({
    mutationFn: (one: Rule) => makeChange(ws, changeOf(one, note), key),
    onSuccess: async () => {
      await rulesChanged(client, ws);
      close(true);
      toast.success({ title: t('saved.added'), text: t('saved.soon') });
    },
    onError: (error) => {
      if (wasAnswered(error)) setKey(newKey());
    },
  });
  const refused = useMemo(() => refusalsOf(add.error, fields), [add.error]);
  const conditions = useMemo(
    () => conditionChoices(vocabulary.data, words.condition, { roles: t('add.roles'), states: t('add.states'), others: t('add.others') }),
    [vocabulary.data, words, t],
  );
  const idOf = (field: string) => `${form}-${field}`;
  const missing = (empty: boolean, said: string) => (tried && empty ? said : undefined);
  const choose = { size: 'md', searchable: true, openOnFocus: false, nothingFoundMessage: t('add.noMatch'), maxDropdownHeight: 240 } as const;
  const parts = partsFor(vocabulary.data, draft.entity, draft.kind);

  function set(change: Partial<RuleDraft>) {
    setDraft((before) => changed(before, change, vocabulary.data));
    if (add.isError) add.reset();
  }

  function close(saved: boolean) {
    void navigate({ to: paths.rules(ws), search: true, ignoreBlocker: saved });
  }

  function submit() {
    setTried(true);
    if (rule !== undefined && note !== '') add.mutate(rule);
    else document.getElementById(idOf(draft.entity === null ? 'entity' : draft.part === null ? 'target' : 'note'))?.focus();
  }

  return (
    <>
      <SidePanel
        title={t('add.title')}
        dirty={dirty}
        onClose={() => {
          close(false);
        }}
        foot={
          <>
            <Button
              variant="default"
              size="md"
              disabled={add.isPending}
              onClick={() => {
                close(false);
              }}
            >
              {ui('cancel')}
            </Button>
            <Button type="submit" form={form} size="md" loading={add.isPending}>
              {t('add.save')}
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
          {add.isError && Object.keys(refused.fields).length === 0 ? (
            <Note tone="danger" role="alert" title={errorText(add.error).title}>
              {refused.others.length > 0 ? refused.others.join(' ') : errorText(add.error).text}
            </Note>
          ) : null}
          {vocabulary.isError && vocabulary.data === undefined ? (
            <Note
              tone="danger"
              role="alert"
              title={t('add.noWords')}
              end={
                <Button variant="subtle" size="xs" onClick={() => void vocabulary.refetch()}>
                  {ui('tryAgain')}
                </Button>
              }
            >
              {errorText(vocabulary.error).text}
            </Note>
          ) : null}
          <div className={styles.choice}>
            <span className={styles.label}>{t('filter.effect')}</span>
            <Segmented
              label={t('filter.effect')}
              value={draft.effect}
              onChange={(effect) => {
                set({ effect });
              }}
              options={effects.map((value) => ({ value, label: t(`effect.${value}`) }))}
            />
            {refused.fields.effect ? <p className={styles.error}>{refused.fields.effect}</p> : null}
          </div>
          <div className={styles.choice}>
            <span className={styles.label}>{t('filter.kind')}</span>
            <Segmented
              label={t('filter.kind')}
              value={draft.kind}
              onChange={(kind) => {
                set({ kind });
              }}
              options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
            />
            {refused.fields.kind ? <p className={styles.error}>{refused.fields.kind}</p> : null}
          </div>
          <Select
            {...choose}
            id={idOf('entity')}
            data-autofocus
            label={`${t('filter.type')} ${ui('required')}`}
            aria-required
            placeholder={vocabulary.isPending ? ui('loading') : t('add.choose')}
            data={targetsFor(vocabulary.data, draft.kind).map(({ entity, label }) => ({ value: entity, label }))}
            value={draft.entity}
            error={missing(draft.entity === null, t('add.missingType'))}
            onChange={(entity) => {
              set({ entity, part: null });
            }}
          />
          <Select
            {...choose}
            id={idOf('target')}
            label={`${t(draft.kind === 'act' ? 'add.action' : 'add.field')} ${ui('required')}`}
            aria-required
            disabled={draft.entity === null}
            placeholder={t('add.choose')}
            data={parts.map(({ name, label }) => ({ value: name, label }))}
            value={draft.part}
            error={refused.fields.target ?? missing(draft.entity !== null && draft.part === null, t(draft.kind === 'act' ? 'add.missingAction' : 'add.missingField'))}
            onChange={(part) => {
              set({ part });
            }}
          />
          <MultiSelect
            size="md"
            searchable
            openOnFocus={false}
            hidePickedOptions
            maxDropdownHeight={240}
            nothingFoundMessage={t('add.noMatch')}
            id={idOf('when')}
            label={`${t('add.conditions')} ${ui('optional')}`}
            description={t('add.conditionsHelp')}
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            data={conditions}
            value={draft.when}
            error={refused.fields.when}
            onChange={(when) => {
              set({ when });
            }}
          />
          <Textarea
            id={idOf('note')}
            label={`${t('reason')} ${ui('required')}`}
            description={t('reasonHelp')}
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            aria-required
            autosize
            minRows={3}
            maxRows={8}
            maxLength={longestNote}
            value={draft.note}
            error={refused.fields.note ?? missing(note === '', t('add.missingReason'))}
            onChange={(event) => {
              set({ note: event.currentTarget.value });
            }}
          />
          <section className={styles.preview} aria-label={t('add.preview')}>
            <h3 className={styles.label}>{t('add.preview')}</h3>
            <p aria-live="polite" className={rule === undefined ? styles.quiet : styles.sentence}>
              {rule === undefined ? t('add.previewEmpty') : words.sentence(rule, { named: true })}
            </p>
          </section>
          {rule !== undefined && rule.effect === 'allow' && rule.when.length === 0 ? <Note tone="warn">{t('add.everybody')}</Note> : null}
        </form>
      </SidePanel>
      <UnsavedGuard dirty={dirty} />
    </>
  );
}
