import { Link } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

/**
 * A link to an address of the app, query and all: `/KEN/visits?status__in=draft`. `current` says whether it leads to
 * where the reader is; without it the router tells by the path.
 */
export function PathLink({ to, current, ...rest }: Omit<ComponentPropsWithRef<'a'>, 'href'> & { to: string; current?: boolean }) {
  const { pathname, searchParams, hash } = new URL(to, window.location.origin);
  return (
    <Link
      to={pathname}
      search={Object.fromEntries(searchParams)}
      {...(hash !== '' && { hash: hash.slice(1) })}
      activeOptions={current ? { exact: false, includeSearch: false } : { exact: true, includeSearch: true }}
      {...rest}
    />
  );
}
