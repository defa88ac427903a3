import { kerberosEncryptionMismatch } from '../../../src/core/causes/kerberos-encryption-mismatch.ts';
import { type CauseCase, checkCause, unseen } from './evidence.ts';
import { event, forced, MEMBER, notOnDisk, STANDALONE, timeline } from './windows-evidence.ts';

checkCause(kerberosEncryptionMismatch, [
  {
    name: 'limited to RC4 and DES',
    evidence: { 'kerberos.encryptionTypes': forced(0x7) },
    verdict: 'likely',
    facts: ['kerberos.encryptionTypes'],
    says: ['DES-CBC-CRC, DES-CBC-MD5 and RC4-HMAC', 'NTLM still works'],
  },
  {
    name: 'limited to DES, a member',
    evidence: { 'kerberos.encryptionTypes': forced(0x3), 'domain.membership': MEMBER },
    verdict: 'likely',
    facts: ['kerberos.encryptionTypes'],
  },
  {
    name: 'limited to DES, outside any domain',
    evidence: {
      'kerberos.encryptionTypes': forced(0x3),
      'domain.membership': STANDALONE,
      'events.relevant': timeline(event('Security-Kerberos', 3, 30, { ErrorCode: '0xe' })),
    },
    verdict: 'ruled-out',
    facts: ['domain.membership'],
    says: ['not a member'],
  },
  {
    name: 'Kerberos found no type, as the client in this machine logged',
    evidence: {
      'kerberos.encryptionTypes': notOnDisk(),
      'events.relevant': timeline(event('Security-Kerberos', 3, 30, { ErrorCode: '0xe' })),
    },
    verdict: 'likely',
    facts: ['events.relevant', 'kerberos.encryptionTypes'],
    says: ['Security-Kerberos event 3'],
  },
  {
    name: 'a controller found no key that fits',
    evidence: { 'events.relevant': timeline(event('Kerberos-Key-Distribution-Center', 16, 30)) },
    verdict: 'likely',
    facts: ['events.relevant'],
  },
  // [RFC 4120] 7.5.9: 0xE is KDC_ERR_ETYPE_NOSUPP; a controller's Security log states it as the status.
  ...[4768, 4769].flatMap((id): readonly CauseCase[] => [
    {
      name: `a controller refused a ticket (${id}) for its type`,
      evidence: {
        'kerberos.encryptionTypes': notOnDisk(),
        'events.relevant': timeline(event('Security-Auditing', id, 30, { Status: '0xe' })),
      },
      verdict: 'likely',
      facts: ['events.relevant', 'kerberos.encryptionTypes'],
    },
    {
      name: `a controller refused a ticket (${id}) for another reason`,
      evidence: {
        'kerberos.encryptionTypes': notOnDisk(),
        'events.relevant': timeline(event('Security-Auditing', id, 30, { Status: '0x6' })),
      },
      verdict: 'ruled-out',
      facts: ['kerberos.encryptionTypes'],
    },
  ]),
  {
    name: 'the same number in an event that is not about a ticket',
    evidence: {
      'kerberos.encryptionTypes': notOnDisk(),
      'events.relevant': timeline(event('Security-Auditing', 4771, 30, { Status: '0xe' })),
    },
    verdict: 'ruled-out',
    facts: ['kerberos.encryptionTypes'],
  },
  {
    name: 'another error of Kerberos',
    evidence: {
      'kerberos.encryptionTypes': notOnDisk(),
      'events.relevant': timeline(event('Security-Kerberos', 3, 30, { ErrorCode: '0x7' })),
    },
    verdict: 'ruled-out',
    facts: ['kerberos.encryptionTypes'],
    says: ['No policy limits'],
  },
  {
    name: 'AES alone is hardening',
    evidence: { 'kerberos.encryptionTypes': forced(0x18) },
    verdict: 'ruled-out',
    facts: ['kerberos.encryptionTypes'],
    says: ['allows AES', 'only be seen in the domain'],
  },
  {
    name: 'everything, future types too',
    evidence: { 'kerberos.encryptionTypes': forced(0x7fffffff) },
    verdict: 'ruled-out',
    facts: ['kerberos.encryptionTypes'],
  },
  {
    name: 'the policy was not read',
    evidence: { 'kerberos.encryptionTypes': unseen('corrupt'), 'events.relevant': timeline() },
    verdict: 'inconclusive',
    facts: ['kerberos.encryptionTypes'],
    settledBy: ['--dc', '--disk', '--rpc'],
  },
]);
