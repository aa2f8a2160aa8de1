import { Checkbox, MultiSelect, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordId } from '../../api/ApiError';
import { newKey } from '../../api/client';
import { languageCodes, languages } from '../../i18n/languages';
import type { Choice } from '../../kit/choices';
import { ManyChoices, OneChoice } from '../../kit/ChoiceFields';
import { refusalsOf, troublesOf, wasAnswered } from '../../kit/form';
import { useSession } from '../../kit/session';
import { useOptionalParam } from '../../kit/useWorkspace';
import { ErrorState } from '../../ui/ErrorState';
import { SidePanel } from '../../ui/SidePanel';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { useToast } from '../../ui/useToast';
import { paths } from './paths';
import { rebased } from './rebased';
import { addUser, changeUser, deleteUser, districts, facilities, officerChoice, officers, rolesQuery, schemeKeys, userQuery, villages } from './schemeQueries';
import { kinds } from './schemeLists';
import styles from './scheme.module.css';
import { SchemePanel } from './SchemePanel';
import { userName } from './UsersPage';
import type { Kind, SchemeUser } from './wire';

/** Makes a user, or changes the one in the address, over the list of users. */
export default function UserPanel() {
  const { t } = useTranslation('account');
  const inAddress = useOptionalParam('user');
  const ws = useSession().workspace.code;
  const navigate = useNavigate();
  const id = inAddress === undefined ? undefined : recordId(inAddress);
  const { data, isError, error, refetch, isFetching } = useQuery({ ...userQuery(ws, id ?? 0), enabled: id !== undefined });
  const close = (done: boolean) => void navigate({ to: paths.users(ws), search: true, ignoreBlocker: done });
  if (id === undefined || data !== undefined) return <UserForm key={id ?? 'new'} user={data} onClose={close} />;
  return (
    <SidePanel
      title={t('users.change')}
      onClose={() => {
        close(true);
      }}
    >
      {isError ? <ErrorState error={error} level={3} onRetry={() => void refetch()} retrying={isFetching} /> : <SkeletonRows rows={8} />}
    </SidePanel>
  );
}

interface Form {
  kinds: readonly Kind[];
  other_names: string;
  last_name: string;
  username: string;
  email: string;
  phone: string;
  language: string;
  password: string;
  roles: readonly string[];
  districts: readonly Choice[];
  facility: Choice | null;
  birth_date: string;
  address: string;
  location: Choice | null;
  villages: readonly Choice[];
  works_to: string;
  substitute: Choice | null;
  phone_communication: boolean;
}

function formOf(user: SchemeUser | undefined, language: string): Form {
  const places = (list: readonly { location: Choice }[] | undefined) => (list ?? []).map(({ location: { id, name } }) => ({ id, name }));
  const officer = user?.officer;
  return {
    kinds: user === undefined ? ['INTERACTIVE'] : kinds.filter((kind) => ({ INTERACTIVE: user.i_user, OFFICER: officer, CLAIM_ADMIN: user.claim_admin })[kind]),
    other_names: user?.other_names ?? '',
    last_name: user?.last_name ?? '',
    username: user?.username ?? '',
    email: user?.email ?? '',
    phone: user?.phone ?? '',
    language: user?.language ?? language,
    password: '',
    roles: user?.i_user?.roles.map((role) => String(role.id)) ?? [],
    districts: places(user?.districts),
    facility: user?.health_facility ?? user?.claim_admin?.health_facility ?? null,
    birth_date: officer?.dob ?? user?.claim_admin?.dob ?? '',
    address: officer?.address ?? '',
    location: officer?.location ?? null,
    villages: places(officer?.officer_villages),
    works_to: officer?.works_to ?? '',
    substitute: officer?.substitution_officer ? officerChoice(officer.substitution_officer) : null,
    phone_communication: officer?.phone_communication ?? false,
  };
}

const sent = ['other_names', 'last_name', 'username', 'email', 'phone', 'language', 'password', 'roles', 'districts', 'health_facility_id', 'birth_date', 'address', 'location_id', 'village_ids', 'works_to', 'substitution_officer_id', 'user_types'];

/** The texts of the fields that are not called as the server calls them. */
const named: Readonly<Record<string, string>> = { user_types: 'what', health_facility_id: 'facility', location_id: 'district', village_ids: 'villages', substitution_officer_id: 'substitute' };

/** What the server is sent: all that somebody is, as it forgets what it is not told. */
function inputOf(form: Form) {
  const signsIn = form.kinds.includes('INTERACTIVE');
  const officer = form.kinds.includes('OFFICER');
  const text = (value: string) => value.trim() || null;
  return {
    user_types: form.kinds,
    other_names: form.other_names.trim(),
    last_name: form.last_name.trim(),
    username: form.username.trim(),
    email: text(form.email),
    phone: text(form.phone),
    language: form.language,
    health_facility_id: form.facility?.id ?? null,
    birth_date: text(form.birth_date),
    ...(signsIn && { roles: form.roles.map(Number), districts: form.districts.map((place) => place.id) }),
    ...(signsIn && form.password !== '' && { password: form.password }),
    ...(officer && {
      address: text(form.address),
      location_id: form.location?.id ?? null,
      village_ids: form.villages.map((place) => place.id),
      works_to: text(form.works_to),
      phone_communication: form.phone_communication,
      substitution_officer_id: form.substitute === null ? null : String(form.substitute.id),
    }),
  };
}

