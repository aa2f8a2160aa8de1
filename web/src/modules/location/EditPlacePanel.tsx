import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { paths } from './paths';
import { PlacePanel } from './PlacePanel';
import { placeQuery } from './queries';

/** Changes a place, over the tree. */
export default function EditPlacePanel() {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const { data: place } = useSuspenseQuery(placeQuery(ws, useParam('place')));
  return <PlacePanel place={place} onClose={(saved) => void navigate({ to: paths.places(ws), search: true, ignoreBlocker: saved !== undefined })} />;
}
