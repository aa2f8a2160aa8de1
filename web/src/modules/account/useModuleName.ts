import { useTranslation } from 'react-i18next';

/** What people call a module of the server; its own name where nothing is said. */
export function useModuleName(): (module: string) => string {
  const { t, i18n } = useTranslation('account');
  return (module) => (i18n.exists(`account:module.${module}`) ? t(`module.${module}` as 'module.account') : module); // the catalogue was asked for the key just before
}
