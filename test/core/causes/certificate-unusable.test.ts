import { certificateUnusable } from '../../../src/core/causes/certificate-unusable.ts';
import type { Certificate } from '../../../src/core/model/facts.ts';
import { type CauseCase, CERTIFICATE, checkCause, none, seen, unseen } from './evidence.ts';

const shown = (but: Partial<Certificate>) => ({
  'tls.certificate': seen<Certificate>({ ...CERTIFICATE, keyAlgorithm: 'RSA', ...but }),
});
const row = (
  name: string,
  but: Partial<Certificate>,
  verdict: 'likely' | 'ruled-out',
  more: Partial<CauseCase> = {},
): CauseCase => ({ name, evidence: shown(but), verdict, facts: ['tls.certificate'], ...more });

checkCause(certificateUnusable, [
  row('RSA of 1023 bits', { keyBits: 1023 }, 'likely', { says: ['1023 bits', 'KB2661254'] }),
  row('RSA of 1024 bits', { keyBits: 1024 }, 'ruled-out', { remark: /only 1024 bits/ }),
  row('RSA of 2047 bits', { keyBits: 2047 }, 'ruled-out', { remark: /only 2047 bits/ }),
  row('RSA of 2048 bits', { keyBits: 2048 }, 'ruled-out'),
  row('DSA', { keyAlgorithm: 'DSA', keyBits: 2048 }, 'likely', { says: ['a DSA key'] }),
  row('a key of a kind that nobody knows', { keyAlgorithm: '1.2.3.4', keyBits: 0 }, 'likely', {
    says: ['1.2.3.4'],
  }),
  row('a curve that nobody knows', { keyAlgorithm: 'EC', keyBits: 0 }, 'likely', { says: ['curve'] }),
  row('a curve of 256 bits', { keyAlgorithm: 'EC', keyBits: 256 }, 'ruled-out'),
  row('MD5', { signatureAlgorithm: 'md5WithRSAEncryption' }, 'likely', { says: ['md5', 'KB2862973'] }),
  row('SHA-1', { signatureAlgorithm: 'sha1WithRSAEncryption' }, 'ruled-out', { remark: /SHA-1/ }),
  row('ECDSA with SHA-1', { signatureAlgorithm: 'ecdsa-with-SHA1' }, 'ruled-out', { remark: /SHA-1/ }),
  row('for clients only', { extendedKeyUsage: ['clientAuth'] }, 'ruled-out', {
    remark: /is for clientAuth and not for Server Authentication/,
  }),
  row('for Remote Desktop only', { extendedKeyUsage: ['remoteDesktop'] }, 'ruled-out'),
  row('for servers', { extendedKeyUsage: ['clientAuth', 'serverAuth'] }, 'ruled-out'),
  {
    name: 'of an old report, which tells no kind of key',
    evidence: { 'tls.certificate': seen({ ...CERTIFICATE, keyBits: 512 }) },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'the one in the store',
    evidence: {
      'listener.certificate': seen({
        sha1: CERTIFICATE.sha1,
        store: 'Remote Desktop',
        chosen: 'bound' as const,
        key: 'readable' as const,
        certificate: { ...CERTIFICATE, keyAlgorithm: 'RSA', keyBits: 512 },
      }),
    },
    verdict: 'likely',
    facts: ['listener.certificate'],
  },
  {
    name: 'no certificate',
    evidence: { 'tls.certificate': none() },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'not seen',
    evidence: { 'tls.certificate': unseen() },
    verdict: 'inconclusive',
    facts: ['tls.certificate'],
  },
]);
