import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PathLink } from './PathLink';

/** The primary button that leads to a form for something new. Over a list, the list stays as it is narrowed. */
export function AddLink({ to, children }: { to: string; children: ReactNode }) {
  const { pathname, searchStr } = useLocation();
  return (
    <Button component={PathLink} to={to.startsWith(`${pathname}/`) ? `${to}${searchStr}` : to} leftSection={<IconPlus size={16} stroke={1.8} />}>
      {children}
    </Button>
  );
}
