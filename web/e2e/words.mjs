// The words that people read, in their language, from the catalogues themselves.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** The words of the screens in a language, from the catalogues themselves. */
export function words(language) {
  const read = (path) => JSON.parse(readFileSync(new URL(`../src/${path}/texts/${language}.json`, import.meta.url), 'utf8'));
  const catalogues = {
    tpm: read('modules/tpm'),
    account: read('modules/account'),
    insuree: read('modules/insuree'),
    facility: read('modules/facility'),
    medical: read('modules/medical'),
    location: read('modules/location'),
    officer: read('modules/officer'),
    customisation: read('modules/customisation'),
    permission: read('modules/permission'),
    setting: read('modules/setting'),
    ui: read('ui'),
    app: read('app'),
  };
  return (key, values = {}) => {
    const [space, name] = key.includes(':') ? key.split(':') : ['tpm', key];
    const text = name.split('.').reduce((tree, part) => tree?.[part], catalogues[space]);
    assert.equal(typeof text, 'string', `there is no text ${key} in ${language}`);
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, value) => values[value] ?? '');
  };
}

/** Matches a label with whatever stands behind it, such as "(required)". */
export const starting = (text) => new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`);

/**
 * The languages and sizes of screen that stories are told in. One that takes long is told across: `across` are two ways in which each language and each size
 * comes once, `other` the other two.
 */
const ways = {
  englishDesk: { name: 'English, desk', language: 'en', look: 'light' },
  arabicDesk: { name: 'Arabic, desk', language: 'ar', look: 'arabic' },
  englishPhone: { name: 'English, phone', language: 'en', look: 'phone' },
  arabicPhone: { name: 'Arabic, phone', language: 'ar', look: 'arabicPhone' },
};
export const across = [ways.englishDesk, ways.arabicPhone];
export const other = [ways.arabicDesk, ways.englishPhone];
