import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import styles from './SettingFacts.module.css';
import { useValueText } from './useValueText';
import type { Setting } from './wire';

/** What is in force, what would be without changes, the limits, and what was chosen for which workspace. */
export function SettingFacts({ setting }: { setting: Setting }) {
  const { t } = useTranslation('setting');
  const formats = useFormats();
  const valueText = useValueText();
  const rows: [string, string][] = [[t('fact.value'), valueText(setting, setting.value)]];
  if (!setting.pinned) rows.push([t('fact.default'), valueText(setting, setting.default)]);
  if (setting.min !== null && setting.max !== null) rows.push([t('fact.limits'), t('fact.between', { min: valueText(setting, setting.min), max: valueText(setting, setting.max) })]);
  return (
    <dl className={styles.facts}>
      {rows.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {setting.overrides.map((one) =>
        one.value === null ? null : (
          <div key={one.workspace} className={styles.fact}>
            <dt>{one.workspace === '' ? t('fact.all') : t('fact.in', { code: one.workspace })}</dt>
            <dd>
              {valueText(setting, one.value)}
              <span className={styles.by}>
                {t('fact.by', { name: `\u2068${one.updated_by?.name ?? t('system')}\u2069`, at: `\u2068${formats.instant(one.updated_at)}\u2069` })}
              </span>
              {one.trouble === '' ? null : <span className={styles.trouble}>{one.trouble}</span>}
            </dd>
          </div>
        ),
      )}
      <div className={styles.fact}>
        <dt>{t('fact.name')}</dt>
        <dd>
          <code dir="ltr">{setting.name}</code>
        </dd>
      </div>
    </dl>
  );
}
