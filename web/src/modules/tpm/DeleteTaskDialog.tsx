import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { useToast } from '../../ui/useToast';
import { placeName } from './names';
import { useVisitEdit } from './useVisitEdit';
import type { Task, Visit } from './wire';

/** Asks before a task is removed, naming it. */
export function DeleteTaskDialog({ visit, task, number, opened, onClose, onDeleted }: {
  visit: Visit;
  task: Task;
  number: string;
  opened: boolean;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const toast = useToast();
  const edit = useVisitEdit(visit);
  const facts = [task.partner?.name, task.locations?.map(placeName).join(', '), task.date ? formats.date(task.date) : undefined].filter(Boolean).join(' · ');

  async function remove() {
    const saved = await edit.save({ tpm_activities: [{ id: task.id, _delete: true }] }, edit.conflict?.visit.version);
    if (saved === undefined) return;
    toast.success({ title: t('task.removed', { number }) });
    onDeleted();
  }

  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      onConfirm={() => void remove()}
      title={t('task.removeTitle', { number })}
      confirm={t('task.remove')}
      facts={facts}
      danger
      busy={edit.saving}
      error={edit.error}
    >
      {edit.conflict ? t('task.removeConflict') : t('task.removeText')}
    </ConfirmDialog>
  );
}
