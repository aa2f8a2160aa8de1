import { useParams } from '@tanstack/react-router';

/** The code of the workspace the page is in; only for components below the workspace route. */
export function useWorkspace(): string {
  return useParam('ws');
}

/** A parameter of the page's path, such as `ref` of `visits/$ref`; empty when the path has none of that name. */
export function useParam(name: string): string {
  return useOptionalParam(name) ?? '';
}

/** As `useParam`, for parts that also stand outside the route that has it. */
export function useOptionalParam(name: string): string | undefined {
  const params = useParams({ strict: false }) as Record<string, string | undefined>;
  return params[name];
}
