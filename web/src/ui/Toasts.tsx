import { useDirection } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import styles from './Toasts.module.css';

/** Where toasts appear: at the end edge near the foot, on phones at the top. Rendered once, by the app. */
export function Toasts() {
  const { dir } = useDirection();
  const phone = useMediaQuery('(max-width: 767.98px)');
  return (
    <Notifications
      key={dir}
      position={phone ? 'top-center' : dir === 'rtl' ? 'bottom-left' : 'bottom-right'}
      containerWidth={384}
      limit={3}
      autoClose={5000}
      transitionDuration={160}
      classNames={{ root: styles.place, notification: styles.toast }}
    />
  );
}
