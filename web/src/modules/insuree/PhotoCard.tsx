import { Button, FileButton } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { newKey } from '../../api/client';
import { useFormats } from '../../i18n/useFormats';
import { useSession } from '../../kit/session';
import { Card } from '../../ui/Card';
import { Note } from '../../ui/Note';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { refusalsOf } from '../../kit/form';
import { fullName } from './names';
import styles from './PhotoCard.module.css';
import { pictures } from './PhotoField';
import { Portrait } from './Portrait';
import { keys, setPhoto } from './queries';
import type { Insuree } from './wire';

/** The photo of an insuree, when it was taken, and how to set another one from a file. */
export function PhotoCard({ insuree }: { insuree: Insuree }) {
  const { t } = useTranslation('insuree');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const client = useQueryClient();
  const toast = useToast();
  const errorText = useErrorText();
  const set = useMutation({
    mutationFn: (file: File) => setPhoto(ws, insuree.id, file, newKey()),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.all(ws) });
      toast.success({ title: t('photo.done', { name: fullName(insuree) }) });
    },
  });
  const said = refusalsOf(set.error, []).others;
  return (
    <Card title={t('photo.title')}>
      <div className={styles.photo}>
        <Portrait key={insuree.version} person={insuree} version={insuree.photo === null ? undefined : insuree.version} size={132} named />
        <p className={styles.when}>{insuree.photo_date === null ? t('photo.none') : t('photo.taken', { day: formats.date(insuree.photo_date) })}</p>
        {session.menu.includes('insuree.insurees.change') ? (
          <FileButton
            accept={pictures}
            onChange={(file) => {
              if (file !== null) set.mutate(file);
            }}
          >
            {(props) => (
              <Button {...props} variant="default" loading={set.isPending} leftSection={<IconCamera size={16} stroke={1.7} />}>
                {t(insuree.photo === null ? 'photo.choose' : 'photo.other')}
              </Button>
            )}
          </FileButton>
        ) : null}
      </div>
      {set.isError ? (
        <Note tone="danger" role="alert" title={t('photo.failed')}>
          {said.length > 0 ? said.join(' ') : errorText(set.error).text}
        </Note>
      ) : null}
    </Card>
  );
}
