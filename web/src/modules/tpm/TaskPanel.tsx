import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { nameOf } from '../../kit/extensions';
import { useExtensionText } from '../../kit/useExtensionText';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { EmptyState } from '../../ui/EmptyState';
import { SidePanel } from '../../ui/SidePanel';
import { placeName, taskNumber } from './names';
import { paths } from './paths';
import { visitFieldsQuery } from './queries';
import { TaskEditor } from './TaskEditor';
import styles from './TaskPanel.module.css';
import { taskRights, useVisit } from './useVisit';
import type { Task, Visit } from './wire';

/** A task beside the list: to change for whoever may, else to read. */
export default function TaskPanel() {
  const visit = useVisit();
  const id = Number(useParam('task'));
  const index = visit.tpm_activities?.findIndex((task) => task.id === id) ?? -1;
  const task = visit.tpm_activities?.[index];
  if (task === undefined) return <Gone />;
  return taskRights(visit).may('partner') === 'write' ? <TaskEditor key={id} visit={visit} task={task} /> : <Details visit={visit} task={task} number={taskNumber(index)} />;
}

function useClose() {
  const ws = useWorkspace();
  const ref = useParam('ref');
  const navigate = useNavigate();
  return () => {
    void navigate({ to: paths.tasks(ws, ref) });
  };
}

function Gone() {
  const { t } = useTranslation('tpm');
  return (
    <SidePanel title={t('task.gone')} onClose={useClose()}>
      <EmptyState drawing="lost" title={t('task.goneTitle')}>
        {t('task.goneText')}
      </EmptyState>
    </SidePanel>
  );
}

function Details({ visit, task, number }: { visit: Visit; task: Task; number: string }) {
  const { t } = useTranslation('tpm');
  const fields = useQuery(visitFieldsQuery(useWorkspace(), visit.id)).data?.items.tpm_activities;
  const textOf = useExtensionText();
  const formats = useFormats();
  const names = (list: readonly string[] | undefined) => (list === undefined ? undefined : list.length > 0 ? formats.list(list) : '–');
  const agreement = task.intervention === undefined ? undefined : task.intervention === null ? t('tasks.noAgreement') : [task.intervention.number, task.intervention.title].filter(Boolean).join(' · ');
  const facts: [string, ReactNode][] = [
    [nameOf(fields, 'partner', t('field.partner')), task.partner?.name],
    [nameOf(fields, 'intervention', t('field.agreement')), agreement],
    [nameOf(fields, 'cp_output', t('field.output')), task.cp_output === undefined ? undefined : (task.cp_output?.result_name ?? '–')],
    [nameOf(fields, 'section', t('field.section')), task.section?.name],
    [nameOf(fields, 'date', t('field.date')), task.date === undefined ? undefined : formats.date(task.date)],
    [nameOf(fields, 'locations', t('field.places')), names(task.locations?.map(placeName))],
    [nameOf(fields, 'unicef_focal_points', t('field.agencyFocalPoints')), names(task.unicef_focal_points?.map((person) => person.name))],
    [nameOf(fields, 'offices', t('field.offices')), names(task.offices?.map((office) => office.name))],
    [nameOf(fields, 'additional_information', t('field.additional')), task.additional_information === undefined ? undefined : task.additional_information || '–'],
    ...(task.extensions === undefined ? [] : (fields?.shown ?? []).map((field): [string, ReactNode] => [field.label, textOf(field, task.extensions?.[field.key])])),
  ];
  return (
    <SidePanel title={t('task.title', { number })} onClose={useClose()}>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
      </dl>
    </SidePanel>
  );
}
