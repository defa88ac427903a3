import { accountRestricted } from '../../../src/core/causes/account-restricted.ts';
import { checkAccountCause } from './account-rows.ts';

// [MS-ERREF] 2.3.1
checkAccountCause(accountRestricted, [
  { status: 0xc000006e, name: 'STATUS_ACCOUNT_RESTRICTION', says: 'Protected Users' },
  { status: 0xc000006f, name: 'STATUS_INVALID_LOGON_HOURS', says: 'logon hours' },
  { status: 0xc0000070, name: 'STATUS_INVALID_WORKSTATION', says: 'this workstation' },
]);
