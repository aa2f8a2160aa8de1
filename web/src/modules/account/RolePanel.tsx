import { Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordId } from '../../api/ApiError';
import { newKey } from '../../api/client';
import { refusalsOf, troublesOf, wasAnswered } from '../../kit/form';
import { useSession } from '../../kit/session';
import { useDraft } from '../../kit/useDraft';
import { useOptionalParam } from '../../kit/useWorkspace';
import { ErrorState } from '../../ui/ErrorState';
import { Note } from '../../ui/Note';
import { SidePanel } from '../../ui/SidePanel';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { useToast } from '../../ui/useToast';
import { paths } from './paths';
import { rebased } from './rebased';
import { addRole, changeRole, rightsQuery, roleQuery, schemeKeys } from './schemeQueries';
import styles from './scheme.module.css';
import { SchemePanel } from './SchemePanel';
import { useModuleName } from './useModuleName';
import type { RightGroup, Role } from './wire';

/** Makes a role over the list of roles, or changes the one in the address over its page. */
export default function RolePanel() {
  const { t, i18n } = useTranslation('account');
  const inAddress = useOptionalParam('role');
  const ws = useSession().workspace.code;
  const navigate = useNavigate();
  const { from } = useSearch({ strict: false }) as { from?: unknown };
  const id = inAddress === undefined ? undefined : recordId(inAddress);
  // A new role may begin as another is.
  const model = id === undefined && /^\d{1,15}$/.test(String(from)) ? Number(from) : undefined;
  const role = useQuery({ ...roleQuery(ws, id ?? model ?? 0), enabled: (id ?? model) !== undefined });
  const rights = useQuery(rightsQuery(ws, i18n.language));
  const leave = () => void (id === undefined ? navigate({ to: paths.roles(ws), search: true }) : navigate({ to: paths.role(ws, id) }));
  if (id !== undefined && role.data !== undefined && role.data.shipped) {
    return (
      <SidePanel title={role.data.name} onClose={leave}>
        <Note>{t(role.data.is_system === 64 ? 'role.all' : 'role.shippedText')}</Note>
      </SidePanel>
    );
  }
  if (rights.data !== undefined && ((id ?? model) === undefined || role.data !== undefined)) {
    return (
      <RoleForm
        key={id ?? `new ${model ?? ''}`}
        role={id === undefined ? undefined : role.data}
        model={id === undefined ? role.data : undefined}
        groups={rights.data}
        onSaved={(saved) => void navigate({ to: paths.role(ws, saved), ignoreBlocker: true })}
        onClose={leave}
      />
    );
  }
  const failed = role.isError ? role : rights.isError ? rights : undefined;
  return (
    <SidePanel title={t(id === undefined ? 'role.add' : 'role.change')} onClose={leave}>
      {failed === undefined ? <SkeletonRows rows={8} /> : <ErrorState error={failed.error} level={3} onRetry={() => void failed.refetch()} retrying={failed.isFetching} />}
    </SidePanel>
  );
}

interface Form {
  name: string;
  alt_language: string;
  is_blocked: boolean;
  rights: readonly number[];
}

function formOf(role: Role | undefined): Form {
  return { name: role?.name ?? '', alt_language: role?.alt_language ?? '', is_blocked: role?.is_blocked ?? false, rights: (role?.rights ?? []).map((right) => right.right_id).sort((a, b) => a - b) };
}

