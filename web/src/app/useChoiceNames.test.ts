import i18next from 'i18next';
import { expect, test } from 'vitest';
import { renameTexts, startTexts } from '../i18n/i18n';
import type { WebModule } from '../kit/module';
import { textsIn } from './useChoiceNames';

const none = () => Promise.resolve({ default: {} });
const module: WebModule = {
  name: 'ferry',
  routes: [],
  menu: [],
  texts: { en: none, fr: none, es: none, ar: none },
  choices: { 'ferry.ferry.state': 'state.', 'ferry.ferry.kind': (value) => `kind.${value.toLowerCase()}` },
};

test('names of values become texts of the module that shows them; those that nobody shows are left out', () => {
  const names = { 'ferry.ferry.state': { docked: { en: 'In port', fr: 'Au port' } }, 'ferry.ferry.kind': { BIG: { en: 'Large' } }, 'bridge.bridge.state': { open: { en: 'Up' } } };
  expect(textsIn([module], names)).toEqual([
    { language: 'en', name: 'ferry', key: 'state.docked', text: 'In port' },
    { language: 'fr', name: 'ferry', key: 'state.docked', text: 'Au port' },
    { language: 'en', name: 'ferry', key: 'kind.big', text: 'Large' },
  ]);
});

test('a text is itself again when nothing stands in its place any more', async () => {
  await startTexts();
  i18next.addResourceBundle('en', 'ferry', { state: { docked: 'Docked' } });
  const text = () => i18next.getResource('en', 'ferry', 'state.docked') as string;
  renameTexts([{ language: 'en', name: 'ferry', key: 'state.docked', text: 'In port' }]);
  expect(text()).toBe('In port');
  renameTexts([{ language: 'en', name: 'ferry', key: 'state.docked', text: 'At the quay' }, { language: 'en', name: 'ferry', key: 'state.sunk', text: 'Gone' }]);
  expect(text()).toBe('At the quay');
  expect(i18next.exists('state.sunk', { ns: 'ferry', lng: 'en' })).toBe(false);
  renameTexts([]);
  expect(text()).toBe('Docked');
});
