import type { MenuEntry, WebModule } from '../kit/module';

/** The entries a person may open, in order, as groups in order of their first entry. */
export function menuGroups(modules: readonly WebModule[], allowed: readonly string[]): { group: string | undefined; entries: MenuEntry[] }[] {
  const open = modules
    .flatMap((module) => module.menu)
    .filter((entry) => entry.key === undefined || allowed.includes(entry.key))
    .sort((a, b) => a.order - b.order);
  const groups = new Map<string | undefined, MenuEntry[]>([[undefined, []]]);
  for (const entry of open) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  return [...groups].map(([group, entries]) => ({ group, entries })).filter(({ group, entries }) => group === undefined || entries.length > 0);
}

/** Whether an address is a path, or lies below it. */
export function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(`${path}/`);
}
