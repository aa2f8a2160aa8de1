import type { ReactNode } from 'react';
import { useFormats } from '../i18n/useFormats';
import { Avatar } from './Avatar';
import { StateIcon } from './StateIcon';
import type { StateName } from './states';
import styles from './Timeline.module.css';

/** An event in a record's life: a transition (`state`), or a person's words. */
export interface TimelineEvent {
  key: string;
  at: string;
  person: string;
  /** What the person did, after the name: "sent the report back". */
  what: ReactNode;
  state?: StateName;
  /** A quiet second line, such as "2 answers changed". */
  detail?: ReactNode;
  /** Words of a person, in a sunken box. */
  comment?: ReactNode;
  /** Actions on the comment and who can see it. */
  commentFoot?: ReactNode;
}

/** What happened to a record, as one line along the start edge. */
export function Timeline({ events, label }: { events: readonly TimelineEvent[]; label: string }) {
  const formats = useFormats();
  return (
    <ol className={styles.timeline} aria-label={label}>
      {events.map((event) => (
        <li key={event.key} className={styles.event}>
          <span className={styles.mark}>{event.state ? <StateIcon state={event.state} /> : <Avatar name={event.person} size={20} decorative />}</span>
          <div className={styles.words}>
            <p>
              <strong className={styles.person}><bdi>{event.person}</bdi></strong> {event.what}
              <span className={styles.at}>
                {' · '}
                <bdi><time dateTime={event.at}>{formats.instant(event.at)}</time></bdi>
              </span>
            </p>
            {event.detail === undefined ? null : <p className={styles.detail}>{event.detail}</p>}
            {event.comment === undefined ? null : (
              <blockquote className={styles.comment}>
                {event.comment}
                {event.commentFoot === undefined ? null : <footer className={styles.foot}>{event.commentFoot}</footer>}
              </blockquote>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
