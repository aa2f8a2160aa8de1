import { ActionIcon, Button, FileButton, NativeSelect, Progress, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCloudUpload, IconFile, IconLink, IconPhoto, IconRefresh, IconTrash, IconUpload, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { useWorkspace } from '../../kit/useWorkspace';
import { useErrorText } from '../../ui/useErrorText';
import { useToast } from '../../ui/useToast';
import { DocumentDeleteDialog } from './DocumentDeleteDialog';
import { type Holder, holderKey } from './documentHolder';
import { DocumentName } from './DocumentName';
import { DocumentPreview } from './DocumentPreview';
import { changeDocument, documentAddress, type Documents, documentTypeNamesQuery, type DocumentType, type StoredDocument } from './documentQueries';
import styles from './DocumentShelf.module.css';
import { type Preview, previewKind } from './previews';
import { sameShelf, type Shelf, type Upload, type Uploads } from './uploads';

const pictures = /\.(jpe?g|png|gif|webp|heic|avif|tiff?)$/i;

/** Documents in one place: to read for everybody, and for whoever may write also to add, sort by kind and delete. `label` names the place. */
export function DocumentShelf({ holder, shelf, label, content, uploads, none, children }: {
  holder: Holder;
  shelf: Shelf;
  label: string;
  content: Documents;
  uploads: Uploads;
  none: string;
  /** Rows of another kind that stand in the same place. */
  children?: ReactNode;
}) {
  const documents = content.documents.filter((document) => shelf.task === undefined || document.object_id === shelf.task);
  const coming = uploads.uploads.filter((upload) => sameShelf(upload, shelf));
  const ws = useWorkspace();
  const [shown, setShown] = useState<number>();
  const [showing, setShowing] = useState(false);
  const previews = documents.flatMap(({ id, file, filename, uploaded_by, created }): Preview[] => {
    const kind = previewKind(filename, navigator.pdfViewerEnabled);
    return file === null || kind === undefined ? [] : [{ key: id, kind, name: filename, address: documentAddress(file, ws), by: uploaded_by, at: created }];
  });
  return (
    <>
      {documents.length + coming.length === 0 && !children ? <p className={styles.none}>{none}</p> : null}
      {documents.length + coming.length > 0 ? (
        <ul className={styles.list} aria-label={label}>
          {documents.map((document) => (
            <DocumentRow
              key={document.id}
              holder={holder}
              shelf={shelf}
              document={document}
              types={content.types}
              writable={content.writable}
              onPreview={
                previews.some(({ key }) => key === document.id)
                  ? () => {
                      setShown(document.id);
                      setShowing(true);
                    }
                  : undefined
              }
            />
          ))}
          {coming.map((upload) => (
            <UploadRow key={upload.key} upload={upload} uploads={uploads} most={content.most} />
          ))}
        </ul>
      ) : null}
      {children}
      {content.writable ? <DropZone shelf={shelf} label={label} types={content.types} names={documents.map(({ filename }) => filename)} most={content.most} uploads={uploads} /> : null}
      <DocumentPreview
        opened={showing}
        previews={previews}
        shown={shown}
        onShow={setShown}
        onClose={() => {
          setShowing(false);
        }}
      />
    </>
  );
}

function DocumentRow({ holder, shelf, document, types, writable, onPreview }: {
  holder: Holder;
  shelf: Shelf;
  document: StoredDocument;
  types: readonly DocumentType[];
  writable: boolean;
  onPreview: (() => void) | undefined;
}) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const toast = useToast();
  const ws = useWorkspace();
  const client = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const name = document.filename || document.hyperlink;
  const Icon = document.hyperlink !== '' ? IconLink : pictures.test(document.filename) ? IconPhoto : IconFile;
  const { uploaded_by: by } = document;
  const change = useMutation({
    mutationFn: (type: number) => changeDocument(ws, holder, shelf.list, document.id, type),
    onError: (error) => toast.error(error, t('document.typeFailed', { name })),
    onSettled: () => client.invalidateQueries({ queryKey: holderKey(ws, holder) }),
  });
  return (
    <li className={styles.row}>
      <Icon size={17} stroke={1.7} className={styles.icon} aria-hidden />
      <span className={styles.words}>
        <DocumentName name={name} address={document.file === null ? document.hyperlink : documentAddress(document.file, ws)} onPreview={onPreview} />
        <span className={styles.meta}>
          {by === null ? null : <bdi>{`${by.first_name} ${by.last_name}`.trim() || by.email}</bdi>}
          {by === null ? null : ' · '}
          <bdi>{formats.instant(document.created)}</bdi>
        </span>
      </span>
      {writable ? (
        <NativeSelect
          className={styles.type}
          size="xs"
          aria-label={t('document.typeOf', { name })}
          value={String(change.isPending ? change.variables : (document.file_type ?? ''))}
          disabled={change.isPending}
          data={types.map(({ id, label }) => ({ value: String(id), label }))}
          onChange={(event) => {
            change.mutate(Number(event.currentTarget.value));
          }}
        />
      ) : (
        <span className={styles.type}>{types.find(({ id }) => id === document.file_type)?.label ?? '–'}</span>
      )}
      <span className={styles.buttons}>
        {writable ? (
          <Tooltip label={t('document.delete')}>
            <ActionIcon
              aria-label={t('document.deleteNamed', { name })}
              onClick={() => {
                setDeleting(true);
              }}
            >
              <IconTrash size={16} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        ) : null}
      </span>
      {deleting ? (
        <DocumentDeleteDialog
          holder={holder}
          list={shelf.list}
          document={document}
          onClose={() => {
            setDeleting(false);
          }}
        />
      ) : null}
    </li>
  );
}

