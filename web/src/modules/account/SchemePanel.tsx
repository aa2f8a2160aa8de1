import { Button } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormTroubles } from '../../kit/FormTroubles';
import { FoundDraft } from '../../kit/FoundDraft';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import type { useDraft } from '../../kit/useDraft';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import type { FormTrouble } from '../../ui/ErrorSummary';
import { SidePanel } from '../../ui/SidePanel';
import styles from './scheme.module.css';

interface Props {
  /** The id of the form; those of its fields begin with it. */
  form: string;
  title: string;
  /** Something was typed that is not saved. */
  dirty: boolean;
  /** What the button says that saves. */
  submit: string;
  save: Pick<UseMutationResult<unknown, Error, void>, 'isPending' | 'isError' | 'isSuccess' | 'error'>;
  /** What the server refused. */
  told: readonly FormTrouble[];
  /** Reads the record again after somebody else changed it. */
  again: () => void;
  /** Ends the record, after asking. */
  remove?: { label: string; title: string; facts: string; text: string; run: UseMutationResult<unknown, Error, void> } | undefined;
  /** What an earlier visit left unsaved on this device, if that is kept. */
  draft?: Pick<ReturnType<typeof useDraft<unknown>>, 'found' | 'keep' | 'forget'> & { take: () => void };
  onSubmit: () => void;
  /** Leaves the panel; `done` when nothing typed is lost by it. */
  onClose: (done: boolean) => void;
  children: ReactNode;
}

/** The panel of a user or a role: what is wrong above the fields, what can be done below them. Nobody is overwritten unseen, and nothing typed is lost by leaving. */
export function SchemePanel({ form, title, dirty, submit, save, told, again, remove, draft, onSubmit, onClose, children }: Props) {
  const { t } = useTranslation('ui');
  const [asking, setAsking] = useState(false);
  const leave = () => {
    onClose(false);
  };
  return (
    <>
      <SidePanel
        title={title}
        dirty={dirty}
        onClose={leave}
        foot={
          <>
            {remove === undefined ? null : (
              <span className={styles.start}>
                <Button
                  variant="default"
                  size="md"
                  onClick={() => {
                    setAsking(true);
                  }}
                >
                  {remove.label}
                </Button>
              </span>
            )}
            <Button variant="default" size="md" disabled={save.isPending} onClick={leave}>
              {t('cancel')}
            </Button>
            <Button type="submit" form={form} size="md" loading={save.isPending}>
              {submit}
            </Button>
          </>
        }
      >
        <form
          id={form}
          noValidate
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {draft === undefined || draft.found === undefined || dirty ? null : <FoundDraft at={draft.found.at} onTake={draft.take} onDrop={draft.forget} />}
          <FormTroubles error={save.error} told={told} again={again} />
          {children}
        </form>
      </SidePanel>
      {remove === undefined ? null : (
        <ConfirmDialog
          opened={asking}
          onClose={() => {
            setAsking(false);
            remove.run.reset();
          }}
          onConfirm={() => {
            remove.run.mutate();
          }}
          busy={remove.run.isPending}
          error={remove.run.error ?? undefined}
          danger
          title={remove.title}
          facts={remove.facts}
          confirm={remove.label}
        >
          {remove.text}
        </ConfirmDialog>
      )}
      <UnsavedGuard dirty={dirty && !save.isSuccess && !(remove?.run.isSuccess ?? false)} {...(draft !== undefined && { keep: draft.keep, discard: draft.forget })} />
    </>
  );
}
