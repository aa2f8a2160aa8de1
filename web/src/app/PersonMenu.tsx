import { Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUserCog } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isLanguage, languageCodes, languages } from '../i18n/languages';
import type { SignedIn } from '../kit/session';
import { useLanguageChoice } from '../kit/useLanguageChoice';
import { setAppearance } from '../theme/appearance';
import { useAppearance } from '../theme/useAppearance';
import { Avatar } from '../ui/Avatar';
import { Clip } from '../ui/Clip';
import styles from './PersonMenu.module.css';
import { useSignOut } from './useSignOut';

const tick = <IconCheck size={16} stroke={2} />;

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
            <span className={styles.name}>
              <Clip>{user.name}</Clip>
            </span>
            <span className={styles.role}>
              <Clip>{roles[0] ?? user.email}</Clip>
            </span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUserCog size={16} stroke={1.7} />} component={Link} to={`/${session.workspace.code}/settings/profile`}>
          {t('person.profile')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('person.language')}</Menu.Label>
        <Menu.RadioGroup
          value={i18n.language}
          onChange={(code) => {
            if (isLanguage(code)) chooseLanguage(code);
          }}
        >
          {languageCodes
            .filter((code) => session.languages.length === 0 || session.languages.includes(code))
            .map((code) => (
              <Menu.RadioItem key={code} value={code} lang={code} checkIcon={tick}>
                {languages[code].name}
              </Menu.RadioItem>
            ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t('person.appearance')}</Menu.Label>
        {schemes.map(({ value, icon: Icon }) => (
          <Menu.RadioItem
            key={value}
            value={value}
            checked={colorScheme === value}
            onChange={() => {
              setColorScheme(value);
            }}
            checkIcon={tick}
            rightSection={<Icon size={15} stroke={1.7} />}
          >
            {t(`scheme.${value}`)}
          </Menu.RadioItem>
        ))}
        <Menu.CheckboxItem
          checked={contrast === 'more'}
          checkIcon={tick}
          onChange={(more) => {
            setAppearance({ contrast: more ? 'more' : 'system' });
          }}
        >
          {t('contrast')}
        </Menu.CheckboxItem>
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
