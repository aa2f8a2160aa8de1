// @vitest-environment node
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { languageCodes } from './languages';

const source = join(import.meta.dirname, '..');
const forms = ['zero', 'one', 'two', 'few', 'many', 'other'];

interface Catalogue {
  name: string;
  folder: string;
}

const modules = readdirSync(join(source, 'modules'))
  .filter((name) => existsSync(join(source, 'modules', name, 'module.ts')))
  .map((name) => ({ name, folder: join(source, 'modules', name, 'texts') }));
const catalogues: Catalogue[] = [
  { name: 'app', folder: join(source, 'app', 'texts') },
  { name: 'ui', folder: join(source, 'ui', 'texts') },
  ...modules,
];

function read({ folder }: Catalogue, language: string): Map<string, string> {
  const texts = new Map<string, string>();
  const walk = (tree: Record<string, unknown>, path: string) => {
    for (const [key, value] of Object.entries(tree)) {
      const at = path === '' ? key : `${path}.${key}`;
      if (typeof value === 'string') texts.set(at, value);
      else walk(value as Record<string, unknown>, at); // catalogues hold only texts and trees of texts
    }
  };
  walk(JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Record<string, unknown>, '');
  return texts;
}

function plural(key: string): string | undefined {
  const form = forms.find((candidate) => key.endsWith(`_${candidate}`));
  return form === undefined ? undefined : key.slice(0, -form.length - 1);
}

/** Keys with the forms of a plural folded into one. */
function folded(texts: Map<string, string>): string[] {
  return [...new Set([...texts.keys()].map((key) => (plural(key) === undefined ? key : `${plural(key)}_*`)))].sort();
}

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? ''))].sort();
}

describe.each(catalogues)('texts of $name', (catalogue) => {
  const english = read(catalogue, 'en');

  test.each(languageCodes)('%s has the same keys as English', (language) => {
    expect(folded(read(catalogue, language))).toEqual(folded(english));
  });

  test.each(languageCodes)('%s has every form its plurals need', (language) => {
    const texts = read(catalogue, language);
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const missing = folded(texts)
      .filter((key) => key.endsWith('_*'))
      .flatMap((key) => needed.map((form) => `${key.slice(0, -2)}_${form}`))
      .filter((key) => !texts.has(key));
    expect(missing).toEqual([]);
  });

  test.each(languageCodes)('%s says nothing with a gap that nobody fills, and drops none', (language) => {
    for (const [key, text] of read(catalogue, language)) {
      const base = plural(key);
      const model = english.get(base === undefined ? key : `${base}_other`) ?? '';
      // A form for exactly one or two may leave the number out: it says it in words.
      const may = placeholders(model);
      const has = placeholders(text);
      expect(has.filter((name) => !may.includes(name)), `${key} in ${language}`).toEqual([]);
      expect(may.filter((name) => !has.includes(name) && !(name === 'count' && base !== undefined)), `${key} in ${language}`).toEqual([]);
      expect(text.trim(), `${key} in ${language}`).not.toBe('');
    }
  });
});

test('every key the code asks for is there', () => {
  const known = new Map(catalogues.map((catalogue) => [catalogue.name, new Set(folded(read(catalogue, 'en')).map((key) => key.replace(/_\*$/, '')))]));
  const missing: string[] = [];
  for (const file of sources(source)) {
    const text = readFileSync(file, 'utf8');
    const home = /useTranslation\('(\w+)'\)/.exec(text)?.[1];
    for (const [, key = ''] of text.matchAll(/\bt\('([^']+)'/g)) {
      const [space, name] = key.includes(':') ? key.split(':') : [home, key];
      if (!space || !name || !known.get(space)?.has(name)) missing.push(`${key} in ${file.slice(source.length + 1)}`);
    }
  }
  expect(missing).toEqual([]);
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.') ? [path] : [];
  });
}