function UserForm({ user, onClose }: { user: SchemeUser | undefined; onClose: (done: boolean) => void }) {
  const { t, i18n } = useTranslation('account');
  const session = useSession();
  const ws = session.workspace.code;
  const form = useId();
  const client = useQueryClient();
  const toast = useToast();
  const roles = useQuery(rolesQuery(ws, { page_size: 200 }));
  // What the changes are made from: a newer version must not slip under what is typed.
  const [read, setRead] = useState(user);
  const before = useMemo(() => formOf(read, i18n.language), [read, i18n.language]);
  const [values, setValues] = useState(before);
  const [tried, setTried] = useState(false);
  // One key until the server has answered: asking again after no answer makes one user.
  const [key, setKey] = useState(newKey);
  const dirty = JSON.stringify(values) !== JSON.stringify(before);
  const is = (kind: Kind) => values.kinds.includes(kind);
  const missing = [
    ...(['other_names', 'last_name', 'username'] as const).filter((name) => values[name].trim() === ''),
    ...(is('INTERACTIVE') && values.roles.length === 0 ? ['roles'] : []),
    ...(values.kinds.length === 0 ? ['user_types'] : []),
  ];

  const finish = async (title: string) => {
    await client.invalidateQueries({ queryKey: schemeKeys.all(ws) });
    toast.success({ title });
    onClose(true);
  };
  const name = userName({ other_names: values.other_names.trim(), last_name: values.last_name.trim(), username: values.username.trim() });
  const save = useMutation({
    mutationFn: async () => {
      const input = inputOf(values);
      if (user === undefined) await addUser(ws, input, key);
      else await changeUser(ws, read ?? user, input);
    },
    onSuccess: () => finish(t(user === undefined ? 'users.added' : 'users.changed', { name })),
    onError: (error) => {
      if (wasAnswered(error)) setKey(newKey());
    },
  });
  const remove = useMutation({ mutationFn: () => deleteUser(ws, read ?? { id: 0, version: 0 }), onSuccess: () => finish(t('users.deleted', { name })) });
  const refused = refusalsOf(save.error, sent);
  const told = troublesOf(refused, (field) => ({ fieldId: `${form}-${field}`, label: t(`users.${named[field] ?? field}`) }));
  const errorOf = (field: string) => refused.fields[field] ?? (tried && missing.includes(field) ? t('users.missing') : undefined);

  function set(part: Partial<Form>) {
    setValues((now) => ({ ...now, ...part }));
    if (save.isError) save.reset();
  }

  function again() {
    void client.query({ ...userQuery(ws, user?.id ?? 0), staleTime: 0 }).then((newest) => {
      setValues((now) => rebased(before, now, formOf(newest, i18n.language)));
      setRead(newest);
      save.reset();
    });
  }

  function submit() {
    setTried(true);
    const first = missing[0];
    if (first !== undefined) document.getElementById(`${form}-${first}`)?.focus();
    else if (dirty) save.mutate();
    else onClose(true);
  }

  const text = (field: 'other_names' | 'last_name' | 'username' | 'email' | 'phone' | 'birth_date' | 'works_to', more: { type?: string; required?: boolean; ltr?: boolean; maxLength?: number } = {}) => (
    <TextInput
      id={`${form}-${field}`}
      size="md"
      type={more.type}
      label={more.required ? `${t(`users.${field}`)} ${t('ui:required')}` : t(`users.${field}`)}
      dir={more.ltr ? 'ltr' : undefined}
      maxLength={more.maxLength ?? 100}
      autoComplete="off"
      error={errorOf(field)}
      value={values[field]}
      onChange={(event) => {
        set({ [field]: event.currentTarget.value });
      }}
    />
  );

  return (
    <SchemePanel
      form={form}
      title={t(user === undefined ? 'users.add' : 'users.change')}
      dirty={dirty}
      submit={t(user === undefined ? 'users.save' : 'users.saveChanges')}
      save={save}
      told={told}
      again={again}
      remove={
        user !== undefined && session.menu.includes('account.users.delete')
          ? { label: t('users.delete'), title: t('users.deleteTitle'), facts: `${userName(user)} · ${user.username}`, text: t('users.deleteText'), run: remove }
          : undefined
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <fieldset className={styles.section}>
        <legend className={styles.legend}>{t('users.person')}</legend>
        <div className={styles.pair}>
          {text('other_names', { required: true })}
          {text('last_name', { required: true })}
        </div>
        <div className={styles.pair}>
          {text('username', { required: true, ltr: true, maxLength: 50 })}
          {text('phone', { ltr: true, maxLength: 50 })}
        </div>
        <div className={styles.pair}>
          {text('email', { type: 'email', ltr: true, maxLength: 200 })}
          <Select
            id={`${form}-language`}
            size="md"
            label={t('users.language')}
            data={languageCodes.map((code) => ({ value: code, label: languages[code].name }))}
            allowDeselect={false}
            value={values.language}
            onChange={(language) => {
              set({ language: language ?? values.language });
            }}
          />
        </div>
      </fieldset>
      <Checkbox.Group
        id={`${form}-user_types`}
        label={t('users.what')}
        error={errorOf('user_types')}
        value={[...values.kinds]}
        onChange={(chosen) => {
          set({ kinds: kinds.filter((kind) => chosen.includes(kind)) });
        }}
      >
        <div className={styles.rights}>
          {kinds.map((kind) => (
            <Checkbox key={kind} value={kind} label={t(`kind.${kind}`)} description={t(`kindHelp.${kind}`)} />
          ))}
        </div>
      </Checkbox.Group>
      {is('INTERACTIVE') ? (
        <fieldset className={styles.section}>
          <legend className={styles.legend}>{t('users.access')}</legend>
          <MultiSelect
            id={`${form}-roles`}
            size="md"
            label={`${t('users.roles')} ${t('ui:required')}`}
            error={errorOf('roles')}
            searchable
            openOnFocus={false}
            hidePickedOptions
            data={(roles.data?.results ?? []).filter((role) => !role.is_blocked || values.roles.includes(String(role.id))).map((role) => ({ value: String(role.id), label: role.name }))}
            value={[...values.roles]}
            onChange={(chosen) => {
              set({ roles: chosen });
            }}
            nothingFoundMessage={t(roles.isPending ? 'ui:loading' : 'users.noMatch')}
            maxDropdownHeight={240}
          />
          <ManyChoices
            id={`${form}-districts`}
            of={districts}
            label={t('users.districts')}
            description={t('users.districtsHelp')}
            error={errorOf('districts')}
            value={values.districts}
            onChange={(districts) => {
              set({ districts });
            }}
          />
          <PasswordInput
            id={`${form}-password`}
            size="md"
            label={t(user === undefined ? 'users.password' : 'users.newPassword')}
            description={t(user === undefined ? 'users.passwordHelp' : 'users.newPasswordHelp')}
            autoComplete="new-password"
            error={errorOf('password')}
            value={values.password}
            onChange={(event) => {
              set({ password: event.currentTarget.value });
            }}
          />
        </fieldset>
      ) : null}
      {is('OFFICER') || is('CLAIM_ADMIN') || is('INTERACTIVE') ? (
        <fieldset className={styles.section}>
          <legend className={styles.legend}>{t('users.work')}</legend>
          <OneChoice
            id={`${form}-health_facility_id`}
            of={facilities}
            label={t('users.facility')}
            error={errorOf('health_facility_id')}
            value={values.facility}
            onChange={(facility) => {
              set({ facility });
            }}
          />
          {is('OFFICER') ? (
            <>
              <OneChoice
                id={`${form}-location_id`}
                of={districts}
                label={t('users.district')}
                error={errorOf('location_id')}
                value={values.location}
                onChange={(location) => {
                  set({ location });
                }}
              />
              <ManyChoices
                id={`${form}-village_ids`}
                of={villages}
                label={t('users.villages')}
                error={errorOf('village_ids')}
                value={values.villages}
                onChange={(villages) => {
                  set({ villages });
                }}
              />
              <Textarea
                id={`${form}-address`}
                size="md"
                autosize
                minRows={2}
                maxLength={500}
                label={t('users.address')}
                error={errorOf('address')}
                value={values.address}
                onChange={(event) => {
                  set({ address: event.currentTarget.value });
                }}
              />
            </>
          ) : null}
          {is('OFFICER') || is('CLAIM_ADMIN') ? (
            <div className={styles.pair}>
              {text('birth_date', { type: 'date' })}
              {is('OFFICER') ? text('works_to', { type: 'date' }) : null}
            </div>
          ) : null}
          {is('OFFICER') && session.menu.includes('officer.officers') ? (
            <OneChoice
              id={`${form}-substitution_officer_id`}
              of={officers}
              label={t('users.substitute')}
              description={t('users.substituteHelp')}
              error={errorOf('substitution_officer_id')}
              value={values.substitute}
              onChange={(substitute) => {
                set({ substitute });
              }}
            />
          ) : null}
          {is('OFFICER') ? (
            <Checkbox
              label={t('users.phone_communication')}
              checked={values.phone_communication}
              onChange={(event) => {
                set({ phone_communication: event.currentTarget.checked });
              }}
            />
          ) : null}
        </fieldset>
      ) : null}
    </SchemePanel>
  );
}
