import { ActionIcon } from '@mantine/core';
import { IconLink, IconUnlink } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { useToast } from '../../ui/useToast';
import { documentAddress, documentKeys, type DocumentLink, unlinkDocument } from './documentQueries';
import styles from './DocumentShelf.module.css';

/** Documents that are kept elsewhere and shown with a task. */
export function DocumentLinks({ visit, links, number, removable }: { visit: number; links: readonly DocumentLink[]; number: string; removable: boolean }) {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const client = useQueryClient();
  const toast = useToast();
  const [removing, setRemoving] = useState<DocumentLink>();
  const nameOf = (link: DocumentLink) => link.filename || link.url;
  const unlink = useMutation({
    mutationFn: (link: DocumentLink) => unlinkDocument(ws, link.id),
    onSuccess: async (_, link) => {
      await client.invalidateQueries({ queryKey: documentKeys.links(ws, visit) });
      toast.success({ title: t('documents.unlinked', { name: nameOf(link), number }) });
      setRemoving(undefined);
    },
  });
  return (
    <ul className={styles.list} aria-label={t('documents.linkedTo', { number })}>
      {links.map((link) => (
        <li key={link.id} className={styles.row}>
          <IconLink size={17} stroke={1.7} className={styles.icon} aria-hidden />
          <span className={styles.words}>
            <a className={styles.name} href={documentAddress(link.url, ws)} target="_blank" rel="noreferrer">
              <bdi>{nameOf(link)}</bdi>
            </a>
            <span className={styles.meta}>{t('documents.linked')}</span>
          </span>
          <span className={styles.type}>{link.file_type}</span>
          <span className={styles.buttons}>
            {removable ? (
              <ActionIcon
                aria-label={t('documents.unlinkNamed', { name: nameOf(link) })}
                onClick={() => {
                  unlink.reset();
                  setRemoving(link);
                }}
              >
                <IconUnlink size={16} stroke={1.7} />
              </ActionIcon>
            ) : null}
          </span>
        </li>
      ))}
      {removing === undefined ? null : (
        <ConfirmDialog
          opened
          onClose={() => {
            setRemoving(undefined);
          }}
          onConfirm={() => {
            unlink.mutate(removing);
          }}
          title={t('documents.unlinkTitle', { name: nameOf(removing) })}
          confirm={t('documents.unlink')}
          danger
          busy={unlink.isPending}
          error={unlink.error}
        >
          {t('documents.unlinkText', { number })}
        </ConfirmDialog>
      )}
    </ul>
  );
}
