import { useTranslation } from 'react-i18next';
import { CommentDialog } from '../../ui/CommentDialog';
import styles from './MoveDialog.module.css';
import { SendBackReasons } from './SendBackReasons';
import type { Visit } from './wire';

/** Asks what has to be corrected before a report goes back, with what was asked before below. */
export function SendBackDialog({ visit, facts, busy, error, onClose, onMake }: {
  visit: Visit;
  facts: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onMake: (input: Readonly<Record<string, unknown>>) => void;
}) {
  const { t } = useTranslation('tpm');
  const older = [...(visit.report_reject_comments ?? [])].sort((a, b) => b.id - a.id);
  return (
    <CommentDialog
      opened
      onClose={onClose}
      onConfirm={(words) => {
        onMake({ reject_comment: words });
      }}
      title={t('move.reject_report.title', { reference: visit.reference_number })}
      confirm={t('move.reject_report.confirm')}
      label={t('move.reject_report.comment')}
      help={t('move.reject_report.help', { firm: visit.tpm_partner?.name ?? '' })}
      facts={facts}
      tone="warn"
      busy={busy}
      error={error}
    >
      {older.length === 0 ? null : (
        <section>
          <h3 className={styles.head}>{t('sendBack.before')}</h3>
          <SendBackReasons reasons={older} />
        </section>
      )}
    </CommentDialog>
  );
}
