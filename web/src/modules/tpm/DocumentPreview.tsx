import { ActionIcon, Button, Modal, useDirection } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { Note } from '../../ui/Note';
import styles from './DocumentPreview.module.css';
import { type Preview, shownAt, stepTo } from './previews';
import { usePhone } from './usePhone';

/** Shows one of several documents large, with the way to the others. `shown` stays when it closes, so that it does not fade out empty. */
export function DocumentPreview({ opened, previews, shown, onShow, onClose }: { opened: boolean; previews: readonly Preview[]; shown: number | undefined; onShow: (key: number) => void; onClose: () => void }) {
  const { t } = useTranslation('tpm');
  const { t: ui } = useTranslation('ui');
  const formats = useFormats();
  const phone = usePhone();
  const { dir } = useDirection();
  const at = previews.findIndex(({ key }) => key === shown);
  const preview = previews[at];

  function go(to: number) {
    const next = previews[to];
    if (next !== undefined && to !== at) onShow(next.key);
  }

  return (
    <Modal
      opened={opened && preview !== undefined}
      onClose={onClose}
      title={preview === undefined ? null : <bdi className={styles.title}>{preview.name}</bdi>}
      size={1080}
      fullScreen={phone}
      classNames={{ content: styles.sheet, body: styles.body }}
      attributes={{ header: { role: 'none' } }}
      closeButtonProps={{ 'aria-label': ui('close') }}
      onKeyDown={(event) => {
        go(stepTo(event.key, at, previews.length, dir));
      }}
    >
      {preview === undefined ? null : (
        <>
          <p className={styles.facts}>
            {preview.by === null ? null : <bdi>{`${preview.by.first_name} ${preview.by.last_name}`.trim() || preview.by.email}</bdi>}
            {preview.by === null ? null : ' · '}
            <bdi>{formats.instant(preview.at)}</bdi>
          </p>
          <Shown key={preview.key} preview={preview} />
          <div className={styles.foot}>
            {previews.length < 2 ? null : (
              <div className={styles.steps}>
                <ActionIcon
                  variant="default"
                  size="lg"
                  className={styles.mirrored}
                  aria-label={t('preview.previous')}
                  aria-disabled={at === 0}
                  onClick={() => {
                    go(at - 1);
                  }}
                >
                  <IconChevronLeft size={17} stroke={1.8} />
                </ActionIcon>
                <ActionIcon
                  variant="default"
                  size="lg"
                  className={styles.mirrored}
                  aria-label={t('preview.next')}
                  aria-disabled={at === previews.length - 1}
                  onClick={() => {
                    go(at + 1);
                  }}
                >
                  <IconChevronRight size={17} stroke={1.8} />
                </ActionIcon>
                <span className={styles.place} aria-live="polite">
                  {t('preview.place', { at: formats.number(at + 1), all: formats.number(previews.length) })}
                </span>
              </div>
            )}
            <Button component="a" href={preview.address} download={preview.name} variant="default" size="md" className={styles.save} leftSection={<IconDownload size={16} stroke={1.7} />}>
              {t('preview.download')}
            </Button>
          </div>
        </>
      )}
    </Modal>
  );
}

function Shown({ preview }: { preview: Preview }) {
  const { t } = useTranslation('tpm');
  const [state, setState] = useState<'loading' | 'there' | 'failed'>('loading');
  if (state === 'failed') {
    return (
      <div className={styles.stage}>
        <Note tone="danger" role="alert" title={t('preview.failed')}>
          {t('preview.failedText')}
        </Note>
      </div>
    );
  }
  return (
    <div className={styles.stage} aria-busy={state === 'loading'}>
      {preview.kind === 'pdf' ? (
        <iframe className={styles.pages} src={shownAt(preview.address)} title={preview.name} />
      ) : (
        <img
          className={styles.picture}
          src={shownAt(preview.address)}
          alt={preview.name}
          data-there={state === 'there' || undefined}
          onLoad={() => {
            setState('there');
          }}
          onError={() => {
            setState('failed');
          }}
        />
      )}
    </div>
  );
}
