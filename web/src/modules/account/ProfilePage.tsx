import { NativeSelect, Switch, useMantineColorScheme } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { isLanguage, languageCodes, languages } from '../../i18n/languages';
import { useFormats } from '../../i18n/useFormats';
import { PageHead } from '../../kit/PageHead';
import { useSession } from '../../kit/session';
import { useLanguageChoice } from '../../kit/useLanguageChoice';
import { setAppearance } from '../../theme/appearance';
import { useAppearance } from '../../theme/useAppearance';
import { Card } from '../../ui/Card';
import { Segmented } from '../../ui/Segmented';
import { useToast } from '../../ui/useToast';
import { OrganizationCard } from './OrganizationCard';
import styles from './ProfilePage.module.css';
import { profileQuery } from './queries';

/** One's own profile: who one is here, for whom one acts, language, and how the app looks on this device. */
export default function ProfilePage() {
  const { t, i18n } = useTranslation('account');
  const formats = useFormats();
  const toast = useToast();
  const session = useSession();
  const { data: profile } = useSuspenseQuery(profileQuery(session.workspace.code));
  const chooseLanguage = useLanguageChoice(true, () => toast.success({ title: t('languageSaved') }));
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { contrast, density, shortcuts } = useAppearance();

  return (
    <>
      <PageHead title={t('title')} />
      <div className={styles.page}>
        <Card title={t('person')}>
          <dl className={styles.facts}>
            <Fact name={t('name')} value={session.user.name} />
            <Fact name={t('email')} value={session.user.email} isolate />
            <Fact name={t('jobTitle')} value={profile.job_title} />
            <Fact name={t('phone')} value={profile.phone_number} isolate />
            <Fact
              name={t('roles', { workspace: session.workspace.name })}
              value={session.roles.length > 0 ? formats.list(session.roles) : t('noRoles')}
            />
          </dl>
        </Card>
        <OrganizationCard session={session} />
        <Card title={t('reading')}>
          <NativeSelect
            className={styles.field}
            label={t('language')}
            value={i18n.language}
            data={languageCodes
              .filter((code) => session.languages.length === 0 || session.languages.includes(code))
              .map((code) => ({ value: code, label: languages[code].name }))}
            onChange={(event) => {
              const code = event.currentTarget.value;
              if (isLanguage(code)) chooseLanguage(code);
            }}
          />
        </Card>
        <Card title={t('device')}>
          <div className={styles.settings}>
            <div>
              <p className={styles.label}>{t('scheme')}</p>
              <Segmented
                label={t('scheme')}
                value={colorScheme}
                onChange={setColorScheme}
                options={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`schemeOption.${value}`) }))}
              />
            </div>
            <div>
              <p className={styles.label}>{t('density')}</p>
              <Segmented
                label={t('density')}
                value={density}
                onChange={(value) => {
                  setAppearance({ density: value });
                }}
                options={(['comfortable', 'default', 'compact'] as const).map((value) => ({ value, label: t(`densityOption.${value}`) }))}
              />
            </div>
            <Switch
              label={t('contrast')}
              description={t('contrastHelp')}
              checked={contrast === 'more'}
              onChange={(event) => {
                setAppearance({ contrast: event.currentTarget.checked ? 'more' : 'system' });
              }}
            />
            <Switch
              label={t('shortcuts')}
              description={t('shortcutsHelp')}
              checked={shortcuts}
              onChange={(event) => {
                setAppearance({ shortcuts: event.currentTarget.checked });
              }}
            />
          </div>
        </Card>
      </div>
    </>
  );
}

function Fact({ name, value, isolate = false }: { name: string; value: string | null; isolate?: boolean }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{value ? isolate ? <bdi dir="ltr">{value}</bdi> : value : '–'}</dd>
    </div>
  );
}
