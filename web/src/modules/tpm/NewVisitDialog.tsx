import { Button, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/ApiError';
import { newKey } from '../../api/client';
import { useWorkspace } from '../../kit/useWorkspace';
import { Dialog } from '../../ui/Dialog';
import { Note } from '../../ui/Note';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { paths } from './paths';
import { createVisit, keys, lookups } from './queries';

/** Starts a visit: only the firm is needed, everything else is filled in on the draft. */
export default function NewVisitDialog() {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const form = useId();
  const client = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const toast = useToast();
  const errorText = useErrorText();
  const firms = useQuery(lookups.firms(ws));
  const [firm, setFirm] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  // One key for this dialog: pressing twice makes one visit.
  const [key] = useState(newKey);
  const close = () => {
    void navigate({ to: paths.visits(ws), search: router.state.location.search });
  };
  const create = useMutation({
    mutationFn: (id: number) => createVisit(ws, id, `${key}-${id}`.slice(0, 64)),
    onSuccess: async (visit) => {
      client.setQueryData(keys.visit(ws, visit.id), visit);
      void client.invalidateQueries({ queryKey: keys.lists(ws) });
      await navigate({ to: paths.visit(ws, visit), replace: true });
      toast.success({ title: t('new.done', { reference: visit.reference_number }), text: t('new.doneText') });
    },
  });
  const refused = create.error instanceof ApiError ? create.error.fields.tpm_partner?.[0] : undefined;

  return (
    <Dialog
      opened
      onClose={close}
      busy={create.isPending}
      title={t('new.title')}
      facts={t('new.facts')}
      buttons={
        <>
          <Button variant="default" size="md" onClick={close} disabled={create.isPending}>
            {t('ui:cancel')}
          </Button>
          <Button type="submit" form={form} size="md" loading={create.isPending}>
            {t('new.confirm')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (firm === null) setMissing(true);
          else create.mutate(Number(firm));
        }}
      >
        <Select
          data-autofocus
          label={`${t('field.firm')} ${t('ui:required')}`}
          aria-required
          searchable
          openOnFocus={false}
          size="md"
          value={firm}
          onChange={(value) => {
            setFirm(value);
            setMissing(false);
            create.reset();
          }}
          disabled={firms.isPending}
          placeholder={firms.isPending ? t('ui:loading') : t('new.choose')}
          nothingFoundMessage={t('form.noMatch')}
          data={(firms.data ?? []).map((one) => ({
            value: String(one.id),
            label: one.blocked || one.deleted_flag ? t('new.barred', { firm: one.name }) : one.name,
            disabled: one.blocked || one.deleted_flag,
          }))}
          error={missing ? t('new.missing') : refused}
        />
      </form>
      {create.error !== null && refused === undefined ? (
        <Note tone="danger" role="alert" title={errorText(create.error).title}>
          {errorText(create.error).text}
        </Note>
      ) : null}
      {firms.isError ? (
        <Note tone="danger" role="alert" title={errorText(firms.error).title}>
          {errorText(firms.error).text}
        </Note>
      ) : null}
    </Dialog>
  );
}
