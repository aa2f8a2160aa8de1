import { Button, Loader, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/ApiError';
import { newKey } from '../../api/client';
import { useWorkspace } from '../../kit/useWorkspace';
import { Dialog } from '../../ui/Dialog';
import { Note } from '../../ui/Note';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { firmPlace } from './firmColumns';
import styles from './FirmForm.module.css';
import { digitsOf, isEmail, useRefusals } from './firmForm';
import { activateFirm, changeFirm, type FirmDetail, type FirmInput, findVendor, worksHere } from './firmQueries';
import { FirmTags } from './FirmTags';
import { FirmTroubles } from './FirmTroubles';
import { paths } from './paths';
import { useTakeFirm } from './useFirm';

/** How long the finance system's numbers are; a number of this length is looked up without being asked. */
const usualLength = 10;
const maxLength = 30;

const contact = ['phone_number', 'email'] as const;

/** Brings a firm into the workspace by its vendor number: it is found, switched on, and its contact is put right. */
export default function FirmAddDialog() {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const form = useId();
  const navigate = useNavigate();
  const router = useRouter();
  const toast = useToast();
  const take = useTakeFirm();
  const [number, setNumber] = useState('');
  const [missing, setMissing] = useState(false);
  const [input, setInput] = useState<Required<Pick<FirmInput, 'phone_number' | 'email'>>>({ phone_number: '', email: '' });
  const [bad, setBad] = useState(false);
  // One key for this dialog: pressing twice switches the firm on once.
  const [key] = useState(newKey);
  const idOf = (field: string) => `${form}-${field}`;

  const look = useMutation({
    mutationFn: async (wanted: string) => {
      const firm = await findVendor(ws, wanted);
      return { firm, here: !firm.hidden && (await worksHere(ws, firm)) };
    },
    onSuccess: ({ firm }) => {
      setInput({ phone_number: firm.phone_number ?? '', email: firm.email ?? '' });
    },
  });
  const add = useMutation({
    mutationFn: async (firm: FirmDetail) => {
      const active = await activateFirm(ws, firm.id, `${key}-${firm.id}`.slice(0, 64));
      take(active);
      const changed: FirmInput = {
        ...(input.phone_number === (firm.phone_number ?? '') ? {} : { phone_number: input.phone_number }),
        ...(input.email === (firm.email ?? '') ? {} : { email: input.email }),
      };
      return Object.keys(changed).length === 0 ? active : changeFirm(ws, firm.id, active.version, changed);
    },
    onSuccess: async (firm) => {
      take(firm);
      await navigate({ to: paths.firm(ws, firm.id), replace: true });
      toast.success({ title: t('firms.added', { firm: firm.name }) });
    },
  });

  // The answer for another number than the one that stands there means nothing.
  const asked = look.variables === number;
  const found = asked ? look.data : undefined;
  const refused = useRefusals(add.error, contact);
  const wrongEmail = found !== undefined && input.email !== '' && input.email !== found.firm.email && !isEmail(input.email);

  function close() {
    void navigate({ to: paths.firms(ws), search: router.state.location.search });
  }

  function find(wanted: string) {
    setMissing(wanted === '');
    if (wanted !== '' && !look.isPending && !(asked && look.isSuccess && wanted === number)) {
      add.reset();
      look.mutate(wanted);
    }
  }

  function submit() {
    if (found === undefined) {
      find(number);
      return;
    }
    if (found.here) {
      void navigate({ to: paths.firm(ws, found.firm.id), replace: true });
      return;
    }
    if (wrongEmail) {
      setBad(true);
      document.getElementById(idOf('email'))?.focus();
      return;
    }
    add.mutate(found.firm);
  }

  return (
    <Dialog
      opened
      onClose={close}
      busy={add.isPending}
      title={t('firms.addTitle')}
      facts={t('firms.addFacts')}
      buttons={
        <>
          <Button variant="default" size="md" onClick={close} disabled={add.isPending}>
            {t('ui:cancel')}
          </Button>
          <Button type="submit" form={form} size="md" loading={add.isPending || look.isPending}>
            {t(found === undefined ? 'firms.find' : found.here ? 'firms.open' : 'firms.addConfirm')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextInput
          id={idOf('number')}
          data-autofocus
          size="md"
          dir="ltr"
          inputMode="numeric"
          autoComplete="off"
          label={`${t('firm.number')} ${t('ui:required')}`}
          aria-required
          description={t('firms.numberHelp')}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          value={number}
          readOnly={look.isPending}
          rightSection={look.isPending ? <Loader size={16} aria-label={t('firms.looking')} /> : undefined}
          error={missing ? t('firms.numberMissing') : asked ? unknown(look.error) : undefined}
          onChange={(event) => {
            const digits = digitsOf(event.currentTarget.value).slice(0, maxLength);
            setNumber(digits);
            setMissing(false);
            if (digits.length === usualLength && digits !== number) find(digits);
          }}
          onBlur={() => {
            if (number !== '' && !asked) find(number);
          }}
        />
        {asked ? <Unreachable error={look.error} /> : null}
        <div role="status" className={styles.status}>{found === undefined ? null : <Found firm={found.firm} here={found.here} />}</div>
        {found === undefined || found.here ? null : (
          <>
            <FirmTroubles refused={refused} form={form} />
            <div className={styles.pair}>
              {contact
                .filter((field) => found.firm.permissions[field] === 'write')
                .map((field) => (
                  <TextInput
                    key={field}
                    id={idOf(field)}
                    size="md"
                    dir="ltr"
                    type={field === 'email' ? 'email' : 'tel'}
                    label={`${t(`firm.field.${field}`)} ${t('ui:optional')}`}
                    value={input[field]}
                    error={field === 'email' && bad && wrongEmail ? t('firm.badEmail') : refused.fields[field]}
                    onChange={(event) => {
                      setInput({ ...input, [field]: event.currentTarget.value });
                      setBad(false);
                    }}
                    onBlur={() => {
                      setBad(true);
                    }}
                  />
                ))}
            </div>
          </>
        )}
      </form>
    </Dialog>
  );
}

/** There is no such vendor: said on the field, in the server's words. */
function unknown(error: unknown): string | undefined {
  return error instanceof ApiError && error.status === 404 ? error.message : undefined;
}

/** Whether the number is right could not be found out: another matter than a wrong number. */
function Unreachable({ error }: { error: unknown }) {
  const { t } = useTranslation('tpm');
  const errorText = useErrorText();
  if (error === null || unknown(error) !== undefined) return null;
  const upstream = error instanceof ApiError && (error.status === 502 || error.status === 503 || error.status === 504);
  const said = errorText(error);
  return (
    <Note tone="danger" role="alert" title={upstream ? t('firms.upstream') : said.title}>
      {upstream ? t('firms.upstreamText') : said.text}
    </Note>
  );
}

function Found({ firm, here }: { firm: FirmDetail; here: boolean }) {
  const { t } = useTranslation('tpm');
  return (
    <div className={styles.form}>
      <div className={styles.found}>
        <span className={styles.foundHead}>
          <bdi className={styles.foundName}>{firm.name}</bdi>
          <FirmTags firm={firm} />
        </span>
        <bdi className={styles.quiet}>{[firm.street_address, firmPlace(firm)].filter(Boolean).join(', ') || '–'}</bdi>
      </div>
      {here ? <Note tone="info">{t('firms.here')}</Note> : null}
      {!here && (firm.blocked || firm.deleted_flag) ? <Note tone="warn">{t('firms.barred')}</Note> : null}
      {!here && firm.hidden ? <Note tone="info">{t('firms.wasHidden')}</Note> : null}
    </div>
  );
}
