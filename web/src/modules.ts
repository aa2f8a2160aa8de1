import type { WebModule } from './kit/module';
import { account } from './modules/account/module';
import { customisation } from './modules/customisation/module';
import { insuree } from './modules/insuree/module';
import { permission } from './modules/permission/module';
import { setting } from './modules/setting/module';
import { tpm } from './modules/tpm/module';

/** The modules of this build, in the order of their precedence; twin of modules/modules.go. */
export const modules: WebModule[] = [account, tpm, insuree, permission, customisation, setting];
