// Machines in order of other kinds than the member with NLA: what each cause may be ruled out by there.
import type { Evidence } from '../../../src/core/model/facts.ts';
import { CBC, CBC_ID, cipher, GCM, GCM_ID, MODERN, none, seen, selected } from '../causes/evidence.ts';
import { byDefault, onDisk, STANDALONE, service, set, timeline, tried } from '../causes/windows-evidence.ts';

/** A workgroup machine that serves standard RDP security alone. */
const PLAIN_ALONE: Evidence = {
  'domain.membership': STANDALONE,
  'domain.sid': none(),
  'rdp.negotiation': seen([selected(0, 0), { requested: 1, answer: 'failure', failureCode: 2 }]),
  'rdp.nla': seen('refused'),
  'rdp.tls': seen('refused'),
  'rdp.standard': seen('accepted'),
  'rdp.encryption': seen({ level: 2, methods: 2 }),
  'tls.versions': none(),
  'tls.certificate': none(),
  'ntlm.restrictReceiving': set(1),
  'listener.securityLayer': set(0),
  'listener.userAuthentication': set(0),
  'listener.minEncryptionLevel': set(2),
};

/** TLS without NLA, tried with a credential, with all of `--full` and `--client`. */
const TRIED: Evidence = {
  'nla.logon': seen({ status: 0, name: 'STATUS_SUCCESS' }),
  'tls.ciphers': seen({ '1.2': [cipher(GCM, GCM_ID), cipher(CBC, CBC_ID, false)] }),
  'tls.asClient': seen({ client: MODERN.id, answer: 'accepted', version: '1.2', suite: GCM }),
  'tls.asClients': seen([
    { client: MODERN.id, hello: 'own', answer: 'accepted', version: '1.2', suite: GCM },
  ]),
  'tls.clientCertificate': none(),
  'service.Netlogon': service(3, { state: 'running' }),
  'ntlm.restrictReceiving': set(2),
};

/** FIPS mode, under which AES over TLS lets everybody in. */
const FIPS: Evidence = {
  'fips.machine': onDisk({ effective: true, setBy: 'machine', where: 'SYSTEM\\Own!Enabled' }),
  'listener.minEncryptionLevel': set(4),
};

/** It runs, and tells of itself what a disk cannot. */
const LIVE: Evidence = {
  'secureChannel.state': tried(0),
  'listener.owner': onDisk({ process: 'svchost.exe', service: 'TermService' }),
  'service.TermService': service(3, { objectName: 'NT Authority\\NetworkService', state: 'running' }),
  'service.gpsvc': service(2, { state: 'running' }),
  'os.setup': onDisk({ inProgress: false, firstStart: false }),
  'os.pendingRestart': onDisk({ pending: false, reasons: [] }),
  'resources.state': onDisk({
    memory: { totalBytes: 2 ** 34, availableBytes: 2 ** 33 },
    commit: { limitBytes: 2 ** 35, usedBytes: 2 ** 33 },
  }),
  'events.relevant': timeline(),
};

/** No NLA, and standard RDP security beside TLS. */
const MIXED: Evidence = {
  'rdp.nla': seen('refused'),
  'rdp.tls': seen('offered'),
  'rdp.standard': seen('accepted'),
  'rdp.encryption': seen({ level: 3, methods: 2 }),
  'listener.securityLayer': byDefault(1),
  'listener.userAuthentication': set(0),
};

export const IN_ORDER: readonly Evidence[] = [
  PLAIN_ALONE,
  TRIED,
  FIPS,
  MIXED,
  LIVE,
  { ...PLAIN_ALONE, 'ntlm.restrictReceiving': set(2) },
  { ...TRIED, 'domain.membership': STANDALONE },
  { ...TRIED, 'tls.ciphers': seen({ '1.2': [cipher(GCM, GCM_ID)] }) },
  { 'rdp.tls': seen('refused'), 'rdp.standard': seen('refused') },
];
