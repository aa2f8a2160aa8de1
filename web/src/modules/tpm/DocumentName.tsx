import type { MouseEvent } from 'react';
import { shownAt } from './previews';
import styles from './DocumentShelf.module.css';

/** The name of a document, which leads to it. With `onPreview` a plain click shows it on the page; any other opens the link as always. */
export function DocumentName({ name, address, onPreview }: { name: string; address: string; onPreview?: (() => void) | undefined }) {
  function click(event: MouseEvent) {
    if (onPreview === undefined || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onPreview();
  }
  return (
    <a className={styles.name} href={onPreview ? shownAt(address) : address} target="_blank" rel="noreferrer" onClick={click} aria-haspopup={onPreview ? 'dialog' : undefined}>
      <bdi>{name}</bdi>
    </a>
  );
}
