import { credsspOutdated } from '../../../src/core/causes/credssp-outdated.ts';
import { type CauseCase, checkCause, client, MODERN, none, OLD, seen, unseen } from './evidence.ts';
import { onDisk } from './windows-evidence.ts';

checkCause(credsspOutdated, [
  {
    name: 'version 4',
    evidence: { 'credssp.version': seen(4), 'rdp.nla': seen('required') },
    verdict: 'likely',
    facts: ['credssp.version'],
    says: ['version 4', 'CVE-2018-0886', 'Modern Windows'],
  },
  {
    name: 'version 2 is an inference, also for the client named',
    evidence: { 'credssp.version': seen(2) },
    client: MODERN,
    verdict: 'likely',
    facts: ['credssp.version'],
  },
  {
    name: 'the client named is not updated either',
    evidence: { 'credssp.version': seen(2) },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['credssp.version'],
  },
  {
    name: 'the client named does no NLA',
    evidence: { 'credssp.version': seen(2) },
    client: client('Without NLA', { nla: false }),
    verdict: 'ruled-out',
    facts: ['credssp.version'],
  },
  {
    name: 'version 5',
    evidence: { 'credssp.version': seen(5) },
    verdict: 'ruled-out',
    facts: ['credssp.version'],
    says: ['version 5'],
  },
  {
    name: 'CredSSP is not offered',
    evidence: { 'rdp.nla': seen('refused'), 'credssp.version': unseen('not-gathered') },
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
  },
  {
    name: 'no version is there',
    evidence: { 'credssp.version': none() },
    verdict: 'ruled-out',
    facts: ['credssp.version'],
  },
  {
    name: 'the version was not seen',
    evidence: { 'rdp.nla': seen('required'), 'credssp.version': unseen('timeout') },
    verdict: 'inconclusive',
    facts: ['credssp.version'],
    settledBy: ['HOST', '--disk'],
  },
  // Judged by the settings.
  {
    name: 'the file is not updated, and the client named refuses such a server',
    evidence: { 'credssp.fileVersion': onDisk('10.0.14393.2247') },
    client: MODERN,
    verdict: 'confirmed',
    facts: ['credssp.fileVersion'],
    says: ['10.0.14393.2247'],
  },
  {
    name: 'the file proves what the version only hints at',
    evidence: { 'credssp.version': seen(2), 'credssp.fileVersion': onDisk('6.3.9600.16384') },
    client: MODERN,
    verdict: 'confirmed',
    facts: ['credssp.version', 'credssp.fileVersion'],
    says: ['The settings agree'],
  },
  {
    name: 'the file is not updated, and supported clients refuse such a server',
    evidence: { 'credssp.fileVersion': onDisk('6.1.7601.17514') },
    verdict: 'likely',
    facts: ['credssp.fileVersion'],
  },
  {
    name: 'the file is of before, what speaks is of after',
    evidence: { 'credssp.version': seen(6), 'credssp.fileVersion': onDisk('10.0.14393.0') },
    verdict: 'likely',
    facts: ['credssp.version', 'credssp.fileVersion'],
    says: ['not in effect now'],
  },
  {
    name: 'the file that brought the update',
    evidence: { 'credssp.fileVersion': onDisk('10.0.14393.2248') },
    verdict: 'ruled-out',
    facts: ['credssp.fileVersion'],
  },
  {
    name: 'a Windows that was released with it',
    evidence: { 'credssp.fileVersion': onDisk('10.0.20348.1') },
    verdict: 'ruled-out',
    facts: ['credssp.fileVersion'],
  },
  {
    name: 'CredSSP is not offered, whatever the file is',
    evidence: { 'rdp.nla': seen('refused'), 'credssp.fileVersion': onDisk('10.0.14393.0') },
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
  },
  {
    name: 'a file that the table does not know',
    evidence: { 'credssp.fileVersion': onDisk('10.0.10240.16384') },
    verdict: 'inconclusive',
    facts: ['credssp.fileVersion'],
    says: ['10.0.10240.16384'],
    settledBy: ['--disk', 'HOST'],
  },
  ...(
    [
      ['the version spoken', { 'credssp.version': seen(2) }, 'credssp.version'],
      ['the file', { 'credssp.fileVersion': onDisk('10.0.14393.2247') }, 'credssp.fileVersion'],
    ] as const
  ).flatMap(([by, evidence, fact]): readonly CauseCase[] => [
    {
      name: `by ${by}: the client named does NLA and takes any server`,
      evidence,
      client: client('Lenient', { credsspHardened: false }),
      verdict: 'ruled-out',
      facts: [fact],
      remarks: null,
    },
    {
      name: `by ${by}: that the client named refuses is hearsay`,
      evidence,
      client: client('Hearsay', { sure: { ...MODERN.sure, credsspHardened: 'practice' } }),
      verdict: 'inconclusive',
      facts: [fact],
      settledBy: ['--client'],
      remark: /stops Hearsay/,
    },
    {
      name: `by ${by}: nobody knows whether the client named refuses`,
      evidence,
      client: client('Unsettled', {
        credsspHardened: false,
        sure: { ...MODERN.sure, credsspHardened: 'unsettled' },
      }),
      verdict: 'inconclusive',
      facts: [fact],
      settledBy: ['--client'],
      remark: /stops Unsettled/,
    },
  ]),
  {
    name: 'the file was not read',
    evidence: { 'credssp.fileVersion': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['credssp.fileVersion'],
    says: ['whether TSpkg.dll has'],
    settledBy: ['--disk', 'HOST'],
  },
]);
