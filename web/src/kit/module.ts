import type { QueryClient } from '@tanstack/react-query';
import type { ComponentType, ReactNode } from 'react';
import type { Texts } from '../i18n/i18n';

/** What a route's loader is given. */
export interface LoaderInput {
  queryClient: QueryClient;
  /** The parameters in the path, `ws` (the workspace's code) among them. */
  params: Record<string, string>;
  /** The search parameters as `validateSearch` returned them. */
  search: Record<string, unknown>;
  signal: AbortSignal;
}

/** A screen of a module, at a path below `/:ws`. */
export interface ModuleRoute {
  /** Relative to the parent, parameters as `$name`: `visits/$ref`. */
  path: string;
  /** Loads the screen's code, on first visit or when a link to it is pointed at. The screen is the default export. */
  load: () => Promise<{ default: ComponentType }>;
  /** Fetches what the screen shows before it appears. */
  loader?: (input: LoaderInput) => Promise<unknown>;
  /**
   * Turns whatever the address bar says into the screen's search parameters; must not throw. Parameters it leaves out
   * stay as they came, so a screen reads only what it checked.
   */
  validateSearch?: (raw: Record<string, unknown>) => Record<string, unknown>;
  /** Key in the session's menu without which the screen shows "no access". */
  needs?: string;
  /** Screens inside this one's `Outlet`, such as side panels. */
  children?: ModuleRoute[];
}

/** A child of a menu entry, such as a saved view. */
export interface MenuChild {
  key: string;
  label: string;
  to: string;
  icon?: ReactNode;
  count?: number | undefined;
}

/** An entry of the menu. It is shown when the session's menu names its key, or always when it has none. */
export interface MenuEntry {
  key?: string;
  /** Text key with its module: `tpm:menu.visits`. */
  label: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  /** The path it opens in a workspace, of those that are open to the reader: `allowed` is the session's menu. */
  to: (ws: string, allowed: readonly string[]) => string;
  /** The path below which the reader is at this entry, where that is more than the path it opens. */
  under?: (ws: string) => string;
  /** Text key of the group head it stands under; entries without one come first. */
  group?: string;
  /** Text key of what one does there, for the start page of people without a work page of their own. */
  about?: string;
  /** Text key naming a search that the start page offers at once: it opens the screen with what was typed. */
  search?: string;
  /** Place among all entries, ascending. */
  order: number;
  /** Also in the bar at the foot of a phone. */
  phone?: boolean;
  /** A hook giving the number behind the label; undefined while unknown. */
  useCount?: (ws: string) => number | undefined;
  /** The number asks for the reader: shown on brand ground. */
  countIsMine?: boolean;
  /** A hook giving the entries below this one. */
  useChildren?: (ws: string) => MenuChild[];
}

/** Where a module may place a part of its own in the shell. */
export interface Slots {
  /** The work page at `/:ws` of those whose menu has the key; of several modules the first one listed is shown. */
  home?: { needs: string; load: () => Promise<{ default: ComponentType }> };
  /** A line above the page, such as "offline since". */
  banner?: ComponentType;
  /** A button at the foot of the menu, beside the person, such as the bell. */
  foot?: ComponentType;
}

/** What a module contributes to the web app, as data. The list is `src/modules.ts`. */
export interface WebModule {
  /** Also the namespace of its texts. */
  name: string;
  routes: ModuleRoute[];
  menu: MenuEntry[];
  texts: Texts;
  /**
   * The texts of values of choices, by module.entity.field: the key of each value, or the beginning of all. What administrators call a value then stands wherever
   * its text does.
   */
  choices?: Readonly<Record<string, string | ((value: string) => string)>>;
  slots?: Slots;
}
