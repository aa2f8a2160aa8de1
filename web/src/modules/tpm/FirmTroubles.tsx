import { useTranslation } from 'react-i18next';
import { ErrorSummary } from '../../ui/ErrorSummary';
import { Note } from '../../ui/Note';
import { useErrorText } from '../../ui/useErrorText';
import type { Refusals } from './firmForm';

/**
 * What the server refused, above a form: several fields with links, and what belongs to no field. Inputs are called `form-field`; `label` tells what a field is called
 * where that is not what the program calls it.
 */
export function FirmTroubles({ refused, form, label }: { refused: Refusals<string>; form: string; label?: (field: string) => string }) {
  const { t } = useTranslation('tpm');
  const errorText = useErrorText();
  const troubles = Object.entries(refused.fields).map(([field, message = '']) => ({ fieldId: `${form}-${field}`, label: label?.(field) ?? t(`firm.field.${field}`), message }));
  return (
    <>
      <ErrorSummary troubles={troubles.length > 1 ? troubles : []} />
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
