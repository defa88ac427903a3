import { accountExpired } from '../../../src/core/causes/account-expired.ts';
import { checkAccountCause } from './account-rows.ts';

// [MS-ERREF] 2.3.1
checkAccountCause(accountExpired, [
  { status: 0xc0000193, name: 'STATUS_ACCOUNT_EXPIRED', says: 'expiry date' },
]);
