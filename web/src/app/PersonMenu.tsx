import { Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUserCog } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { languageCodes, languages } from '../i18n/languages';
import type { SignedIn } from '../kit/session';
import { useLanguageChoice } from '../kit/useLanguageChoice';
import { setAppearance } from '../theme/appearance';
import { useAppearance } from '../theme/useAppearance';
import { Avatar } from '../ui/Avatar';
import styles from './PersonMenu.module.css';
import { useSignOut } from './useSignOut';

const schemes = [
  { value: 'light', icon: IconSun },
  { value: 'dark', icon: IconMoon },
  { value: 'auto', icon: IconDeviceDesktop },
] as const;

/** The person at the foot of the menu: profile, language, light and dark, sign out. */
export function PersonMenu({ session }: { session: SignedIn }) {
  const { t, i18n } = useTranslation('app');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { contrast } = useAppearance();
  const chooseLanguage = useLanguageChoice(true);
  const signOut = useSignOut();
  const { user, roles } = session;
  return (
    <Menu width={232} position="top-start">
      <Menu.Target>
        <button type="button" className={styles.person} aria-label={t('person.menu', { name: user.name })}>
          <Avatar name={user.name} size={28} decorative />
          <span className={styles.words}>
            <span className={styles.name}>{user.name}</span>
            <span className={styles.role}>{roles[0] ?? user.email}</span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUserCog size={16} stroke={1.7} />} component={Link} to={`/${session.workspace.code}/settings/profile`}>
          {t('person.profile')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('person.language')}</Menu.Label>
        {languageCodes
          .filter((code) => session.languages.length === 0 || session.languages.includes(code))
          .map((code) => (
            <Menu.Item
              key={code}
              role="menuitemradio"
              aria-checked={code === i18n.language}
              lang={code}
              leftSection={<Tick on={code === i18n.language} />}
              onClick={() => {
                chooseLanguage(code);
              }}
            >
              {languages[code].name}
            </Menu.Item>
          ))}
        <Menu.Divider />
        <Menu.Label>{t('person.appearance')}</Menu.Label>
        {schemes.map(({ value, icon: Icon }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            leftSection={<Tick on={colorScheme === value} />}
            rightSection={<Icon size={15} stroke={1.7} />}
            onClick={() => {
              setColorScheme(value);
            }}
          >
            {t(`scheme.${value}`)}
          </Menu.Item>
        ))}
        <Menu.Item
          role="menuitemcheckbox"
          aria-checked={contrast === 'more'}
          leftSection={<Tick on={contrast === 'more'} />}
          onClick={() => {
            setAppearance({ contrast: contrast === 'more' ? 'system' : 'more' });
          }}
        >
          {t('contrast')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} stroke={1.7} />}
          onClick={() => {
            signOut.mutate();
          }}
        >
          {t('person.signOut')}
        </Menu.Item>
        {session.version === '' ? null : <Menu.Label>{t('person.version', { version: session.version })}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}

function Tick({ on }: { on: boolean }) {
  return <IconCheck size={16} stroke={2} style={{ opacity: on ? 1 : 0 }} />;
}
