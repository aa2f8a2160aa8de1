import { Button } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isConflict } from '../../kit/form';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorSummary, type FormTrouble } from '../../ui/ErrorSummary';
import { Note } from '../../ui/Note';
import { SidePanel } from '../../ui/SidePanel';
import { useErrorText } from '../../ui/useErrorText';
import styles from './scheme.module.css';

interface Props {
  /** The id of the form; those of its fields begin with it. */
  form: string;
  title: string;
  /** Something was typed that is not saved. */
  dirty: boolean;
  /** What the button says that saves; without it there is nothing to save. */
  submit?: string | undefined;
  save: Pick<UseMutationResult<unknown, Error, void>, 'isPending' | 'isError' | 'isSuccess' | 'error'>;
  /** What the server refused. */
  told: readonly FormTrouble[];
  /** Reads the record again after somebody else changed it. */
  again: () => void;
  /** Ends the record, after asking. */
  remove?: { label: string; title: string; facts: string; text: string; run: UseMutationResult<unknown, Error, void> } | undefined;
  /** What else can be done with the record. */
  more?: ReactNode;
  onSubmit: () => void;
  /** Leaves the panel; `done` when nothing typed is lost by it. */
  onClose: (done: boolean) => void;
  children: ReactNode;
}

/** The panel of a user or a role: what is wrong above the fields, what can be done below them. Nobody is overwritten unseen, and nothing typed is lost by leaving. */
export function SchemePanel({ form, title, dirty, submit, save, told, again, remove, more, onSubmit, onClose, children }: Props) {
  const { t } = useTranslation('ui');
  const errorText = useErrorText();
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
            {remove === undefined && more === undefined ? null : (
              <span className={styles.start}>
                {remove === undefined ? null : (
                  <Button
                    variant="default"
                    size="md"
                    onClick={() => {
                      setAsking(true);
                    }}
                  >
                    {remove.label}
                  </Button>
                )}
                {more}
              </span>
            )}
            <Button variant="default" size="md" disabled={save.isPending} onClick={leave}>
              {t(submit === undefined ? 'close' : 'cancel')}
            </Button>
            {submit === undefined ? null : (
              <Button type="submit" form={form} size="md" loading={save.isPending}>
                {submit}
              </Button>
            )}
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
          {isConflict(save.error) && told.length === 0 ? (
            <Note tone="warn" role="alert" title={t('conflict.title')}>
              {t('conflict.text')}
              <span className={styles.again}>
                <Button variant="default" onClick={again}>
                  {t('conflict.again')}
                </Button>
              </span>
            </Note>
          ) : save.isError && told.length === 0 ? (
            <Note tone="danger" role="alert" title={errorText(save.error).title}>
              {errorText(save.error).text}
            </Note>
          ) : null}
          <ErrorSummary troubles={told} />
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
      <UnsavedGuard dirty={dirty && !save.isSuccess && !(remove?.run.isSuccess ?? false)} />
    </>
  );
}
