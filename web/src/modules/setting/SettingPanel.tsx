import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useId, useState } from 'react';
import { ApiError } from '../../api/ApiError';
import { useSession } from '../../kit/session';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { useWorkspace } from '../../kit/useWorkspace';
import { EmptyState } from '../../ui/EmptyState';
import { Note } from '../../ui/Note';
import { Segmented } from '../../ui/Segmented';
import { SidePanel } from '../../ui/SidePanel';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { beginning, chosenFor, type Draft, draftOf, valueOf } from './draft';
import { paths } from './paths';
import { changeSetting, keys, resetSetting, settingChanged, settingsQuery } from './queries';
import { SettingFacts } from './SettingFacts';
import { SettingHistory } from './SettingHistory';
import styles from './SettingPanel.module.css';
import type { Setting } from './wire';
import { ValueField } from './ValueField';

/** The panel of one setting: what it does, how it is changed and set back, and who changed it before. */
export default function SettingPanel() {
  const { t } = useTranslation('setting');
  const ws = useWorkspace();
  const params: { setting?: string } = useParams({ strict: false });
  const navigate = useNavigate();
  const list = useQuery(settingsQuery(ws));
  const setting = list.data?.find(({ name }) => name === params.setting);
  const close = (saved: boolean) => {
    void navigate({ to: paths.settings(ws), search: true, ignoreBlocker: saved });
  };
  if (setting !== undefined) return <Panel key={setting.name} setting={setting} onClose={close} />;
  return (
    <SidePanel
      title={t('title')}
      onClose={() => {
        close(false);
      }}
    >
      {list.isPending ? <SkeletonRows rows={4} /> : <EmptyState drawing="no_match" title={t('gone')} />}
    </SidePanel>
  );
}

function Panel({ setting, onClose }: { setting: Setting; onClose: (saved: boolean) => void }) {
  const { t } = useTranslation('setting');
  const { t: ui } = useTranslation('ui');
  const { workspace } = useSession();
  const ws = workspace.code;
  const form = useId();
  const client = useQueryClient();
  const toast = useToast();
  const errorText = useErrorText();
  const [place, setPlace] = useState<'all' | 'here'>(setting.source === 'workspace' ? 'here' : 'all');
  const where = place === 'here' ? ws : '';
  const chosen = chosenFor(setting, where);
  const [draft, setDraft] = useState<Draft>();
  const [tried, setTried] = useState(false);
  // The version is that of what is being changed: who was faster in the meantime is not overwritten.
  const [version, setVersion] = useState(chosen?.version ?? 0);
  const start = draftOf(setting, beginning(setting, where));
  const shown = draft ?? start;
  const value = valueOf(setting, shown);
  const dirty = draft !== undefined && JSON.stringify(draft) !== JSON.stringify(start);

  async function done(changed: Setting, title: string) {
    await settingChanged(client, ws, changed);
    onClose(true);
    toast.success({ title, text: t('saved.soon') });
  }
  const save = useMutation({
    mutationFn: (to: NonNullable<typeof value>) => changeSetting(ws, setting.name, { value: to, workspace: where, version }),
    onSuccess: (changed) => done(changed, t('saved.changed')),
  });
  const reset = useMutation({
    mutationFn: () => resetSetting(ws, setting.name, { workspace: where, version }),
    onSuccess: (changed) => done(changed, t('saved.reset')),
  });
  const busy = save.isPending || reset.isPending;
  const error = save.error ?? reset.error;
  const refused = error instanceof ApiError ? Object.values(error.fields).flat().join(' ') : '';
  const conflict = error instanceof ApiError && error.status === 409 && error.code === 'conflict';

  function forget() {
    save.reset();
    reset.reset();
    setTried(false);
  }

  async function takeTheirs() {
    await client.invalidateQueries({ queryKey: keys.list(ws) });
    const theirs = client.getQueryData(settingsQuery(ws).queryKey)?.find(({ name }) => name === setting.name);
    setVersion((theirs === undefined ? undefined : chosenFor(theirs, where))?.version ?? 0);
    setDraft(undefined);
    forget();
  }

  return (
    <>
      <SidePanel
        title={setting.label}
        dirty={dirty}
        onClose={() => {
          onClose(false);
        }}
        foot={
          setting.pinned ? undefined : (
            <>
              {chosen === undefined || chosen.value === null ? null : (
                <Button
                  variant="subtle"
                  size="md"
                  className={styles.reset}
                  disabled={busy}
                  loading={reset.isPending}
                  onClick={() => {
                    reset.mutate();
                  }}
                >
                  {t('reset')}
                </Button>
              )}
              <Button
                variant="default"
                size="md"
                disabled={busy}
                onClick={() => {
                  onClose(false);
                }}
              >
                {ui('cancel')}
              </Button>
              <Button type="submit" form={form} size="md" loading={save.isPending} disabled={!dirty || reset.isPending}>
                {t('save')}
              </Button>
            </>
          )
        }
      >
        <div className={styles.panel}>
          <p className={styles.help}>{setting.help}</p>
          {setting.pinned ? (
            <Note tone="info" title={t('pinned.title')}>
              {t(`pinned.${setting.source}`, { place: `\u2068${setting.place}\u2069` })}
            </Note>
          ) : (
            <form
              id={form}
              noValidate
              className={styles.form}
              onSubmit={(event) => {
                event.preventDefault();
                setTried(true);
                if (value !== undefined && dirty) save.mutate(value);
              }}
            >
              {conflict ? (
                <Note
                  tone="warn"
                  role="alert"
                  title={t('conflict.title')}
                  end={
                    <Button variant="subtle" size="xs" onClick={() => void takeTheirs()}>
                      {t('conflict.take')}
                    </Button>
                  }
                >
                  {t('conflict.text')}
                </Note>
              ) : error !== null && refused === '' ? (
                <Note tone="danger" role="alert" title={errorText(error).title}>
                  {errorText(error).text}
                </Note>
              ) : null}
              {setting.per_workspace ? (
                <div className={styles.place}>
                  <span className={styles.label}>{t('place.label')}</span>
                  <Segmented
                    label={t('place.label')}
                    value={place}
                    onChange={(to) => {
                      setPlace(to);
                      setVersion(chosenFor(setting, to === 'here' ? ws : '')?.version ?? 0);
                      setDraft(undefined);
                      forget();
                    }}
                    options={[
                      { value: 'all', label: t('place.all') },
                      { value: 'here', label: t('place.here', { name: workspace.name }) },
                    ]}
                  />
                </div>
              ) : null}
              <ValueField
                setting={setting}
                draft={shown}
                error={refused !== '' ? refused : tried && value === undefined ? t('incomplete') : undefined}
                onChange={(to) => {
                  setDraft({ ...shown, ...to });
                  forget();
                }}
              />
            </form>
          )}
          <SettingFacts setting={setting} />
          <SettingHistory setting={setting} />
        </div>
      </SidePanel>
      <UnsavedGuard dirty={dirty} />
    </>
  );
}
