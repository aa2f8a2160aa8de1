/** The languages of the interface. Direction follows the language, never the content. */
export const languages = {
  en: { name: 'English', direction: 'ltr' },
  fr: { name: 'Français', direction: 'ltr' },
  es: { name: 'Español', direction: 'ltr' },
  ar: { name: 'العربية', direction: 'rtl' },
} as const;

/** A language the interface speaks. */
export type Language = keyof typeof languages;

/** All of them, in the order people choose from. */
export const languageCodes = Object.keys(languages) as Language[]; // keys of a constant object are its literal type

/** Tells whether a code, from a server or a browser, is one of ours. */
export function isLanguage(code: string | null | undefined): code is Language {
  return code !== null && code !== undefined && Object.hasOwn(languages, code);
}

/** The first of our languages among wished ones such as `fr-CA`, else English. */
export function pickLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const code = wish.toLowerCase().split('-')[0];
    if (isLanguage(code)) return code;
  }
  return 'en';
}
