import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './RequestNumber.module.css';

/** The number under which an operator finds a request in the log, ready to copy. */
export function RequestNumber({ id }: { id: string }) {
  const { t } = useTranslation('ui');
  return (
    <span className={styles.number}>
      <span className="reference">{id}</span>
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('copied') : t('copyNumber')}>
            <ActionIcon size={24} onClick={copy} aria-label={copied ? t('copied') : t('copyNumber')}>
              {copied ? <IconCheck size={15} stroke={1.8} /> : <IconCopy size={15} stroke={1.8} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  );
}
