import { passwordExpired } from '../../../src/core/causes/password-expired.ts';
import { checkAccountCause } from './account-rows.ts';

// [MS-ERREF] 2.3.1
checkAccountCause(passwordExpired, [
  { status: 0xc0000071, name: 'STATUS_PASSWORD_EXPIRED', says: 'has expired' },
  { status: 0xc0000224, name: 'STATUS_PASSWORD_MUST_CHANGE', says: 'must be changed' },
]);
