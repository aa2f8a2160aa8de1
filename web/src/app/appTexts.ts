import type { Texts } from '../i18n/i18n';

/** The shell's texts. */
export const appTexts: Texts = {
  en: () => import('./texts/en.json'),
  fr: () => import('./texts/fr.json'),
  es: () => import('./texts/es.json'),
  ar: () => import('./texts/ar.json'),
};
