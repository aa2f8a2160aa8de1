import type { Texts } from '../i18n/i18n';

/** The texts of the building blocks. */
export const uiTexts: Texts = {
  en: () => import('./texts/en.json'),
  fr: () => import('./texts/fr.json'),
  es: () => import('./texts/es.json'),
  ar: () => import('./texts/ar.json'),
};
