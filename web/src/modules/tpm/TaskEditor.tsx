import { Button } from '@mantine/core';
import { IconCopy, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/ApiError';
import { useSession } from '../../kit/session';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { FoundDraft } from '../../kit/FoundDraft';
import { useDraft } from '../../kit/useDraft';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { ErrorSummary, type FormTrouble } from '../../ui/ErrorSummary';
import { Note } from '../../ui/Note';
import { SidePanel } from '../../ui/SidePanel';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { ConflictNote } from './ConflictNote';
import { DeleteTaskDialog } from './DeleteTaskDialog';
import { taskNumber } from './names';
import { paths } from './paths';
import { lookups, visitFieldsQuery } from './queries';
import styles from './TaskEditor.module.css';
import { inputId, TaskFields } from './TaskFields';
import { emptyTask, fieldOf, missingFields, needsAgreement, newTaskInput, sameTask, serverField, type TaskField, taskInput, type TaskRules, type TaskValues, valuesOf } from './taskValues';
import { taskRights } from './useVisit';
import { useVisitEdit } from './useVisitEdit';
import type { Task, Visit } from './wire';

type Errors = Partial<Record<TaskField, string>>;
type Refused = Readonly<Record<string, readonly string[]>>;

/**
 * The panel in which a task is added or changed. It closes when saved; what is typed survives a refusal, a conflict and
 * leaving by accident. `copyOf` fills a new task with what another one says.
 */
export function TaskEditor({ visit, task, copyOf }: { visit: Visit; task?: Task; copyOf?: Task | undefined }) {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const ref = useParam('ref');
  const session = useSession();
  const navigate = useNavigate();
  const toast = useToast();
  const errorText = useErrorText();
  const form = useId();
  const search: unknown = useSearch({ strict: false });

  // A copy differs from the blank form from the start, yet nothing of it is the reader's own work.
  const [base, setBase] = useState<TaskValues>(() => (task ? valuesOf(task) : copyOf ? valuesOf(copyOf) : emptyTask));
  const [values, setValues] = useState(base);
  const [errors, setErrors] = useState<Errors>({});
  const [refused, setRefused] = useState<Refused>({});
  const [general, setGeneral] = useState<string[]>([]);
  const [summary, setSummary] = useState<FormTrouble[]>([]);
  const [deleting, setDeleting] = useState(false);
  const edit = useVisitEdit(visit);
  const dirty = !sameTask(base, values);
  const draft = useDraft<TaskValues>([session.user.id, ws, 'visit', visit.id, 'task', task?.id ?? 'new'].join('.'), values, dirty);

  const { data: partners } = useQuery(lookups.partners(ws));
  const type = partners?.find((one) => String(one.id) === values.partner)?.partner_type;
  // Before the partner's type is known, a task that has no agreement is taken for one that needs none.
  const agreementNeeded = type === undefined ? values.partner === null || values.agreement !== null : needsAgreement(type);

  const rights = taskRights(visit);
  const fields = useQuery(visitFieldsQuery(ws, visit.id)).data?.items.tpm_activities;
  const rules: TaskRules = { offers: (field) => rights.may(serverField[field]) === 'write', requires: (field) => fields?.own[serverField[field]]?.required === true };

  const index = visit.tpm_activities?.findIndex((one) => one.id === task?.id) ?? -1;
  const title = task ? t('task.title', { number: taskNumber(index) }) : t('task.new');

  function close() {
    void navigate({ to: paths.tasks(ws, ref) });
  }

  function closeSaved() {
    draft.forget();
    void navigate({ to: paths.tasks(ws, ref), ignoreBlocker: true });
  }

  function change(part: Partial<TaskValues>) {
    setValues((before) => ({ ...before, ...part }));
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in part))));
    if (part.extensions) setRefused({});
  }

  function message(field: TaskField): string {
    return t(`form.missing.${field}`);
  }

  function leave(field: TaskField) {
    if (missingFields(values, agreementNeeded, rules).includes(field)) setErrors((before) => ({ ...before, [field]: message(field) }));
  }

  function show(found: Errors, others: string[], further: Refused = {}) {
    setErrors(found);
    setRefused(further);
    setGeneral(others);
    const troubles = (Object.entries(found) as [TaskField, string][]).map(([field, text]) => ({ fieldId: inputId(field), message: text })); // the record's own keys
    setSummary(troubles.length > 1 ? troubles : []);
    if (troubles.length === 1) document.getElementById(troubles[0]?.fieldId ?? '')?.focus();
  }

  async function save(another: boolean, version?: number) {
    const missing = missingFields(values, agreementNeeded, rules);
    if (missing.length > 0) {
      show(Object.fromEntries(missing.map((field) => [field, message(field)])), []);
      return;
    }
    if (task && !dirty) {
      closeSaved();
      return;
    }
    setGeneral([]);
    setSummary([]);
    const item = task ? { id: task.id, ...taskInput(base, values) } : newTaskInput(values);
    const saved = await edit.save({ tpm_activities: [item] }, version);
    if (saved === undefined) return;
    toast.success({ title: t(task ? 'task.saved' : 'task.added', { reference: visit.reference_number }) });
    if (!another) {
      closeSaved();
      return;
    }
    draft.forget();
    setBase(emptyTask);
    setValues(emptyTask);
    setErrors({});
    document.getElementById(inputId('partner'))?.focus();
  }

  // What the server refused lands on its field once, when the answer arrives.
  const [shown, setShown] = useState<unknown>(null);
  if (edit.error !== shown) {
    setShown(edit.error);
    if (edit.error !== null) {
      const { found, others, further } = refusals(edit.error, errorText(edit.error).text);
      show(found, others, further);
    }
  }

  const { conflict } = edit;
  const { remove } = rights;
  return (
    <>
      <SidePanel
        title={title}
        dirty={dirty}
        onClose={close}
        foot={
          <div className={styles.foot}>
            {task ? (
              <span className={styles.start}>
                {remove ? (
                  <Button
                    variant="danger"
                    leftSection={<IconTrash size={16} stroke={1.7} />}
                    onClick={() => {
                      setDeleting(true);
                    }}
                  >
                    {t('task.remove')}
                  </Button>
                ) : null}
                <Button
                  variant="subtle"
                  leftSection={<IconCopy size={16} stroke={1.7} />}
                  onClick={() => {
                    void navigate({ to: paths.tasks(ws, ref).concat('/new'), search: { copy: task.id } });
                  }}
                >
                  {t('task.copy')}
                </Button>
              </span>
            ) : (
              <span className={styles.start}>
                <Button variant="subtle" disabled={edit.saving} onClick={() => void save(true)}>
                  {t('task.saveAnother')}
                </Button>
              </span>
            )}
            <Button variant="default" onClick={close} disabled={edit.saving}>
              {t('ui:cancel')}
            </Button>
            <Button type="submit" form={form} loading={edit.saving}>
              {t('task.save')}
            </Button>
          </div>
        }
      >
        <form
          id={form}
          noValidate
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            void save(false);
          }}
        >
          {draft.found && !dirty ? (
            <FoundDraft
              at={draft.found.at}
              onTake={() => {
                if (draft.found) setValues({ ...emptyTask, ...draft.found.values });
              }}
              onDrop={draft.forget}
            />
          ) : null}
          {conflict ? (
            <ConflictNote
              conflict={conflict}
              busy={edit.saving}
              onOverwrite={() => void save(false, conflict.visit.version)}
              onDiscard={() => {
                const theirs = conflict.visit.tpm_activities?.find((one) => one.id === task?.id);
                draft.forget();
                edit.rebase(conflict.visit);
                if (task && theirs === undefined) {
                  closeSaved();
                  return;
                }
                const next = theirs ? valuesOf(theirs) : emptyTask;
                setBase(next);
                setValues(next);
              }}
            />
          ) : null}
          <ErrorSummary troubles={summary} />
          {general.map((text) => (
            <Note key={text} tone="danger" role="alert">
              {text}
            </Note>
          ))}
          {copyOf && !task ? <Note tone="info">{t('task.copied')}</Note> : null}
          <TaskFields values={values} onChange={change} onLeave={leave} errors={errors} refused={refused} agreementNeeded={agreementNeeded} rules={rules} fields={fields} task={task ?? copyOf} focus={focusIn(search)} />
        </form>
      </SidePanel>
      {task ? (
        <DeleteTaskDialog
          visit={visit}
          task={task}
          number={taskNumber(index)}
          opened={deleting}
          onClose={() => {
            setDeleting(false);
          }}
          onDeleted={closeSaved}
        />
      ) : null}
      <UnsavedGuard dirty={dirty} keep={draft.keep} discard={draft.forget} />
    </>
  );
}

function focusIn(search: unknown): TaskField {
  const field = typeof search === 'object' && search !== null && 'field' in search ? search.field : undefined;
  return (typeof field === 'string' ? fieldOf[field] : undefined) ?? 'partner';
}

/** What the server said of the one task that was sent, by field; the rest belongs to no field. */
function refusals(error: unknown, otherwise: string): { found: Errors; others: string[]; further: Refused } {
  if (!(error instanceof ApiError) || Object.keys(error.fields).length === 0) return { found: {}, others: [otherwise], further: {} };
  const found: Errors = {};
  const others: string[] = [];
  const further: Record<string, readonly string[]> = {};
  for (const [path, texts] of Object.entries(error.fields)) {
    const at = path.replace(/^tpm_activities\.0\./, '');
    const field = fieldOf[/^\w+/.exec(at)?.[0] ?? ''];
    if (at !== path && field) found[field] = texts[0] ?? otherwise;
    else if (at !== path && at.startsWith('extensions.')) further[at] = texts;
    else others.push(texts[0] ?? otherwise);
  }
  return { found, others, further };
}
