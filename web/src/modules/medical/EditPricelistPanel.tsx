import { useNavigate } from '@tanstack/react-router';
import { useWorkspace } from '../../kit/useWorkspace';
import { paths } from './paths';
import { PricelistPanel } from './PricelistPanel';
import { useKind } from './useKind';
import { usePricelist } from './usePricelist';

/** Changes the price list of the page behind. */
export default function EditPricelistPanel() {
  const ws = useWorkspace();
  const kind = useKind();
  const navigate = useNavigate();
  const list = usePricelist();
  return <PricelistPanel kind={kind} list={list} onClose={(saved) => void navigate({ to: paths.pricelist(ws, kind, list.id), search: true, ignoreBlocker: saved !== undefined })} />;
}
