import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { workspaceIn } from '../api/workspace';
import { type Formats, formats } from './format';
import { isLanguage } from './languages';

/** Dates, times and numbers in the language in force and the manner of the workspace in the address bar. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  const workspace = workspaceIn(window.location.pathname);
  return useMemo(() => formats(isLanguage(i18n.language) ? i18n.language : 'en', workspace), [i18n.language, workspace]);
}
