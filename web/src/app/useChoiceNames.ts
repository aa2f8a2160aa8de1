import { useEffect } from 'react';
import { type Renamed, renameTexts } from '../i18n/i18n';
import type { WebModule } from '../kit/module';
import type { ChoiceNames } from '../kit/session';

/** Calls values of choices what administrators call them. Pages that are there already follow; it is called before the first one is. */
export function nameChoices(modules: readonly WebModule[], names: ChoiceNames | undefined): void {
  renameTexts(textsIn(modules, names ?? {}));
}

/** Keeps to what administrators call values of choices while they change it. */
export function useChoiceNames(modules: readonly WebModule[], names: ChoiceNames | undefined): void {
  useEffect(() => {
    nameChoices(modules, names);
  }, [modules, names]);
}

/** The texts that are named otherwise; a value that no module shows has none. */
export function textsIn(modules: readonly WebModule[], names: ChoiceNames): Renamed[] {
  return modules.flatMap(({ name, choices = {} }) =>
    Object.entries(choices).flatMap(([field, keyOf]) =>
      Object.entries(names[field] ?? {}).flatMap(([value, texts]) =>
        Object.entries(texts).map(([language, text]) => ({ language, name, key: typeof keyOf === 'string' ? keyOf + value : keyOf(value), text })),
      ),
    ),
  );
}
