import { useSyncExternalStore } from 'react';
import { type Appearance, appearance, onAppearance } from './appearance';

/** The appearance settings, re-rendering when one changes. */
export function useAppearance(): Appearance {
  return useSyncExternalStore(onAppearance, appearance);
}
