import i18next, { type ResourceLanguage } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { isLanguage, type Language, languages, pickLanguage } from './languages';

/** How to load one module's texts in each language; each file is fetched only when its language is chosen. */
export type Texts = Record<Language, () => Promise<{ default: ResourceLanguage }>>;

const storageKey = 'almoner.language';
const catalogues = new Map<string, Texts>();
const loaded = new Set<Language>();

/** A text that stands in the place of another. */
export interface Renamed {
  language: string;
  /** The module whose text it is, and its key there. */
  name: string;
  key: string;
  text: string;
}

let renamed: readonly Renamed[] = [];
const originals = new Map<string, string>();

/** Names a module's texts; its keys are then `useTranslation('<name>')`. Call before `startTexts`. */
export function addTexts(name: string, texts: Texts): void {
  catalogues.set(name, texts);
}

/** Starts with the language chosen here before, else the browser's; resolves when its texts are there. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'cimode',
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false }, // React escapes
    react: { useSuspense: false, bindI18nStore: 'added' },
    returnNull: false,
  });
  await setLanguage(firstLanguage());
}

/** The language in force. */
export function language(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'en';
}

/** Fetches the texts when they are new, then switches texts and direction without a reload, and remembers the choice. */
export async function setLanguage(code: Language): Promise<void> {
  if (!loaded.has(code)) {
    await Promise.all(
      [...catalogues].map(async ([name, texts]) => {
        const catalogue = await texts[code]();
        i18next.addResourceBundle(code, name, catalogue.default);
      }),
    );
    loaded.add(code);
    for (const one of renamed) if (one.language === code) rename(one);
  }
  document.documentElement.lang = code;
  document.documentElement.dir = languages[code].direction;
  await i18next.changeLanguage(code);
}

/** Puts texts in the place of others until it is told of other ones: then the first are themselves again. */
export function renameTexts(next: readonly Renamed[]): void {
  const key = JSON.stringify;
  if (key(next) === key(renamed)) return;
  for (const { language, name, key } of renamed) {
    const text = originals.get([language, name, key].join());
    if (text !== undefined) i18next.addResource(language, name, key, text);
  }
  originals.clear();
  renamed = next;
  for (const one of renamed) rename(one);
}

function rename({ language, name, key, text }: Renamed): void {
  const was: unknown = i18next.getResource(language, name, key);
  // What is not loaded yet is named when it is; what is no text was meant for another program.
  if (typeof was !== 'string') return;
  originals.set([language, name, key].join(), was);
  i18next.addResource(language, name, key, text);
}

/** Keeps a choice on this device, for the next visit before anybody has signed in. */
export function rememberLanguage(code: Language): void {
  try {
    window.localStorage.setItem(storageKey, code);
  } catch {
    // Storage is shut: the browser's own language decides next time.
  }
}

function firstLanguage(): Language {
  try {
    const stored = window.localStorage.getItem(storageKey);
    if (isLanguage(stored)) return stored;
  } catch {
    // As above.
  }
  return pickLanguage(navigator.languages);
}
