import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/ApiError';

/** Trouble in words for people. */
export interface ErrorText {
  title: string;
  text: string;
  /** The number to pass on; empty when no server saw the request. */
  requestId: string;
}

/** Puts any error into words: by its code where we have a sentence, else as the server said it, else in general. */
export function useErrorText(): (error: unknown) => ErrorText {
  const { t, i18n } = useTranslation('ui');
  return (error) => {
    if (!(error instanceof ApiError)) {
      return { title: t('error.title.failed'), text: t('error.unexpected'), requestId: '' };
    }
    const kind = kindOf(error);
    const known = `error.code.${error.code}`;
    const said = i18n.exists(known, { ns: 'ui' }) ? t(known, { count: error.retryAfter ?? 0 }) : undefined;
    const text = said ?? (kind === 'refused' && error.message ? error.message : t(`error.text.${kind}`, { count: error.retryAfter ?? 0 }));
    return { title: t(`error.title.${kind}`), text, requestId: error.requestId };
  };
}

function kindOf(error: ApiError): 'offline' | 'busy' | 'failed' | 'missing' | 'forbidden' | 'conflict' | 'large' | 'refused' {
  if (error.status === 0) return 'offline';
  if (error.status === 429) return 'busy';
  if (error.status >= 500) return 'failed';
  if (error.status === 404) return 'missing';
  if (error.status === 403 || error.status === 401) return 'forbidden';
  if (error.status === 409 || error.status === 412) return 'conflict';
  if (error.status === 413) return 'large';
  return 'refused';
}
