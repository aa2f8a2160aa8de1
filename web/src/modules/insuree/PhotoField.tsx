import { Button, FileButton } from '@mantine/core';
import { IconCamera, IconX } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './PhotoField.module.css';

/** The kinds of pictures that can be a photo. */
export const pictures = 'image/jpeg,image/png,image/webp,image/gif';

/** Chooses a picture of a new insuree from a file, or on phones from the camera, and shows it. */
export function PhotoField({ file, onChange }: { file: File | undefined; onChange: (file: File | undefined) => void }) {
  const { t } = useTranslation('insuree');
  const address = useMemo(() => (file === undefined ? undefined : URL.createObjectURL(file)), [file]);
  useEffect(
    () => () => {
      if (address !== undefined) URL.revokeObjectURL(address);
    },
    [address],
  );
  return (
    <div className={styles.field}>
      {address === undefined ? (
        <span className={styles.frame} aria-hidden>
          <IconCamera size={26} stroke={1.5} />
        </span>
      ) : (
        <img className={styles.frame} src={address} alt={t('photo.chosen')} />
      )}
      <span className={styles.buttons}>
        <FileButton
          accept={pictures}
          onChange={(chosen) => {
            if (chosen !== null) onChange(chosen);
          }}
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconCamera size={16} stroke={1.7} />}>
              {t(file === undefined ? 'photo.choose' : 'photo.other')}
            </Button>
          )}
        </FileButton>
        {file === undefined ? null : (
          <Button
            variant="subtle"
            leftSection={<IconX size={15} stroke={1.8} />}
            onClick={() => {
              onChange(undefined);
            }}
          >
            {t('photo.without')}
          </Button>
        )}
        <span className={styles.help}>{t('photo.help')}</span>
      </span>
    </div>
  );
}
