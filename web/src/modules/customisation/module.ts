import { IconForms } from '@tabler/icons-react';
import type { WebModule } from '../../kit/module';
import { paths } from './paths';

const needs = 'customisation.fields';

/** The fields of records: those that come with the program, and those that administrators declare. */
export const customisation: WebModule = {
  name: 'customisation',
  routes: [
    { path: 'admin/fields', needs, load: () => import('./FieldsPage') },
    {
      path: 'admin/fields/$type',
      needs,
      load: () => import('./FieldsPage'),
      children: [
        { path: 'new', needs, load: () => import('./FieldPanel') },
        { path: 'further/$id', needs, load: () => import('./FieldPanel') },
        { path: 'field/$name', needs, load: () => import('./ControlPanel') },
      ],
    },
  ],
  menu: [{ key: needs, label: 'customisation:menu.fields', about: 'customisation:about', group: 'permission:menu.group', icon: IconForms, to: (ws) => paths.fields(ws), order: 92 }],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
