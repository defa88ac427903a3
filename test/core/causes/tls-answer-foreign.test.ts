import { tlsAnswerForeign } from '../../../src/core/causes/tls-answer-foreign.ts';
import type { TlsVersions } from '../../../src/core/model/facts.ts';
import { checkCause, GCM, none, seen, unseen, versions } from './evidence.ts';

const foreign: TlsVersions = {
  '1.0': 'foreign',
  '1.1': 'foreign',
  '1.2': 'foreign',
  '1.3': 'foreign',
  alerts: {},
  suites: {},
  foreign: 'a web server (HTTP/1.1 400 Bad Request)',
};

checkCause(tlsAnswerForeign, [
  {
    name: 'a web server behind the negotiation',
    evidence: { 'tls.versions': seen(foreign), 'rdp.standard': seen('refused') },
    verdict: 'confirmed',
    facts: ['tls.versions', 'rdp.standard'],
    says: ['a web server (HTTP/1.1 400 Bad Request)', 'No client gets past'],
  },
  {
    name: 'standard RDP security is open beside it',
    evidence: { 'tls.versions': seen(foreign), 'rdp.standard': seen('accepted') },
    verdict: 'likely',
    facts: ['tls.versions', 'rdp.standard'],
  },
  {
    name: 'only some hellos met it',
    evidence: { 'tls.versions': seen({ ...foreign, '1.0': 'closed' }) },
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['TLS 1.0 closed without an alert'],
  },
  {
    name: 'a hello was accepted all the same',
    evidence: { 'tls.versions': seen({ ...foreign, '1.2': 'accepted' }) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'alerts are TLS',
    evidence: { 'tls.versions': seen(versions('70 70 40 40')) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'an ordinary listener',
    evidence: { 'tls.versions': seen(versions(`70 70 ${GCM} 70`)) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  { name: 'no TLS', evidence: { 'tls.versions': none() }, verdict: 'ruled-out', facts: ['tls.versions'] },
  {
    name: 'every hello was closed, which is no answer',
    evidence: { 'tls.versions': seen(versions('closed closed closed timeout')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
  {
    name: 'TLS was not reached',
    evidence: { 'tls.versions': unseen() },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
]);
