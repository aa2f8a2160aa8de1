import { Button, Select, Switch } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { newKey } from '../../api/client';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { Tag } from '../../ui/Tag';
import { useToast } from '../../ui/useToast';
import styles from './FieldsPage.module.css';
import { paths } from './paths';
import { controlsQuery, extensionsOfQuery, fieldsChanged, saveControl, typesQuery } from './queries';
import type { Control, DeclaredField, Extension, RecordType } from './wire';

/** The fields of a type of record: those that administrators added, and those that come with the program. */
export default function FieldsPage() {
  const { t } = useTranslation('customisation');
  const ws = useWorkspace();
  const navigate = useNavigate();
  const asked = useParam('type');
  const types = useQuery(typesQuery(ws));
  // Visits are what most come for; without them the first type that takes fields.
  const chosen = types.data?.find((one) => one.name === asked) ?? types.data?.find((one) => one.name === 'tpm.visit') ?? types.data?.find((one) => one.extensible);
  return (
    <>
      <PageHead title={t('title')} facts={t('about')} />
      <div className={styles.page}>
        {types.data === undefined ? (
          types.isError ? (
            <ErrorState error={types.error} title={t('failed')} onRetry={() => void types.refetch()} retrying={types.isFetching} />
          ) : (
            <SkeletonRows rows={8} />
          )
        ) : (
          <>
            <Select
              className={styles.type}
              label={t('type')}
              searchable
              openOnFocus={false}
              allowDeselect={false}
              data={types.data.map(({ name, plural }) => ({ value: name, label: plural }))}
              value={chosen?.name ?? null}
              onChange={(name) => {
                if (name !== null) void navigate({ to: paths.fields(ws, name) });
              }}
            />
            {chosen === undefined ? null : <FieldsOf key={chosen.name} type={chosen} />}
          </>
        )}
      </div>
      <Outlet />
    </>
  );
}

function FieldsOf({ type }: { type: RecordType }) {
  const { t } = useTranslation('customisation');
  const ws = useWorkspace();
  const extensions = useQuery({ ...extensionsOfQuery(ws, type.name), enabled: type.extensible });
  const controls = useQuery(controlsQuery(ws, type.name));
  return (
    <>
      {type.extensible ? (
        <Card
          flush
          title={t('further.title')}
          end={
            <Button component={PathLink} to={paths.newField(ws, type.name)} size="xs" leftSection={<IconPlus size={15} stroke={1.8} />}>
              {t('further.add')}
            </Button>
          }
        >
          {extensions.data === undefined ? (
            extensions.isError ? <ErrorState error={extensions.error} title={t('failed')} onRetry={() => void extensions.refetch()} retrying={extensions.isFetching} /> : <SkeletonRows rows={3} />
          ) : extensions.data.length === 0 ? (
            <EmptyState drawing="nothing" title={t('further.none')}>
              {t('further.noneText')}
            </EmptyState>
          ) : (
            <ul className={styles.rows} aria-label={t('further.title')}>
              {extensions.data.map((field) => (
                <ExtensionRow key={field.id} field={field} />
              ))}
            </ul>
          )}
        </Card>
      ) : null}
      <Card flush title={t('own.title')}>
        {controls.data === undefined ? (
          controls.isError ? <ErrorState error={controls.error} title={t('failed')} onRetry={() => void controls.refetch()} retrying={controls.isFetching} /> : <SkeletonRows rows={6} />
        ) : (
          <ul className={styles.rows} aria-label={t('own.title')}>
            {type.fields.filter((field) => field.name !== 'id').map((field) => (
              <DeclaredRow key={field.name} type={type.name} field={field} control={controls.data.find((one) => one.field === field.name)} />
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

function ExtensionRow({ field }: { field: Extension }) {
  const { t, i18n } = useTranslation('customisation');
  const ws = useWorkspace();
  const label = field.labels[i18n.language] ?? field.labels.en ?? field.key;
  return (
    <li className={styles.row} data-off={field.retired || undefined}>
      <div className={styles.words}>
        <p className={styles.name}>
          <bdi>{label}</bdi> <code className={styles.key}>{field.key}</code>
        </p>
        <div className={styles.tags}>
          <Tag>{t(`kind.${field.kind}`)}</Tag>
          {field.required ? <Tag tone="info">{t('required')}</Tag> : null}
          {field.indexed ? <Tag tone="info">{t('indexed')}</Tag> : null}
          {field.retired ? <Tag tone="warn">{t('retired')}</Tag> : null}
        </div>
      </div>
      <Button component={PathLink} to={paths.field(ws, field.entity, field.id)} variant="subtle" size="xs" leftSection={<IconPencil size={15} stroke={1.7} />} aria-label={t('editNamed', { name: label })}>
        {t('edit')}
      </Button>
    </li>
  );
}

function DeclaredRow({ type, field, control }: { type: string; field: DeclaredField; control: Control | undefined }) {
  const { t, i18n } = useTranslation('customisation');
  const ws = useWorkspace();
  const client = useQueryClient();
  const toast = useToast();
  const change = useMutation({
    mutationFn: (said: { hidden: boolean; required: boolean }) => saveControl(ws, control?.id, { entity: type, field: field.name, labels: control?.labels ?? {}, choices: control?.choices ?? {}, ...said }, newKey()),
    onSuccess: async () => {
      await fieldsChanged(client, ws);
      toast.success({ title: t('saved'), text: t('soon') });
    },
    onError: (error) => {
      toast.error(error, t('notSaved'));
    },
  });
  const called = control?.labels[i18n.language] ?? control?.labels.en;
  const hidden = control?.hidden ?? false;
  const required = control?.required ?? false;
  return (
    <li className={styles.row} data-off={hidden || undefined} data-changed={control !== undefined || undefined}>
      <div className={styles.words}>
        <p className={styles.name}>
          <bdi>{called ?? field.label}</bdi> <code className={styles.key}>{field.name}</code>
        </p>
        {called === undefined ? null : <p className={styles.was}>{t('own.was', { name: `\u2068${field.label}\u2069` })}</p>}
      </div>
      <div className={styles.controls}>
        {field.required ? <Tag>{t('own.always')}</Tag> : null}
        {field.requirable ? (
          <Switch
            label={t('required')}
            aria-label={t('requireNamed', { name: field.label })}
            checked={required}
            disabled={change.isPending || hidden}
            onChange={() => {
              change.mutate({ hidden, required: !required });
            }}
          />
        ) : null}
        {field.hideable ? (
          <Switch
            label={t('hidden')}
            aria-label={t('hideNamed', { name: field.label })}
            checked={hidden}
            disabled={change.isPending || required}
            onChange={() => {
              change.mutate({ hidden: !hidden, required });
            }}
          />
        ) : null}
        <Button component={PathLink} to={paths.control(ws, type, field.name)} variant="subtle" size="xs" leftSection={<IconPencil size={15} stroke={1.7} />} aria-label={t('renameNamed', { name: field.label })}>
          {t('rename')}
        </Button>
      </div>
    </li>
  );
}
