import { accountLocked } from '../../../src/core/causes/account-locked.ts';
import { checkAccountCause } from './account-rows.ts';

// [MS-ERREF] 2.3.1
checkAccountCause(accountLocked, [
  { status: 0xc0000234, name: 'STATUS_ACCOUNT_LOCKED_OUT', says: 'locked after too many' },
]);
