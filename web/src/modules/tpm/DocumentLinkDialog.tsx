import { Button, Checkbox } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { Dialog } from '../../ui/Dialog';
import { ErrorState } from '../../ui/ErrorState';
import { Note } from '../../ui/Note';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { documentKeys, linkDocuments, partnerDocumentsQuery } from './documentQueries';
import type { Task } from './wire';

/** Chooses from the documents of a task's partner those that shall show on the task. */
export function DocumentLinkDialog({ visit, task, number, linked, onClose }: { visit: number; task: Task; number: string; linked: readonly number[]; onClose: () => void }) {
  const { t } = useTranslation('tpm');
  const { t: ui } = useTranslation('ui');
  const errorText = useErrorText();
  const toast = useToast();
  const ws = useWorkspace();
  const client = useQueryClient();
  const partner = task.partner?.name ?? '';
  const found = useQuery(partnerDocumentsQuery(ws, partner));
  const [chosen, setChosen] = useState<string[]>([]);
  const offered = found.data?.filter(({ id }) => !linked.includes(id)) ?? [];
  const link = useMutation({
    mutationFn: () => linkDocuments(ws, task.id, chosen.map(Number)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: documentKeys.links(ws, visit) });
      toast.success({ title: t('documents.linkDone', { number }) });
      onClose();
    },
  });
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('documents.linkTitle', { number })}
      facts={<bdi>{partner}</bdi>}
      size={560}
      busy={link.isPending}
      buttons={
        <>
          <Button variant="default" size="md" onClick={onClose} disabled={link.isPending}>
            {ui('cancel')}
          </Button>
          <Button
            size="md"
            disabled={chosen.length === 0}
            loading={link.isPending}
            onClick={() => {
              link.mutate();
            }}
          >
            {t('documents.link')}
          </Button>
        </>
      }
    >
      {found.isPending ? <SkeletonRows rows={3} /> : null}
      {found.isError ? <ErrorState error={found.error} level={3} onRetry={() => void found.refetch()} retrying={found.isFetching} /> : null}
      {found.isSuccess && offered.length === 0 ? <p>{t('documents.nothingToLink')}</p> : null}
      {offered.length === 0 ? null : (
        <Checkbox.Group label={t('documents.choose')} value={chosen} onChange={setChosen}>
          {offered.map((document) => (
            <Checkbox
              key={document.id}
              mt={10}
              value={String(document.id)}
              label={<bdi>{document.filename}</bdi>}
              description={[document.file_type, document.pd_ssfa_number ?? document.agreement_reference_number].filter(Boolean).join(' · ')}
            />
          ))}
        </Checkbox.Group>
      )}
      {link.error ? (
        <Note tone="danger" role="alert" title={errorText(link.error).title}>
          {errorText(link.error).text}
        </Note>
      ) : null}
    </Dialog>
  );
}
