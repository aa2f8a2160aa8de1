import { StateIcon } from '../ui/StateIcon';
import type { StateName } from '../ui/states';
import styles from './CountryPicture.module.css';
import { kenyaOutline, kenyaTowns } from './kenya';

// Places that tell what the product is about: a state of a visit where people wait for it.
const visits: { at: [number, number]; state: StateName }[] = [
  { at: [128, 148], state: 'reported' },
  { at: [266, 198], state: 'reported' },
  { at: [404, 236], state: 'rejected' },
  { at: [204, 268], state: 'assigned' },
  { at: [254, 316], state: 'approved' },
  { at: [84, 340], state: 'approved' },
  { at: [166, 350], state: 'approved' },
  { at: [378, 360], state: 'accepted' },
  { at: [312, 540], state: 'approved' },
  { at: [410, 530], state: 'assigned' },
  { at: [382, 584], state: 'accepted' },
  { at: [520, 96], state: 'sent_back' },
  { at: [340, 132], state: 'approved' },
];

/** The drawn half of the sign-in page: the demo's country with visits in their states, or only its contours. */
export function CountryPicture({ country }: { country: boolean }) {
  return (
    <svg className={styles.picture} viewBox="-70 -64 740 850" preserveAspectRatio="xMidYMid meet" aria-hidden data-mantine-color-scheme="dark">
      {country ? (
        <>
          {[84, 64, 46, 28, 12].map((width) => (
            <path key={width} className={styles.halo} d={kenyaOutline} strokeWidth={width} />
          ))}
          <path className={styles.land} d={kenyaOutline} />
          {kenyaTowns.map(([x, y]) => (
            <circle key={`${x},${y}`} className={styles.town} cx={x} cy={y} r="2.200" />
          ))}
          {visits.map(({ at: [x, y], state }) => (
            <g key={`${x},${y}`} data-tone={state} transform={`translate(${x} ${y})`}>
              <circle className={styles.glow} r="20" />
              <g className={styles.state} transform="translate(-9 -9)">
                <StateIcon state={state} size={18} />
              </g>
            </g>
          ))}
        </>
      ) : (
        Array.from({ length: 9 }, (_, ring) => <path key={ring} className={styles.contour} d={contour(60 + ring * 34, ring)} />)
      )}
    </svg>
  );
}

/** A closed, gently uneven ring, as height lines on a map are. */
function contour(radius: number, seed: number): string {
  const points = Array.from({ length: 72 }, (_, step) => {
    const angle = (step / 72) * 2 * Math.PI;
    const r = radius * (1 + 0.1 * Math.sin(3 * angle + seed * 0.22) + 0.06 * Math.sin(5 * angle - seed * 0.35));
    return `${(300 + r * Math.cos(angle)).toFixed(1)} ${(350 + r * Math.sin(angle) * 0.92).toFixed(1)}`;
  });
  return `M${points.join('L')}Z`;
}
