import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';
import { Note } from '../../ui/Note';
import { SendBackReasons } from './SendBackReasons';
import type { Visit } from './wire';

/** Why the report was sent back, while it is being corrected, with the way to older reasons. */
export function SendBackNote({ visit }: { visit: Visit }) {
  const { t } = useTranslation('tpm');
  const { t: ui } = useTranslation('ui');
  const [all, setAll] = useState(false);
  const reasons = [...(visit.report_reject_comments ?? [])].sort((a, b) => b.id - a.id);
  const [latest] = reasons;
  if (visit.status !== 'tpm_report_rejected' || latest === undefined) return null;
  const close = () => {
    setAll(false);
  };
  return (
    <Note
      tone="warn"
      title={t('banner.sentBack')}
      end={
        reasons.length > 1 ? (
          <Button
            variant="subtle"
            size="xs"
            onClick={() => {
              setAll(true);
            }}
          >
            {t('sendBack.older', { total: reasons.length - 1 })}
          </Button>
        ) : undefined
      }
    >
      <bdi>{latest.reject_reason}</bdi>
      <Dialog
        opened={all}
        onClose={close}
        title={t('sendBack.all')}
        size={560}
        buttons={
          <Button size="md" variant="default" onClick={close}>
            {ui('close')}
          </Button>
        }
      >
        <SendBackReasons reasons={reasons} />
      </Dialog>
    </Note>
  );
}
