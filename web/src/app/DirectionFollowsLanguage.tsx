import { useDirection } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isLanguage, languages } from '../i18n/languages';

/** Keeps the component library's idea of direction in step with the language. */
export function DirectionFollowsLanguage() {
  const { i18n } = useTranslation();
  const { setDirection } = useDirection();
  const direction = isLanguage(i18n.language) ? languages[i18n.language].direction : 'ltr';
  useEffect(() => {
    setDirection(direction);
  }, [direction, setDirection]);
  return null;
}