function RoleForm({ role, model, groups, onSaved, onClose }: { role: Role | undefined; model: Role | undefined; groups: readonly RightGroup[]; onSaved: (id: number) => void; onClose: () => void }) {
  const { t } = useTranslation('account');
  const session = useSession();
  const ws = session.workspace.code;
  const form = useId();
  const client = useQueryClient();
  const toast = useToast();
  // What the changes are made from: a newer version must not slip under what is typed.
  const [read, setRead] = useState(role);
  const [start] = useState<Form>(() => {
    if (model === undefined) return formOf(undefined);
    const all = groups.flatMap((group) => group.rights);
    const own = all.filter((right) => right.mine && (model.is_system === 64 || model.rights.some((held) => held.right_id === right.number)));
    return { name: t('role.copyOf', { name: model.name }).slice(0, 50), alt_language: '', is_blocked: false, rights: own.map((right) => right.number).sort((a, b) => a - b) };
  });
  const before = useMemo(() => (read === undefined ? start : formOf(read)), [read, start]);
  const [values, setValues] = useState(before);
  const [tried, setTried] = useState(false);
  const [key, setKey] = useState(newKey);
  const held = (list: readonly number[]) => [...list].sort((a, b) => a - b).join(',');
  const dirty = values.name !== before.name || values.alt_language !== before.alt_language || values.is_blocked !== before.is_blocked || held(values.rights) !== held(before.rights);
  const draft = useDraft<Form>([session.user.id, ws, 'role', role?.id ?? `new${model?.id ?? ''}`].join('.'), values, dirty);
  const save = useMutation({
    mutationFn: async () => {
      const input = { name: values.name.trim(), alt_language: values.alt_language.trim(), is_system: false, is_blocked: values.is_blocked, rights_id: values.rights };
      if (role === undefined) return (await addRole(ws, input, key)).id;
      await changeRole(ws, read ?? role, input);
      return role.id;
    },
    onSuccess: async (id) => {
      draft.forget();
      await client.invalidateQueries({ queryKey: schemeKeys.all(ws) });
      toast.success({ title: t(role === undefined ? 'role.added' : 'role.changed', { name: values.name.trim() }) });
      onSaved(id);
    },
    onError: (error) => {
      if (wasAnswered(error)) setKey(newKey());
    },
  });
  const refused = refusalsOf(save.error, ['name', 'alt_language']);
  const told = troublesOf(refused, (field) => ({ fieldId: `${form}-${field}`, label: t(`role.${field}`) }));

  function set(part: Partial<Form>) {
    setValues((now) => ({ ...now, ...part }));
    if (save.isError) save.reset();
  }

  function again() {
    void client.query({ ...roleQuery(ws, role?.id ?? 0), staleTime: 0 }).then((newest) => {
      setValues((now) => rebased(before, now, formOf(newest)));
      setRead(newest);
      save.reset();
    });
  }

  function submit() {
    setTried(true);
    if (values.name.trim() === '') document.getElementById(`${form}-name`)?.focus();
    else if (dirty || model !== undefined) save.mutate();
    else onClose();
  }

  const nameOf = useModuleName();
  return (
    <SchemePanel
      form={form}
      title={t(role === undefined ? 'role.add' : 'role.change')}
      dirty={dirty}
      submit={t(role === undefined ? 'role.save' : 'role.saveChanges')}
      save={save}
      told={told}
      again={again}
      draft={{
        ...draft,
        take: () => {
          if (draft.found) set(draft.found.values);
        },
      }}
      onSubmit={submit}
      onClose={onClose}
    >
      <fieldset className={styles.section}>
        <legend className={styles.legend}>{t('role.role')}</legend>
        <div className={styles.pair}>
          <TextInput
            id={`${form}-name`}
            size="md"
            maxLength={50}
            label={`${t('role.name')} ${t('ui:required')}`}
            error={refused.fields.name ?? (tried && values.name.trim() === '' ? t('users.missing') : undefined)}
            value={values.name}
            onChange={(event) => {
              set({ name: event.currentTarget.value });
            }}
          />
          <TextInput
            id={`${form}-alt_language`}
            size="md"
            maxLength={50}
            label={t('role.alt_language')}
            error={refused.fields.alt_language}
            value={values.alt_language}
            onChange={(event) => {
              set({ alt_language: event.currentTarget.value });
            }}
          />
        </div>
        <Checkbox
          label={t('role.block')}
          description={t('role.blockHelp')}
          checked={values.is_blocked}
          onChange={(event) => {
            set({ is_blocked: event.currentTarget.checked });
          }}
        />
      </fieldset>
      {groups.map((group) => {
        const of = group.rights.map((right) => right.number);
        const here = of.filter((number) => values.rights.includes(number));
        const mine = group.rights.filter((right) => right.mine || values.rights.includes(right.number)).map((right) => right.number);
        return (
          <fieldset key={group.module} className={styles.section}>
            <legend className={styles.legend}>{nameOf(group.module)}</legend>
            <div className={styles.rights}>
              <Checkbox
                label={t('role.allOf', { held: here.length, of: of.length })}
                checked={here.length === of.length}
                indeterminate={here.length > 0 && here.length < of.length}
                onChange={() => {
                  set({ rights: here.length === mine.length ? values.rights.filter((number) => !of.includes(number)) : [...new Set([...values.rights, ...mine])] });
                }}
              />
              {group.rights.map((right) => (
                <Checkbox
                  key={right.number}
                  disabled={!right.mine && !values.rights.includes(right.number)}
                  label={
                    <>
                      {right.label} <span className={styles.number}>{right.number}</span>
                    </>
                  }
                  checked={values.rights.includes(right.number)}
                  onChange={(event) => {
                    set({ rights: event.currentTarget.checked ? [...values.rights, right.number] : values.rights.filter((number) => number !== right.number) });
                  }}
                />
              ))}
            </div>
          </fieldset>
        );
      })}
    </SchemePanel>
  );
}
