import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { useWorkspace } from '../../kit/useWorkspace';
import { vocabularyQuery } from './queries';
import { type RuleWords, ruleWords } from './sentence';

/** Words for rules in the language in force; until the server's own words are there, names stand in for them. */
export function useRuleWords(): RuleWords {
  const { t, i18n } = useTranslation('permission');
  const formats = useFormats();
  const { data } = useQuery(vocabularyQuery(useWorkspace()));
  return useMemo(() => ruleWords(t, i18n.language, data, (names) => formats.list(names)), [t, i18n.language, data, formats]);
}
