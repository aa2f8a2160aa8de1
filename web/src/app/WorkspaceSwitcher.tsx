import { Combobox, useCombobox } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { useLocation, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignedIn } from '../kit/session';
import { Clip } from '../ui/Clip';
import { Tag } from '../ui/Tag';
import { Mark } from './Mark';
import styles from './WorkspaceSwitcher.module.css';

/** The mark, where one is, and the way to the person's other workspaces, staying in the same section. */
export function WorkspaceSwitcher({ session, onSwitch }: { session: SignedIn; onSwitch?: () => void }) {
  const { t } = useTranslation('app');
  const router = useRouter();
  const { pathname } = useLocation();
  const [wanted, setWanted] = useState('');
  const { workspace, workspaces } = session;
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setWanted('');
    },
    onDropdownOpen: () => {
      combobox.focusSearchInput();
    },
  });

  const face = (
    <>
      <Mark size={26} />
      <span className={styles.words}>
        <span className={styles.product}>{t('product')}</span>
        <span className={styles.where}>
          <Clip>{workspace.name}</Clip>
          <Environment name={session.environment} />
        </span>
      </span>
    </>
  );
  if (workspaces.length < 2) return <div className={styles.face}>{face}</div>;

  const found = workspaces.filter((candidate) => `${candidate.name} ${candidate.code}`.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase()));
  return (
    <Combobox
      store={combobox}
      width={260}
      position="bottom-start"
      onOptionSubmit={(code) => {
        combobox.closeDropdown();
        onSwitch?.();
        const section = pathname.split('/')[2];
        void router.navigate({ to: section === undefined || section === '' ? `/${code}` : `/${code}/${section}` });
      }}
    >
      <Combobox.Target targetType="button">
        <button type="button" className={styles.face} onClick={() => { combobox.toggleDropdown(); }} aria-label={t('workspace.switch', { name: workspace.name })}>
          {face}
          <IconSelector size={16} stroke={1.7} className={styles.arrows} />
        </button>
      </Combobox.Target>
      <Combobox.Dropdown className={styles.dropdown}>
        <Combobox.Search
          value={wanted}
          onChange={(event) => {
            setWanted(event.currentTarget.value);
            combobox.selectFirstOption();
          }}
          placeholder={t('workspace.find')}
          aria-label={t('workspace.find')}
        />
        <Combobox.Options aria-label={t('workspace.workspaces')} mah={320} style={{ overflowY: 'auto' }}>
          {found.map((candidate) => (
            <Combobox.Option key={candidate.code} value={candidate.code} active={candidate.code === workspace.code}>
              <span className={styles.option}>
                <bdi>{candidate.name}</bdi>
                <span className="reference">{candidate.code}</span>
              </span>
            </Combobox.Option>
          ))}
          {found.length === 0 ? <Combobox.Empty>{t('workspace.none')}</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Environment({ name }: { name: string }) {
  const { t } = useTranslation('app');
  if (name === '' || name === 'production') return null;
  return <Tag tone={name === 'demo' ? 'warn' : 'danger'}>{name === 'demo' ? t('environment.demo') : name}</Tag>;
}
