import { Button, MultiSelect, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/ApiError';
import { ExtensionFields } from '../../kit/ExtensionFields';
import { changedExtensions, type ExtensionValues, nameOf } from '../../kit/extensions';
import { useSession } from '../../kit/session';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { FoundDraft } from '../../kit/FoundDraft';
import { useDraft } from '../../kit/useDraft';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { Note } from '../../ui/Note';
import { SidePanel } from '../../ui/SidePanel';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { ConflictNote } from './ConflictNote';
import { staffName } from './names';
import OverviewTab from './OverviewTab';
import { paths } from './paths';
import { lookups, visitFieldsQuery } from './queries';
import styles from './TaskEditor.module.css';
import { permission, useVisit } from './useVisit';
import { useVisitEdit } from './useVisitEdit';
import type { Visit, VisitInput } from './wire';

/** The overview with the panel in which the visit itself is changed. */
export default function EditVisitTab() {
  const ws = useWorkspace();
  const ref = useParam('ref');
  const visit = useVisit();
  const editable = permission(visit, 'visit_information') === 'write' || permission(visit, 'tpm_partner_focal_points') === 'write' || permission(visit, 'extensions') === 'write';
  if (!editable) return <Navigate to={paths.visit(ws, ref)} replace />;
  return (
    <>
      <OverviewTab />
      <EditPanel visit={visit} />
    </>
  );
}

interface Values {
  staff: string[];
  information: string;
  extensions: ExtensionValues;
}

function valuesOf(visit: Visit): Values {
  return { staff: (visit.tpm_partner_focal_points ?? []).map((person) => String(person.id)), information: visit.visit_information ?? '', extensions: visit.extensions ?? {} };
}

function sameStaff(a: Values, b: Values): boolean {
  return [...a.staff].sort().join() === [...b.staff].sort().join();
}

function EditPanel({ visit }: { visit: Visit }) {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const ref = useParam('ref');
  const session = useSession();
  const navigate = useNavigate();
  const toast = useToast();
  const errorText = useErrorText();
  const form = useId();
  const search: unknown = useSearch({ strict: false });
  const staffFirst = typeof search === 'object' && search !== null && 'field' in search && search.field === 'tpm_partner_focal_points';
  const staff = useQuery({ ...lookups.staff(ws, visit.tpm_partner?.id ?? 0), enabled: visit.tpm_partner !== null && visit.tpm_partner !== undefined });
  const [base, setBase] = useState(() => valuesOf(visit));
  const [values, setValues] = useState(base);
  const edit = useVisitEdit(visit);
  const fields = useQuery(visitFieldsQuery(ws, visit.id)).data;
  const required = (field: string) => fields?.own[field]?.required === true;
  const extensions = changedExtensions(base.extensions, values.extensions);
  const dirty = !sameStaff(base, values) || base.information !== values.information || Object.keys(extensions).length > 0;
  const draft = useDraft<Values>([session.user.id, ws, 'visit', visit.id, 'about'].join('.'), values, dirty);
  const names = new Map([...(visit.tpm_partner_focal_points ?? []), ...(staff.data ?? [])].map((person) => [String(person.id), staffName(person)]));
  const refused = edit.error instanceof ApiError ? edit.error.fields : {};
  const staffError = Object.entries(refused).find(([path]) => path.startsWith('tpm_partner_focal_points'))?.[1][0];
  const informationError = refused.visit_information?.[0];
  const inPlace = Object.keys(refused).some((path) => fields?.written.some((field) => path === `extensions.${field.key}`));
  const { conflict } = edit;

  function close() {
    void navigate({ to: paths.visit(ws, ref) });
  }

  function closeSaved() {
    draft.forget();
    void navigate({ to: paths.visit(ws, ref), ignoreBlocker: true });
  }

  async function save(version?: number) {
    const input: VisitInput = {
      ...(sameStaff(base, values) ? {} : { tpm_partner_focal_points: values.staff.map(Number) }),
      ...(base.information === values.information ? {} : { visit_information: values.information }),
      ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    };
    if (Object.keys(input).length > 0) {
      const saved = await edit.save(input, version);
      if (saved === undefined) return;
      toast.success({ title: t('about.saved', { reference: visit.reference_number }) });
    }
    closeSaved();
  }

  return (
    <>
      <SidePanel
        title={t('about.editTitle')}
        dirty={dirty}
        onClose={close}
        foot={
          <div className={styles.foot}>
            <Button variant="default" onClick={close} disabled={edit.saving}>
              {t('ui:cancel')}
            </Button>
            <Button type="submit" form={form} loading={edit.saving}>
              {t('about.save')}
            </Button>
          </div>
        }
      >
        <form
          id={form}
          noValidate
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          {draft.found && !dirty ? (
            <FoundDraft
              at={draft.found.at}
              onTake={() => {
                // What was kept before there were further fields has none.
                if (draft.found) setValues({ ...base, ...draft.found.values });
              }}
              onDrop={draft.forget}
            />
          ) : null}
          {conflict ? (
            <ConflictNote
              conflict={conflict}
              busy={edit.saving}
              onOverwrite={() => void save(conflict.visit.version)}
              onDiscard={() => {
                draft.forget();
                edit.rebase(conflict.visit);
                setBase(valuesOf(conflict.visit));
                setValues(valuesOf(conflict.visit));
              }}
            />
          ) : null}
          {edit.error !== null && staffError === undefined && informationError === undefined && !inPlace ? (
            <Note tone="danger" role="alert" title={errorText(edit.error).title}>
              {errorText(edit.error).text}
            </Note>
          ) : null}
          {permission(visit, 'tpm_partner_focal_points') === 'write' ? (
            <MultiSelect
              size="md"
              searchable
              openOnFocus={false}
              hidePickedOptions
              data-autofocus={staffFirst || undefined}
              label={`${nameOf(fields, 'tpm_partner_focal_points', t('field.firmFocalPoints'))} ${t(required('tpm_partner_focal_points') ? 'ui:required' : 'about.toAssign')}`}
              aria-required={required('tpm_partner_focal_points') || undefined}
              description={t('about.staffHelp', { firm: visit.tpm_partner?.name ?? '' })}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
              nothingFoundMessage={staff.isFetching ? t('ui:loading') : t('form.noMatch')}
              data={[...names].map(([value, label]) => ({ value, label }))}
              value={values.staff}
              error={staffError}
              onChange={(chosen) => {
                setValues({ ...values, staff: chosen });
              }}
            />
          ) : null}
          {permission(visit, 'visit_information') === 'write' ? (
            <Textarea
              size="md"
              autosize
              minRows={4}
              maxRows={14}
              data-autofocus={staffFirst ? undefined : true}
              label={`${nameOf(fields, 'visit_information', t('field.information'))} ${t(required('visit_information') ? 'ui:required' : 'ui:optional')}`}
              aria-required={required('visit_information') || undefined}
              description={t('about.informationHelp')}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
              value={values.information}
              error={informationError}
              onChange={(event) => {
                setValues({ ...values, information: event.currentTarget.value });
              }}
            />
          ) : null}
          <ExtensionFields
            fields={fields?.written ?? []}
            values={values.extensions}
            refused={refused}
            onChange={(chosen) => {
              setValues({ ...values, extensions: chosen });
            }}
          />
        </form>
      </SidePanel>
      <UnsavedGuard dirty={dirty} keep={draft.keep} discard={draft.forget} />
    </>
  );
}
