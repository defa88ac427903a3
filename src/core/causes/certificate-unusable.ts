import { defineCause, type Judgement } from '../model/cause.ts';
import type { Certificate } from '../model/facts.ts';
import { CERTIFICATE_FACTS, judgeCertificate, nameOf, type SeenCertificate } from './_certificate.ts';
import { likely, ruledOut } from './_judge.ts';
import { list } from './_words.ts';

/** RSA keys below this are blocked since the update of October 2012 (Microsoft security advisory 2661254, KB2661254). */
const LEAST_RSA_BITS = 1024;
/** NIST SP 800-57 part 1, table 4: below it a key is not acceptable any more; OpenSSL at security level 2 refuses it. */
const GOOD_RSA_BITS = 2048;

/** Either purpose will do for a listener; a certificate without the extension is good for all (RFC 5280 section 4.2.1.12). */
const GOOD_PURPOSES: readonly string[] = ['serverAuth', 'remoteDesktop', 'anyExtendedKeyUsage'];

/** Key algorithms for which no Remote Desktop client in our table has a suite or a signature scheme. */
const USABLE_KEYS: readonly string[] = ['RSA', 'RSASSA-PSS', 'EC', 'Ed25519', 'Ed448'];

export const certificateUnusable = defineCause({
  id: 'certificate-unusable',
  title: "The certificate's key or signature is one that clients refuse",
  stage: 'tls',
  uses: [...CERTIFICATE_FACTS],
  prior: 0.003,
  remedies: [],
  advice:
    'Give the listener a certificate with an RSA key of at least 2048 bits, a SHA-256 signature and the purpose Server Authentication; if none is assigned, Windows creates such a certificate itself.',
  ruledOutBy: [['tls.certificate'], ['listener.certificate']],
  judge: (evidence) =>
    judgeCertificate(
      evidence,
      'whether clients can use the certificate',
      'The listener has no certificate for clients to refuse.',
      judgeStrength,
    ),
});

function judgeStrength({ certificate, fact }: SeenCertificate): Judgement {
  const name = nameOf(certificate);
  const faults = faultsOf(certificate);
  if (faults.length > 0) {
    return likely([fact], `${name} ${list(faults)}. Current clients refuse that; old ones may accept it.`);
  }
  const doubts = doubtsOf(certificate);
  const judgement = ruledOut(
    [fact],
    `${name} has a key and a signature that clients can use: ${certificate.keyBits} bits, ${certificate.signatureAlgorithm}.`,
  );
  return doubts.length === 0 ? judgement : { ...judgement, remark: `${name} ${list(doubts)}.` };
}

/** What stops clients, each part of a sentence about the certificate. */
function faultsOf({ keyAlgorithm, keyBits, signatureAlgorithm }: Certificate): readonly string[] {
  const faults: string[] = [];
  const isRsa = keyAlgorithm === 'RSA' || keyAlgorithm === 'RSASSA-PSS';
  if (isRsa && keyBits > 0 && keyBits < LEAST_RSA_BITS) {
    faults.push(
      `has an RSA key of ${keyBits} bits, and Windows blocks keys under ${LEAST_RSA_BITS} (KB2661254)`,
    );
  }
  if (keyAlgorithm !== undefined && !USABLE_KEYS.includes(keyAlgorithm)) {
    faults.push(
      `has ${/^[AEIO]/.test(keyAlgorithm) ? 'an' : 'a'} ${keyAlgorithm} key, which no current client can use in a handshake`,
    );
  }
  if (keyAlgorithm === 'EC' && keyBits === 0) faults.push('has a key on an unknown curve');
  // RFC 6151 (MD5) and RFC 6149 (MD2): broken; Windows blocks MD5 for server authentication since KB2862973.
  if (/md[245]/i.test(signatureAlgorithm)) {
    faults.push(`is signed with ${signatureAlgorithm}, which Windows blocks (KB2862973) and OpenSSL refuses`);
  }
  return faults;
}

/** What strict clients and policies object to, and ordinary ones take. */
function doubtsOf(certificate: Certificate): readonly string[] {
  const { keyAlgorithm, keyBits, signatureAlgorithm, extendedKeyUsage } = certificate;
  const doubts: string[] = [];
  if ((keyAlgorithm === 'RSA' || keyAlgorithm === 'RSASSA-PSS') && keyBits > 0 && keyBits < GOOD_RSA_BITS) {
    doubts.push(
      `has an RSA key of only ${keyBits} bits, which clients that use OpenSSL at security level 2 refuse`,
    );
  }
  // Windows Server 2008 R2 signs its own with SHA-1, so this alone stops no ordinary client.
  if (/sha-?1/i.test(signatureAlgorithm) && !/sha1[0-9]/i.test(signatureAlgorithm)) {
    doubts.push(`is signed with SHA-1 (${signatureAlgorithm}), which strict policies refuse`);
  }
  if (extendedKeyUsage !== undefined && !extendedKeyUsage.some((use) => GOOD_PURPOSES.includes(use))) {
    doubts.push(
      `is for ${list(extendedKeyUsage)} and not for Server Authentication, so clients warn and strict ones refuse to connect`,
    );
  }
  return doubts;
}
