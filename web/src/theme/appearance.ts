import { localStorageColorSchemeManager } from '@mantine/core';

/** What a person set about how the app looks, on this device. */
export interface Appearance {
  /** `system` follows prefers-contrast. */
  contrast: 'system' | 'more';
  density: 'comfortable' | 'default' | 'compact';
  /** Single-key shortcuts such as J and K in lists. */
  shortcuts: boolean;
}

const key = 'almoner.appearance';
const unset: Appearance = { contrast: 'system', density: 'default', shortcuts: true };

/** Where the component library keeps light, dark or auto. */
export const schemeManager = localStorageColorSchemeManager({ key: 'almoner.scheme' });

let current = read();
const listeners = new Set<() => void>();
const moreContrast = window.matchMedia('(prefers-contrast: more)');

function read(): Appearance {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(key) ?? '{}');
    return typeof stored === 'object' ? { ...unset, ...stored } : unset;
  } catch {
    return unset; // storage is shut or holds nonsense: neither is worth a word
  }
}

/** The settings in force; the same object until one of them changes. */
export function appearance(): Appearance {
  return current;
}

/** Changes some settings, keeps them on this device and applies them at once. */
export function setAppearance(change: Partial<Appearance>): void {
  current = { ...current, ...change };
  try {
    window.localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // Storage is shut: the choice lasts until the page is left.
  }
  applyAppearance();
  for (const listener of listeners) listener();
}

/** Tells when a setting changes; returns how to stop being told. */
export function onAppearance(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Writes the settings onto the document, where the style sheets read them. */
export function applyAppearance(): void {
  const root = document.documentElement;
  root.dataset.density = current.density;
  if (current.contrast === 'more' || moreContrast.matches) root.dataset.contrast = 'more';
  else delete root.dataset.contrast;
}

moreContrast.addEventListener('change', applyAppearance);
