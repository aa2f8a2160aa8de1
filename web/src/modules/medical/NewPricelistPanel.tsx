import { useNavigate } from '@tanstack/react-router';
import { useWorkspace } from '../../kit/useWorkspace';
import { paths } from './paths';
import { PricelistPanel } from './PricelistPanel';
import { useKind } from './useKind';

/** Makes a price list, over the others, and opens it to be filled. */
export default function NewPricelistPanel() {
  const ws = useWorkspace();
  const kind = useKind();
  const navigate = useNavigate();
  return (
    <PricelistPanel
      kind={kind}
      onClose={(saved) => {
        if (saved === undefined) void navigate({ to: paths.pricelists(ws, kind), search: true });
        else void navigate({ to: paths.pricelist(ws, kind, saved.id), ignoreBlocker: true });
      }}
    />
  );
}
