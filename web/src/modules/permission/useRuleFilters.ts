import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChoiceFilter, FilterOption } from '../../ui/filters';
import { effects, factsOf, folded, kinds, rolesOf, tally } from './rulesList';
import type { RuleWords } from './sentence';
import type { RuleRow } from './wire';

/** What rules can be narrowed by, each value with how many rules have it. */
export function useRuleFilters(rows: readonly RuleRow[], words: RuleWords): ChoiceFilter[] {
  const { t, i18n } = useTranslation('permission');
  const { language } = i18n;
  return useMemo(() => {
    const filter = (name: string, label: string, counts: Map<string, number>, wording: (value: string) => string, order?: readonly string[]): ChoiceFilter => {
      const values = order ?? [...counts.keys()].sort((a, b) => wording(a).localeCompare(wording(b), language));
      const options: FilterOption[] = values.map((value) => ({ value, label: wording(value), count: counts.get(value) ?? 0 }));
      return {
        kind: 'choice',
        name,
        label,
        useOptions: (typed, chosen) => ({ options: options.filter((option) => typed === '' || chosen.includes(option.value) || folded(option.label).includes(folded(typed))) }),
      };
    };
    const entities = new Map(rows.map((row) => [row.entity, row.entity_label]));
    return [
      filter('type', t('filter.type'), tally(rows, (row) => [row.entity]), (value) => entities.get(value) ?? value),
      filter('role', t('filter.role'), tally(rows, rolesOf), (value) => value),
      filter('condition', t('filter.condition'), tally(rows, factsOf), words.condition),
      filter('kind', t('filter.kind'), tally(rows, (row) => [row.kind]), (value) => t(`kind.${value}`), kinds),
      filter('effect', t('filter.effect'), tally(rows, (row) => [row.effect]), (value) => t(`effect.${value}`), effects),
    ];
  }, [rows, words, t, language]);
}
