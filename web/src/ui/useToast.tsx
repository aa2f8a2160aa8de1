import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/ApiError';
import { RequestNumber } from './RequestNumber';
import styles from './toast.module.css';
import { useErrorText } from './useErrorText';

/** What a toast says: what happened, and what now. */
export interface Toast {
  title: ReactNode;
  text?: ReactNode;
}

/**
 * Shows toasts. `success` and `info` leave after five seconds, `error` stays until dismissed and carries the request's
 * number. All survive a change of page. Never the only place of a field's error.
 */
export function useToast() {
  const { t } = useTranslation('ui');
  const errorText = useErrorText();

  function show(tone: 'ok' | 'info' | 'danger', { title, text }: Toast, stays: boolean) {
    const Icon = { ok: IconCircleCheck, info: IconInfoCircle, danger: IconAlertTriangle }[tone];
    return notifications.show({
      title,
      message: text,
      autoClose: stays ? false : 5000,
      role: stays ? 'alert' : 'status',
      icon: <Icon size={20} stroke={1.8} />,
      classNames: { root: styles.toast, icon: styles.icon, title: styles.title, description: styles.text },
      closeButtonProps: { 'aria-label': t('close') },
      'data-tone': tone,
    });
  }

  return {
    success: (toast: Toast) => show('ok', toast, false),
    info: (toast: Toast) => show('info', toast, false),
    error(error: unknown, title?: string) {
      // An ended session has a dialog of its own.
      if (error instanceof ApiError && error.signedOut) return undefined;
      const said = errorText(error);
      return show(
        'danger',
        {
          title: title ?? said.title,
          text: (
            <>
              {said.text}
              {said.requestId === '' ? null : (
                <div>
                  <RequestNumber id={said.requestId} />
                </div>
              )}
            </>
          ),
        },
        true,
      );
    },
  };
}
