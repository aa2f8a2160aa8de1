import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { changeFirm, type FirmDetail, firmFields, firmId, type FirmInput, firmKeys, firmQuery } from './firmQueries';

/** The firm of the page, which the route has loaded. */
export function useFirm(): FirmDetail {
  const { data } = useSuspenseQuery(firmQuery(useWorkspace(), firmId(useParam('firm'))));
  return data;
}

/** Puts a firm as the server just answered it where all parts of the page read it, and has the lists read again. */
export function useTakeFirm(): (firm: FirmDetail) => void {
  const ws = useWorkspace();
  const client = useQueryClient();
  return (firm) => {
    client.setQueryData(firmKeys.firm(ws, firm.id), firm);
    void client.invalidateQueries({ queryKey: firmKeys.lists(ws) });
    void client.invalidateQueries({ queryKey: firmKeys.choices(ws) });
  };
}

/** Changes a firm that was read in a version. What the server answers is on the page when it resolves. */
export function useFirmChange(id: number) {
  const ws = useWorkspace();
  const take = useTakeFirm();
  return useMutation({ mutationFn: ({ version, input }: { version: number; input: FirmInput }) => changeFirm(ws, id, version, input), onSuccess: take });
}

/** Tells whether the reader may change anything of a firm. */
export function editable(firm: FirmDetail): boolean {
  return firm.permissions.extensions === 'write' || firmFields.some((field) => firm.permissions[field] === 'write');
}
