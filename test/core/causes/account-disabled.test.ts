import { accountDisabled } from '../../../src/core/causes/account-disabled.ts';
import { checkAccountCause } from './account-rows.ts';

// [MS-ERREF] 2.3.1
checkAccountCause(accountDisabled, [
  { status: 0xc0000072, name: 'STATUS_ACCOUNT_DISABLED', says: 'account is disabled' },
]);
