import { credentialsWrong } from '../../../src/core/causes/credentials-wrong.ts';
import { checkAccountCause } from './account-rows.ts';

// [MS-ERREF] 2.3.1
checkAccountCause(credentialsWrong, [
  { status: 0xc000006d, name: 'STATUS_LOGON_FAILURE', says: 'does not say which' },
  { status: 0xc000006a, name: 'STATUS_WRONG_PASSWORD', says: 'the password is wrong' },
  { status: 0xc0000064, name: 'STATUS_NO_SUCH_USER', says: 'no such user' },
]);
