import { Button, Switch, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/ApiError';
import { ExtensionFields } from '../../kit/ExtensionFields';
import { changedExtensions, nameOf } from '../../kit/extensions';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { useWorkspace } from '../../kit/useWorkspace';
import { ErrorState } from '../../ui/ErrorState';
import { Note } from '../../ui/Note';
import { SidePanel } from '../../ui/SidePanel';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { useToast } from '../../ui/useToast';
import styles from './FirmForm.module.css';
import { isEmail, useRefusals } from './firmForm';
import FirmOverviewTab from './FirmOverviewTab';
import { type FieldInfo, type FirmDetail, firmFields, firmFieldsQuery, type FirmInput, firmQuery } from './firmQueries';
import { FirmTroubles } from './FirmTroubles';
import { paths } from './paths';
import { editable, useFirm, useFirmChange } from './useFirm';

/** The overview with the panel in which the agency's own part of a firm is changed. */
export default function FirmEditTab() {
  const ws = useWorkspace();
  const firm = useFirm();
  if (!editable(firm)) return <Navigate to={paths.firm(ws, firm.id)} replace />;
  return (
    <>
      <FirmOverviewTab />
      <EditPanel firm={firm} />
    </>
  );
}

type Values = Required<FirmInput>;

function valuesOf({ phone_number = '', email = '', hidden, extensions = {} }: FirmDetail): Values {
  return { phone_number, email, hidden, extensions };
}

function changes(base: Values, values: Values): FirmInput {
  const extensions = changedExtensions(base.extensions, values.extensions);
  return {
    ...(values.phone_number === base.phone_number ? {} : { phone_number: values.phone_number }),
    ...(values.email === base.email ? {} : { email: values.email }),
    ...(values.hidden === base.hidden ? {} : { hidden: values.hidden }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
  };
}

function EditPanel({ firm }: { firm: FirmDetail }) {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const form = useId();
  const query = useQuery(firmFieldsQuery(ws, firm.id));
  const fields = query.data?.fields;
  // What the changes are made from: a newer version on the page behind must not slip under what is typed.
  const [read, setRead] = useState(firm);
  const [values, setValues] = useState(() => valuesOf(firm));
  const [theirs, setTheirs] = useState<FirmDetail>();
  const [bad, setBad] = useState(false);
  const change = useFirmChange(firm.id);
  const conflict = change.error instanceof ApiError && (change.error.status === 409 || change.error.status === 412);
  const error = conflict ? null : change.error;
  const refused = useRefusals(error, firmFields);
  const input = changes(valuesOf(read), values);
  const dirty = Object.keys(input).length > 0;
  // An address that came from the finance system may stay as it is, even when it is none.
  const wrongEmail = input.email !== undefined && input.email !== '' && !isEmail(input.email);
  const idOf = (field: string) => `${form}-${field}`;

  function close(saved: boolean) {
    void navigate({ to: paths.firm(ws, firm.id), ignoreBlocker: saved });
  }

  function set(part: Partial<Values>) {
    setValues((before) => ({ ...before, ...part }));
    setBad(false);
    if (error !== null) change.reset();
  }

  async function save(version: number) {
    if (wrongEmail) {
      setBad(true);
      document.getElementById(idOf('email'))?.focus();
      return;
    }
    if (dirty) {
      try {
        await change.mutateAsync({ version, input });
      } catch (trouble) {
        // Somebody was faster: what they wrote is shown beside what is typed here.
        if (trouble instanceof ApiError && (trouble.status === 409 || trouble.status === 412)) {
          setTheirs(await client.query({ ...firmQuery(ws, firm.id), staleTime: 0 }).catch(() => undefined));
        }
        return;
      }
      toast.success({ title: t('firm.saved', { firm: firm.name }) });
    }
    close(true);
  }

  const common = (field: 'phone_number' | 'email', info: FieldInfo, label: string) => ({
    id: idOf(field),
    label: `${nameOf(fields, field, label)} ${t(info.required ? 'ui:required' : 'ui:optional')}`,
    size: 'md' as const,
    dir: 'ltr' as const,
    'aria-required': info.required || undefined,
    maxLength: info.max_length,
    value: values[field],
    error: refused.fields[field],
    onChange: (event: { currentTarget: { value: string } }) => {
      set({ [field]: event.currentTarget.value });
    },
  });
  const { phone_number: phone, email, hidden } = query.data?.taken ?? {};

  return (
    <>
      <SidePanel
        title={t('firm.editTitle')}
        dirty={dirty}
        onClose={() => {
          close(false);
        }}
        foot={
          <div className={styles.foot}>
            <Button
              variant="default"
              disabled={change.isPending}
              onClick={() => {
                close(false);
              }}
            >
              {t('ui:cancel')}
            </Button>
            <Button type="submit" form={form} loading={change.isPending} disabled={query.data === undefined}>
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
            void save(read.version);
          }}
        >
          {conflict ? (
            <Note tone="warn" role="alert" title={t('firm.conflict')}>
              <div className={styles.conflict}>
                <p>{t('firm.conflictText')}</p>
                {theirs === undefined ? null : (
                  <>
                    <ul className={styles.theirs}>
                      {firmFields
                        .filter((field) => theirs[field] !== read[field])
                        .map((field) => (
                          <li key={field}>
                            {t(`firm.field.${field}`)}: <bdi>{typeof theirs[field] === 'boolean' ? t(theirs[field] ? 'firms.yes' : 'firms.no') : theirs[field] || '–'}</bdi>
                          </li>
                        ))}
                    </ul>
                    <span className={styles.buttons}>
                      <Button
                        variant="default"
                        disabled={change.isPending}
                        onClick={() => {
                          change.reset();
                          setRead(theirs);
                          setValues(valuesOf(theirs));
                          setTheirs(undefined);
                        }}
                      >
                        {t('conflict.discard')}
                      </Button>
                      <Button variant="warn" loading={change.isPending} onClick={() => void save(theirs.version)}>
                        {t('conflict.overwrite')}
                      </Button>
                    </span>
                  </>
                )}
              </div>
            </Note>
          ) : null}
          <FirmTroubles refused={refused} form={form} label={(field) => nameOf(fields, field, t(`firm.field.${field}`))} />
          {query.isError ? <ErrorState error={query.error} level={3} onRetry={() => void query.refetch()} retrying={query.isFetching} /> : null}
          {query.isPending ? <SkeletonRows rows={3} /> : null}
          {phone ? <TextInput {...common('phone_number', phone, t('firm.phone'))} type="tel" data-autofocus /> : null}
          {email ? (
            <TextInput
              {...common('email', email, t('firm.email'))}
              type="email"
              description={t('firm.emailHelp')}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
              error={bad && wrongEmail ? t('firm.badEmail') : refused.fields.email}
              onBlur={() => {
                setBad(true);
              }}
            />
          ) : null}
          {hidden ? (
            <Switch
              id={idOf('hidden')}
              label={nameOf(fields, 'hidden', t('firm.hide'))}
              description={t('firm.hideHelp')}
              error={refused.fields.hidden}
              checked={values.hidden}
              onChange={(event) => {
                set({ hidden: event.currentTarget.checked });
              }}
            />
          ) : null}
          <ExtensionFields
            fields={fields?.written ?? []}
            values={values.extensions}
            refused={refused.extensions}
            onChange={(extensions) => {
              set({ extensions });
            }}
          />
        </form>
      </SidePanel>
      <UnsavedGuard dirty={dirty} />
    </>
  );
}
