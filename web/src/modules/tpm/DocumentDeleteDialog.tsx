import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { useToast } from '../../ui/useToast';
import { dependentKeys, type Holder } from './documentHolder';
import { deleteDocument, type DocumentList, type StoredDocument } from './documentQueries';

/** Asks before a document is deleted, naming it. */
export function DocumentDeleteDialog({ holder, list, document, onClose }: { holder: Holder; list: DocumentList; document: StoredDocument; onClose: () => void }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const toast = useToast();
  const ws = useWorkspace();
  const client = useQueryClient();
  const name = document.filename || document.hyperlink;
  const remove = useMutation({
    mutationFn: () => deleteDocument(ws, holder, list, document.id),
    onSuccess: async () => {
      toast.success({ title: t('document.deleted', { name }) });
      await Promise.all(dependentKeys(ws, holder).map((queryKey) => client.invalidateQueries({ queryKey })));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => {
        remove.mutate();
      }}
      title={t('document.deleteTitle', { name })}
      confirm={t('document.delete')}
      facts={t('document.added', { date: formats.instant(document.created) })}
      danger
      busy={remove.isPending}
      error={remove.error}
    >
      {t('document.deleteText')}
    </ConfirmDialog>
  );
}
