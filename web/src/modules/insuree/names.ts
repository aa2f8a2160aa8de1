import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { codesQuery, type CodeField } from './queries';
import type { Code, Person } from './wire';

/** Somebody's name as it is spoken: other names first. */
export function fullName({ other_names, last_name }: Pick<Person, 'other_names' | 'last_name'>): string {
  return [other_names, last_name].filter(Boolean).join(' ');
}

/** The word in the reader's language as far as the scheme has it: its second language is French wherever the lists came with the program. */
export function wordOf(code: Code, language: string): string {
  return language === 'fr' && code.alt_language ? code.alt_language : code.name;
}

/** The words of a list, by id. */
export function useWords(field: CodeField): (code: Code | null | undefined) => string {
  const { i18n } = useTranslation();
  const { data } = useQuery(codesQuery(useWorkspace(), field));
  return useCallback((code: Code | null | undefined) => (code ? wordOf(data?.find((known) => known.id === code.id) ?? code, i18n.language) : ''), [data, i18n.language]);
}
