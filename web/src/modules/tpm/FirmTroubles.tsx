import { useMemo } from 'react';
import { ErrorSummary } from '../../ui/ErrorSummary';
import { Note } from '../../ui/Note';
import { useErrorText } from '../../ui/useErrorText';
import type { Refusals } from './firmForm';

/** What the server refused, above a form: several fields with links, and what belongs to no field. Inputs are called `form-field`. */
export function FirmTroubles({ refused, form }: { refused: Refusals<string>; form: string }) {
  const errorText = useErrorText();
  // The summary takes the focus when it changes, so it must not change with every letter typed.
  const troubles = useMemo(() => {
    const all = Object.entries(refused.fields).map(([field, message = '']) => ({ fieldId: `${form}-${field}`, message }));
    return all.length > 1 ? all : [];
  }, [refused, form]);
  return (
    <>
      <ErrorSummary troubles={troubles} />
      {refused.others.map((message) => (
        <Note key={message} tone="danger" role="alert">
          {message}
        </Note>
      ))}
      {refused.general ? (
        <Note tone="danger" role="alert" title={errorText(refused.error).title}>
          {errorText(refused.error).text}
        </Note>
      ) : null}
    </>
  );
}
