import { MultiSelect, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { today } from '../../i18n/format';
import { ExtensionFields } from '../../kit/ExtensionFields';
import { nameOf, type RecordFields } from '../../kit/extensions';
import { useWorkspace } from '../../kit/useWorkspace';
import { placeName } from './names';
import { agreementQuery, lookups, partnerQuery } from './queries';
import { type Choice, SearchMultiSelect } from './SearchMultiSelect';
import styles from './TaskFields.module.css';
import { isNeeded, serverField, type TaskField, type TaskRules, type TaskValues } from './taskValues';
import type { Task } from './wire';

/** The id of a field's input, for links that lead to it. */
export function inputId(field: TaskField): string {
  return `task-${field}`;
}

/**
 * The fields of a task, as far as `rules` offer them; `fields` says what administrators made of them. `agreementNeeded` says whether the chosen partner works under an agreement; `task` gives the
 * names of what was chosen before, which the look-ups may no longer offer.
 */
export function TaskFields({ values, onChange, onLeave, errors, refused, agreementNeeded, rules, fields, task, focus }: {
  values: TaskValues;
  onChange: (change: Partial<TaskValues>) => void;
  onLeave: (field: TaskField) => void;
  errors: Readonly<Partial<Record<TaskField, string>>>;
  /** What the server said of the fields that administrators added, by `extensions.key`. */
  refused: Readonly<Record<string, readonly string[]>>;
  agreementNeeded: boolean;
  rules: TaskRules;
  fields: RecordFields | undefined;
  task?: Task | undefined;
  /** The field that takes the focus. */
  focus: TaskField;
}) {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const partners = useQuery(lookups.partners(ws));
  const partner = useQuery({ ...partnerQuery(ws, Number(values.partner)), enabled: values.partner !== null && agreementNeeded });
  const agreement = useQuery({ ...agreementQuery(ws, Number(values.agreement)), enabled: values.agreement !== null });
  const allOutputs = useQuery({ ...lookups.outputs(ws), enabled: !agreementNeeded });
  const sections = useQuery(lookups.sections(ws));
  const offices = useQuery(lookups.offices(ws));

  const agreements = (partner.data?.interventions ?? []).map((one) => ({ value: String(one.id), label: [one.number, one.title].filter(Boolean).join(' · ') }));
  const outputs = agreementNeeded
    ? (agreement.data?.result_links ?? []).map((link) => ({ value: String(link.cp_output), label: link.cp_output_name ?? String(link.cp_output) }))
    : (allOutputs.data ?? []).map((output) => ({ value: String(output.id), label: output.result_name ?? String(output.id) }));

  const needed = (field: TaskField) => isNeeded(field, agreementNeeded, rules);
  const named = (field: TaskField, words: string) => `${nameOf(fields, serverField[field], words)} ${t(needed(field) ? 'ui:required' : 'ui:optional')}`;
  const common = (field: TaskField, words: string) => ({
    id: inputId(field),
    label: named(field, words),
    'aria-required': needed(field),
    error: errors[field] as ReactNode,
    'data-autofocus': focus === field || undefined,
    onBlur: () => {
      onLeave(field);
    },
  });
  const choose = { size: 'md', searchable: true, openOnFocus: false, nothingFoundMessage: t('form.noMatch'), maxDropdownHeight: 240 } as const;

  return (
    <div className={styles.fields}>
      <Select
        {...common('partner', t('field.partner'))}
        {...choose}
        value={values.partner}
        placeholder={partners.isPending ? t('ui:loading') : t('form.choose')}
        data={withKnown(
          (partners.data ?? []).map((one) => ({ value: String(one.id), label: one.name })),
          values.partner,
          task?.partner?.name,
        )}
        onChange={(value) => {
          onChange({ partner: value, agreement: null, output: null });
        }}
      />
      {agreementNeeded && rules.offers('agreement') ? (
        <Select
          {...common('agreement', t('field.agreement'))}
          {...choose}
          value={values.agreement}
          disabled={values.partner === null}
          description={values.partner === null ? t('form.agreementFirst') : undefined}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          placeholder={partner.isFetching ? t('ui:loading') : t('form.choose')}
          data={withKnown(agreements, values.agreement, task?.intervention ? [task.intervention.number, task.intervention.title].filter(Boolean).join(' · ') : undefined)}
          onChange={(value) => {
            onChange({ agreement: value, output: null });
          }}
        />
      ) : null}
      {rules.offers('output') ? (
        <Select
          {...common('output', t('field.output'))}
          {...choose}
          clearable
          clearButtonProps={{ 'aria-label': t('form.clear', { field: nameOf(fields, 'cp_output', t('field.output')) }) }}
          value={values.output}
          disabled={agreementNeeded && values.agreement === null}
          placeholder={agreement.isFetching || allOutputs.isFetching ? t('ui:loading') : t('form.choose')}
          data={withKnown(outputs, values.output, task?.cp_output ? (task.cp_output.result_name ?? task.cp_output.name) : undefined)}
          onChange={(value) => {
            onChange({ output: value });
          }}
        />
      ) : null}
      <div className={styles.pair}>
        {rules.offers('section') ? (
          <Select
            {...common('section', t('field.section'))}
            {...choose}
            value={values.section}
            placeholder={t('form.choose')}
            data={withKnown(
              (sections.data ?? []).map((one) => ({ value: String(one.id), label: one.name })),
              values.section,
              task?.section?.name,
            )}
            onChange={(value) => {
              onChange({ section: value });
            }}
          />
        ) : null}
        {rules.offers('date') ? (
          <TextInput
            {...common('date', t('field.date'))}
            type="date"
            size="md"
            value={values.date}
            description={values.date !== '' && values.date < today() ? <span className={styles.warn}>{t('form.past')}</span> : undefined}
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            onChange={(event) => {
              onChange({ date: event.currentTarget.value });
            }}
          />
        ) : null}
      </div>
      {rules.offers('places') ? (
        <SearchMultiSelect
          id={inputId('places')}
          label={named('places', t('field.places'))}
          help={t('form.placesHelp')}
          required
          autoFocus={focus === 'places'}
          value={values.places}
          error={errors.places}
          useChoices={usePlaces}
          onChange={(places) => {
            onChange({ places });
          }}
          onBlur={() => {
            onLeave('places');
          }}
        />
      ) : null}
      {rules.offers('focalPoints') ? (
        <SearchMultiSelect
          id={inputId('focalPoints')}
          label={named('focalPoints', t('field.agencyFocalPoints'))}
          help={t('form.focalHelp')}
          required
          autoFocus={focus === 'focalPoints'}
          value={values.focalPoints}
          error={errors.focalPoints}
          useChoices={usePeople}
          onChange={(focalPoints) => {
            onChange({ focalPoints });
          }}
          onBlur={() => {
            onLeave('focalPoints');
          }}
        />
      ) : null}
      {rules.offers('offices') ? (
        <MultiSelect
          {...common('offices', t('field.offices'))}
          {...choose}
          hidePickedOptions
          value={values.offices}
          data={(offices.data ?? task?.offices ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
          onChange={(chosen) => {
            onChange({ offices: chosen });
          }}
        />
      ) : null}
      {rules.offers('information') ? (
        <Textarea
          {...common('information', t('field.additional'))}
          size="md"
          autosize
          minRows={3}
          maxRows={10}
          value={values.information}
          onChange={(event) => {
            onChange({ information: event.currentTarget.value });
          }}
        />
      ) : null}
      <ExtensionFields
        fields={fields?.written ?? []}
        values={values.extensions}
        refused={refused}
        onChange={(extensions) => {
          onChange({ extensions });
        }}
      />
    </div>
  );
}

interface Option {
  value: string;
  label: string;
}

/** The options with what is chosen, which may have left the look-up since. */
function withKnown(options: Option[], value: string | null, name: string | undefined): Option[] {
  if (value === null || name === undefined || options.some((option) => option.value === value)) return options;
  return [{ value, label: name }, ...options];
}

function usePlaces(search: string): { choices: Choice[]; loading: boolean } {
  const { data, isFetching } = useQuery(lookups.places(useWorkspace(), search));
  return { choices: (data?.results ?? []).map((place) => ({ id: Number(place.id), name: placeName(place) })), loading: isFetching };
}

function usePeople(search: string): { choices: Choice[]; loading: boolean } {
  const { data, isFetching } = useQuery(lookups.contacts(useWorkspace(), search));
  return { choices: (data?.results ?? []).map((person) => ({ id: person.id, name: person.name })), loading: isFetching };
}
