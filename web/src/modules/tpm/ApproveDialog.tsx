import { Button, Checkbox, Textarea } from '@mantine/core';
import { IconCheck, IconUserCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { useSession } from '../../kit/session';
import { Dialog } from '../../ui/Dialog';
import { Note } from '../../ui/Note';
import { Segmented } from '../../ui/Segmented';
import { useErrorText } from '../../ui/useErrorText';
import styles from './ApproveDialog.module.css';
import { placeName, staffName, taskNumber } from './names';
import type { Visit } from './wire';

/**
 * Asks before a report is approved: which tasks count as programmatic visits, what to say, and who is told by mail. What
 * is not ticked is sent as no: the server takes silence for yes.
 */
export function ApproveDialog({ visit, facts, busy, error, onClose, onMake }: {
  visit: Visit;
  facts: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onMake: (input: Readonly<Record<string, unknown>>) => void;
}) {
  const { t } = useTranslation('tpm');
  const { t: ui } = useTranslation('ui');
  const formats = useFormats();
  const errorText = useErrorText();
  const session = useSession();
  const tasks = (visit.tpm_activities ?? []).map((task, index) => ({ task, number: taskNumber(index) })).filter(({ task }) => task.pv_applicable === true);
  const [counting, setCounting] = useState<ReadonlySet<number>>(() => new Set(tasks.filter(({ task }) => task.is_pv === true).map(({ task }) => task.id)));
  const [comment, setComment] = useState('');
  const [tellAgency, setTellAgency] = useState(true);
  const [tellFirm, setTellFirm] = useState(true);
  const names = (list: readonly string[]) => (list.length === 0 ? t('approve.nobody') : formats.list(list));
  const own = visit.unicef_focal_points?.some(({ id }) => id === session.user.id) === true;

  function count(task: number, yes: boolean) {
    setCounting((before) => new Set(yes ? [...before, task] : [...before].filter((id) => id !== task)));
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('move.approve.title', { reference: visit.reference_number })}
      facts={facts}
      hint={
        <>
          <IconUserCheck size={15} stroke={1.7} aria-hidden /> {t(own ? 'approve.ownTask' : 'approve.fourEyes')}
        </>
      }
      size={760}
      busy={busy}
      buttons={
        <>
          <Button variant="default" size="md" onClick={onClose} disabled={busy}>
            {ui('cancel')}
          </Button>
          <Button
            size="md"
            leftSection={<IconCheck size={16} stroke={1.8} />}
            loading={busy}
            onClick={() => {
              const words = comment.trim();
              onMake({
                mark_as_programmatic_visit: [...counting],
                notify_focal_point: tellAgency,
                notify_tpm_partner: tellFirm,
                // An empty comment is none: the server refuses blank ones.
                ...(words === '' ? {} : { approval_comment: words }),
              });
            }}
          >
            {t('move.approve.confirm')}
          </Button>
        </>
      }
    >
      <section>
        <div className={styles.head}>
          <h3 className={styles.title}>{t('approve.which')}</h3>
          {tasks.length > 0 ? (
            <span className={styles.count} aria-live="polite">
              {t('approve.marked', { marked: counting.size, all: tasks.length })}
            </span>
          ) : null}
        </div>
        <p className={styles.quiet}>{t(tasks.length > 0 ? 'approve.what' : 'approve.none')}</p>
      </section>
      {tasks.length === 0 ? null : (
        <div className={styles.frame}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('field.number')}</th>
                <th scope="col">{t('field.partner')}</th>
                <th scope="col">{t('approve.counts')}</th>
              </tr>
            </thead>
            <tbody>
              {tasks.map(({ task, number }) => (
                <tr key={task.id}>
                  <td>
                    <bdi dir="ltr">{number}</bdi>
                  </td>
                  <td>
                    <bdi className={styles.strong}>{task.partner?.name ?? '–'}</bdi>
                    <span className={styles.quiet}>
                      {task.locations?.length ? <bdi>{task.locations.map(placeName).join(', ')}</bdi> : null} {task.date ? <bdi>{formats.date(task.date)}</bdi> : null}
                    </span>
                  </td>
                  <td>
                    {task.is_pv === true ? (
                      t('approve.marksStay')
                    ) : (
                      <Segmented
                        label={t('approve.countsNamed', { number })}
                        value={counting.has(task.id) ? 'yes' : 'no'}
                        onChange={(value) => {
                          count(task.id, value === 'yes');
                        }}
                        options={[
                          { value: 'yes', label: t('approve.counts'), yes: true },
                          { value: 'no', label: t('approve.doesNot') },
                        ]}
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className={styles.two}>
        <Textarea
          label={`${t('approve.comment')} ${ui('optional')}`}
          description={t('approve.commentHelp')}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          value={comment}
          autosize
          minRows={3}
          maxRows={8}
          maxLength={4000}
          onChange={(event) => {
            setComment(event.currentTarget.value);
          }}
        />
        <fieldset className={styles.mails}>
          <legend>{t('approve.tell')}</legend>
          <Checkbox
            label={t('field.agencyFocalPoints')}
            description={names((visit.unicef_focal_points ?? []).map(({ name }) => name))}
            checked={tellAgency}
            onChange={(event) => {
              setTellAgency(event.currentTarget.checked);
            }}
          />
          <Checkbox
            label={t('field.firmFocalPoints')}
            description={names((visit.tpm_partner_focal_points ?? []).map(staffName))}
            checked={tellFirm}
            onChange={(event) => {
              setTellFirm(event.currentTarget.checked);
            }}
          />
        </fieldset>
      </div>
      <Note tone="info">{t('approve.reminder')}</Note>
      {error ? (
        <Note tone="danger" role="alert" title={errorText(error).title}>
          {errorText(error).text}
        </Note>
      ) : null}
    </Dialog>
  );
}
