import { createContext, use } from 'react';
import type { WebModule } from '../kit/module';

/** The modules of this build, for the shell's menu and slots. */
export const ModulesContext = createContext<readonly WebModule[]>([]);

/** The modules of this build. */
export function useModules(): readonly WebModule[] {
  return use(ModulesContext);
}