function UploadRow({ upload, uploads, most }: { upload: Upload; uploads: Uploads; most: number | undefined }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const errorText = useErrorText();
  const { name } = upload.file;
  const stuck = upload.state === 'failed' || upload.state === 'refused';
  return (
    <li className={styles.row} data-trouble={stuck || undefined}>
      {stuck ? <IconAlertTriangle size={17} stroke={1.7} className={styles.icon} aria-hidden /> : <IconCloudUpload size={17} stroke={1.7} className={styles.icon} aria-hidden />}
      <span className={styles.words}>
        <bdi className={styles.name}>{name}</bdi>
        {stuck ? (
          <span className={styles.trouble} role="alert">
            {upload.refusal ? t(`upload.${upload.refusal}`, { size: formats.fileSize(upload.file.size), most: formats.fileSize(most ?? 0) }) : reason(upload.error, errorText)}
          </span>
        ) : (
          <>
            <span className={styles.meta}>{upload.state === 'waiting' ? t('upload.waiting') : t('upload.sending', { part: formats.number(upload.sent, { style: 'percent' }), size: formats.fileSize(upload.file.size) })}</span>
            <Progress className={styles.bar} value={upload.sent * 100} aria-label={t('upload.progress', { name })} />
          </>
        )}
      </span>
      <span />
      <span className={styles.buttons}>
        {upload.state === 'failed' ? (
          <Tooltip label={t('upload.retry')}>
            <ActionIcon
              aria-label={t('upload.retryNamed', { name })}
              onClick={() => {
                uploads.retry(upload.key);
              }}
            >
              <IconRefresh size={16} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        ) : null}
        <Tooltip label={t(stuck ? 'upload.dismiss' : 'upload.cancel')}>
          <ActionIcon
            aria-label={t(stuck ? 'upload.dismissNamed' : 'upload.cancelNamed', { name })}
            onClick={() => {
              uploads.drop(upload.key);
            }}
          >
            <IconX size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </span>
    </li>
  );
}

/** What is wrong with a file, as its own field says it before all else. */
function reason(error: unknown, errorText: ReturnType<typeof useErrorText>): string {
  const fields = typeof error === 'object' && error !== null && 'fields' in error ? (error.fields as Record<string, string[]>) : {}; // only ApiError has them
  return fields.file?.[0] ?? Object.values(fields)[0]?.[0] ?? errorText(error).text;
}

function DropZone({ shelf, label, types, names, most, uploads }: { shelf: Shelf; label: string; types: readonly DocumentType[]; names: readonly string[]; most: number | undefined; uploads: Uploads }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const ws = useWorkspace();
  const { data: typeNames } = useQuery(documentTypeNamesQuery(ws));
  const [over, setOver] = useState(false);

  function typeOf(file: File): number {
    const report = shelf.list.endsWith('report-attachments');
    const wanted = !report ? ['other'] : pictures.test(file.name) ? ['picture_dataset', 'other'] : ['overall_report', 'report'];
    const named = (name: string) => types.find(({ id }) => typeNames?.get(id) === name)?.id;
    return wanted.map(named).find((id) => id !== undefined) ?? types[0]?.id ?? 0;
  }

  function add(files: readonly File[]) {
    uploads.add(shelf, files, typeOf, names, most);
  }

  return (
    <div
      className={styles.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        add([...event.dataTransfer.files]);
      }}
    >
      <FileButton onChange={add} multiple inputProps={{ 'aria-label': t('upload.chooseFor', { label }), tabIndex: -1 }}>
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconUpload size={16} stroke={1.7} />} aria-label={t('upload.addTo', { label })}>
            {t('upload.add')}
          </Button>
        )}
      </FileButton>
      <span className={styles.hint}>{most === undefined ? t('upload.limits') : t('upload.limitsUpTo', { most: formats.fileSize(most) })}</span>
    </div>
  );
}
