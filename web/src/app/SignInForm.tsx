import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { type SubmitEvent, type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/ApiError';
import { Note } from '../ui/Note';
import { useErrorText } from '../ui/useErrorText';
import styles from './SignInForm.module.css';
import { type Credentials, isWrongCredentials } from './useSignIn';

/** E-mail and password with their troubles. With `email` given it stays as it is and only the password is asked. */
export function SignInForm({ email: fixed, busy, error, onSubmit }: { email?: string; busy: boolean; error: unknown; onSubmit: (credentials: Credentials) => void }) {
  const { t } = useTranslation('app');
  const errorText = useErrorText();
  const [email, setEmail] = useState(fixed ?? '');
  const [password, setPassword] = useState('');
  const [caps, setCaps] = useState(false);
  const [missing, setMissing] = useState(false);
  const fields = error instanceof ApiError ? error.fields : {};
  const onFields = Object.keys(fields).some((name) => name === 'email' || name === 'password');
  const wrong = isWrongCredentials(error);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const gap = email.trim() === '' || password === '';
    setMissing(gap);
    if (!gap) onSubmit({ email: email.trim(), password });
  }

  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      {missing ? (
        <Note tone="danger" role="alert">
          {t('signIn.missing')}
        </Note>
      ) : null}
      {error && !onFields && !missing ? (
        <Note tone="danger" role="alert" title={wrong ? t('signIn.wrong') : errorText(error).title}>
          {wrong ? t('signIn.wrongHint') : errorText(error).text}
        </Note>
      ) : null}
      <div className={styles.fields}>
        <TextInput
          size="md"
          label={t('signIn.email')}
          placeholder={t('signIn.emailHint')}
          type="email"
          dir="ltr"
          autoComplete="username"
          value={email}
          readOnly={fixed !== undefined}
          error={fields.email?.join(' ')}
          onChange={(event) => {
            setEmail(event.currentTarget.value);
          }}
        />
        <PasswordInput
          size="md"
          label={t('signIn.password')}
          autoComplete="current-password"
          data-autofocus={fixed !== undefined || undefined}
          value={password}
          error={fields.password?.join(' ')}
          description={caps ? t('signIn.caps') : undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          visibilityToggleIcon={({ reveal }) => (reveal ? <IconEyeOff size={17} stroke={1.7} /> : <IconEye size={17} stroke={1.7} />)}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
          onKeyUp={(event: KeyboardEvent) => {
            setCaps(event.getModifierState('CapsLock'));
          }}
          onBlur={() => {
            setCaps(false);
          }}
        />
      </div>
      <Button type="submit" size="lg" loading={busy} className={styles.submit}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
