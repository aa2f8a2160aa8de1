import type { WebModule } from './kit/module';
import { account } from './modules/account/module';
import { customisation } from './modules/customisation/module';
import { facility } from './modules/facility/module';
import { insuree } from './modules/insuree/module';
import { location } from './modules/location/module';
import { medical } from './modules/medical/module';
import { officer } from './modules/officer/module';
import { permission } from './modules/permission/module';
import { setting } from './modules/setting/module';
import { tpm } from './modules/tpm/module';

/** The modules of this build, in the order of their precedence; twin of modules/modules.go. */
export const modules: WebModule[] = [account, tpm, insuree, facility, medical, location, officer, permission, customisation, setting];
