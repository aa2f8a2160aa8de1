import { Button, Menu } from '@mantine/core';
import { IconArrowRight, IconWorld } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isLanguage, languageCodes, languages } from '../i18n/languages';
import { type DemoPerson, sessionQuery } from '../kit/session';
import { useLanguageChoice } from '../kit/useLanguageChoice';
import { Avatar } from '../ui/Avatar';
import { CountryPicture } from './CountryPicture';
import { localPath } from './localPath';
import { Mark } from './Mark';
import { SignInForm } from './SignInForm';
import styles from './SignInPage.module.css';
import { useSignIn } from './useSignIn';

// The password of everybody in the demo world; a demo shows it to the world anyway.
const demoPassword = 'almoner-demo';

/** The way in: an account, or in a demo one of its people at a click. Goes on to `next` afterwards. */
export default function SignInPage() {
  const { t } = useTranslation('app');
  const client = useQueryClient();
  const router = useRouter();
  const search = useSearch({ strict: false }) as { next?: unknown };
  // Checked here, where it is followed: what validateSearch leaves out the router puts back as it came.
  const next = localPath(search.next);
  const { data: session } = useQuery(sessionQuery(null));
  const [chosen, setChosen] = useState<string>();
  const signIn = useSignIn(async (signedIn) => {
    client.clear();
    client.setQueryData(sessionQuery(null).queryKey, signedIn);
    await router.navigate({ href: next ?? '/', replace: true });
  });
  const demo = session?.demo ?? [];

  return (
    <div className={styles.page}>
      <title>{`${t('signIn.title')} · Almoner`}</title>
      <main className={styles.side}>
        <header className={styles.head}>
          <span className={styles.product}>
            <Mark size={31} />
            {t('product')}
          </span>
          <LanguageButton />
        </header>
        <div className={styles.content}>
          <h1 className={styles.title}>{demo.length > 0 ? t('signIn.demoTitle') : t('signIn.title')}</h1>
          <p className={styles.lead}>{demo.length > 0 ? t('signIn.demoLead') : t('signIn.lead')}</p>
          {demo.length > 0 ? (
            <>
              <ul className={styles.people}>
                {demo.map((person, index) => (
                  <li key={person.email} className={index === 0 ? styles.first : undefined}>
                    <DemoButton
                      person={person}
                      first={index === 0}
                      busy={signIn.isPending && chosen === person.email}
                      onChoose={() => {
                        setChosen(person.email);
                        signIn.mutate({ email: person.email, password: demoPassword });
                      }}
                    />
                  </li>
                ))}
              </ul>
              <p className={styles.or}>{t('signIn.own')}</p>
            </>
          ) : null}
          <SignInForm
            busy={signIn.isPending && chosen === undefined}
            error={signIn.error}
            onSubmit={(credentials) => {
              setChosen(undefined);
              signIn.mutate(credentials);
            }}
          />
        </div>
        <footer className={styles.foot}>{session?.version ? t('person.version', { version: session.version }) : null}</footer>
      </main>
      <aside className={styles.picture}>
        <CountryPicture country={demo.length > 0} />
        <div className={styles.words}>
          <p className={styles.question}>{t('signIn.question')}</p>
          <p className={styles.answer}>{t('signIn.answer')}</p>
        </div>
      </aside>
    </div>
  );
}

function DemoButton({ person, first, busy, onChoose }: { person: DemoPerson; first: boolean; busy: boolean; onChoose: () => void }) {
  const { t } = useTranslation('app');
  return (
    <button type="button" className={styles.demo} data-first={first || undefined} aria-busy={busy} onClick={busy ? undefined : onChoose}>
      <Avatar name={person.name} size={34} decorative />
      <span className={styles.demoWords}>
        <span className={styles.what}>
          {person.what}
          {first ? <span className={styles.hint}> · {t('signIn.goodStart')}</span> : null}
        </span>
        <span className={styles.name}>{person.name}</span>
      </span>
      {first ? <IconArrowRight size={17} stroke={1.8} className={styles.arrow} aria-hidden /> : null}
    </button>
  );
}

function LanguageButton() {
  const { i18n } = useTranslation('app');
  const choose = useLanguageChoice(false);
  const current = languageCodes.find((code) => code === i18n.language) ?? 'en';
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" leftSection={<IconWorld size={16} stroke={1.7} />}>
          {languages[current].name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={current}
          onChange={(code) => {
            if (isLanguage(code)) choose(code);
          }}
        >
          {languageCodes.map((code) => (
            <Menu.RadioItem key={code} value={code} lang={code} closeMenuOnClick>
              {languages[code].name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
