import { Button, Textarea } from '@mantine/core';
import { type ReactNode, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './Dialog';
import { Note } from './Note';
import { useErrorText } from './useErrorText';

/**
 * A decision that goes out with words, such as sending a report back. The comment is required unless `optional`; an
 * empty one is refused here, before any request. What was typed stays when the server refuses.
 */
export function CommentDialog({ opened, onClose, onConfirm, title, confirm, label, help, facts, hint, optional = false, tone = 'filled', busy = false, error, maxLength = 4000, children }: {
  opened: boolean;
  onClose: () => void;
  onConfirm: (comment: string) => void;
  title: ReactNode;
  confirm: string;
  label: string;
  help?: string;
  facts?: ReactNode;
  hint?: ReactNode;
  optional?: boolean;
  tone?: 'filled' | 'warn' | 'danger';
  busy?: boolean;
  error?: unknown;
  maxLength?: number;
  children?: ReactNode;
}) {
  const { t } = useTranslation('ui');
  const errorText = useErrorText();
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const form = useId();

  function submit() {
    if (!optional && comment.trim() === '') {
      setMissing(true);
      field.current?.focus();
      return;
    }
    onConfirm(comment.trim());
  }

  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={title}
      facts={facts}
      hint={hint}
      busy={busy}
      size={560}
      buttons={
        <>
          <Button variant="default" size="md" onClick={onClose} disabled={busy}>
            {t('cancel')}
          </Button>
          <Button type="submit" form={form} variant={tone} size="md" loading={busy}>
            {confirm}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Textarea
          ref={field}
          data-autofocus
          label={`${label} ${optional ? t('optional') : t('required')}`}
          description={help}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          value={comment}
          onChange={(event) => {
            setComment(event.currentTarget.value);
            setMissing(false);
          }}
          error={missing ? t('commentMissing') : undefined}
          aria-required={!optional}
          maxLength={maxLength}
          autosize
          minRows={4}
          maxRows={12}
        />
      </form>
      {children}
      {error ? (
        <Note tone="danger" role="alert" title={errorText(error).title}>
          {errorText(error).text}
        </Note>
      ) : null}
    </Dialog>
  );
}
