// What only a running machine knows of its services and its channel to the domain, out of outputs as Microsoft's pages show
// them. Wine has none of these programs as Windows has them (sc queryex, nltest), so these documents stand for the machine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operationsFor } from '../../../../src/core/dialect/script/operation.ts';
import type { AnswerValue, Question } from '../../../../src/core/windows/inquiry.ts';
import { check, lines } from './check.ts';
import { askPrinted, LANGUAGES, OWN_DOMAIN } from './printed.ts';

const service: Question = { kind: 'service-status', name: 'TermService' };
const SC = 'sc.exe queryex "TermService"';

/** Rows of "Sc query" (learn.microsoft.com), with `queryex`'s two more. */
const scOf = (state: string, exit: string, processId: string, labels = ENGLISH): string =>
  [
    '',
    `${labels[0]}: TermService `,
    `        ${labels[1]}               : 20  WIN32_SHARE_PROCESS  `,
    `        ${labels[2]}              : ${state} `,
    '                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)',
    `        ${labels[3]}    : ${exit}`,
    `        ${labels[4]}  : 0  (0x0)`,
    `        ${labels[5]}         : 0x0`,
    `        ${labels[6]}          : 0x0`,
    `        PID                : ${processId}`,
    `        ${labels[7]}              : `,
    '',
  ].join('\n');

const ENGLISH = [
  'SERVICE_NAME',
  'TYPE',
  'STATE',
  'WIN32_EXIT_CODE',
  'SERVICE_EXIT_CODE',
  'CHECKPOINT',
  'WAIT_HINT',
  'FLAGS',
];
/** As a Spanish Windows calls them. */
const SPANISH = [
  'NOMBRE_SERVICIO',
  'TIPO',
  'ESTADO',
  'CÓD_SALIDA_WIN32',
  'CÓD_SALIDA_SERVICIO',
  'PUNTO_COMPROB.',
  'INDICACIÓN_INICIO',
  'MARCAS',
];

const running: AnswerValue = {
  kind: 'service-status',
  status: { state: 'running', exitCode: 0, serviceExitCode: 0, processId: 1052 },
};
check('a service that runs', service, { [SC]: scOf('4  RUNNING', '0  (0x0)', '1052') }, running);
check('the same in Spanish', service, { [SC]: scOf('4  RUNNING', '0  (0x0)', '1052', SPANISH) }, running);
check(
  'one that stopped, and why',
  service,
  { [SC]: scOf('1  STOPPED', '1053  (0x41d)', '0') },
  {
    kind: 'service-status',
    status: { state: 'stopped', exitCode: 1053, serviceExitCode: 0 },
  },
);
check(
  'a service that does not exist',
  service,
  {
    [SC]: {
      text: '[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\n\nThe specified service does not exist as an installed service.\n',
      status: 1060,
    },
  },
  'absent',
);
check(
  'a service that one may not ask about',
  service,
  { [SC]: { text: '[SC] EnumQueryServicesStatus:OpenService FAILED 5:\n\nAccess is denied.\n', status: 5 } },
  ['denied', /Access is denied/],
);
check('sc that says nothing', service, { [SC]: '' }, ['corrupt', /ended with 0 and said nothing/]);
check('sc that fails without a word', service, { [SC]: { text: '', status: 1 } }, [
  'corrupt',
  /ended with 1/,
]);
check('a state that is none', service, { [SC]: scOf('9  ODD', '0  (0x0)', '1052') }, [
  'corrupt',
  /ended with 0/,
]);
check('sc cut off', service, { [SC]: scOf('4  RUNNING', '0  (0x0)', '1052').slice(0, 200) }, [
  'corrupt',
  /said/,
]);

const channel = (asked: 'query' | 'verify'): Question => ({
  kind: 'secure-channel',
  asked,
  domain: 'contoso.com',
});

/** From "Create gMSAs for Windows containers" (learn.microsoft.com). */
const VERIFIED = [
  'Flags: b0 HAS_IP  HAS_TIMESERV',
  'Trusted DC Name \\\\dc01.contoso.com',
  'Trusted DC Connection Status Status = 0 0x0 NERR_Success',
  'Trust Verification Status = 0 0x0 NERR_Success',
  'The command completed successfully',
];
const NLTEST = { query: 'nltest.exe /sc_query:contoso.com', verify: 'nltest.exe /sc_verify:contoso.com' };

check(
  'a channel that was verified',
  channel('verify'),
  { [NLTEST.verify]: lines(...VERIFIED) },
  {
    kind: 'secure-channel',
    channel: {
      asked: 'verify',
      controller: '\\\\dc01.contoso.com',
      verified: true,
      status: 0,
      pdcStatus: 0,
      flags: 0xb0,
    },
  },
);
check(
  'one that was asked about: what it remembers is not verified',
  channel('query'),
  { [NLTEST.query]: lines('Flags: 30 HAS_IP  HAS_TIMESERV', ...VERIFIED.slice(1, 3), VERIFIED[4] ?? '') },
  {
    kind: 'secure-channel',
    channel: { asked: 'query', controller: '\\\\dc01.contoso.com', verified: false, status: 0, flags: 0x30 },
  },
);
check(
  'one that was asked about and that tells of an earlier verification: that is not now',
  channel('query'),
  { [NLTEST.query]: lines(...VERIFIED) },
  {
    kind: 'secure-channel',
    channel: { asked: 'query', controller: '\\\\dc01.contoso.com', verified: false, status: 0, flags: 0xb0 },
  },
);
check(
  'the trust is broken although the channel says 0 (the account is disabled)',
  channel('verify'),
  {
    [NLTEST.verify]: lines(
      VERIFIED[0] ?? '',
      VERIFIED[1] ?? '',
      VERIFIED[2] ?? '',
      'Trust Verification Status = 1331 0x533 ERROR_ACCOUNT_DISABLED',
    ),
  },
  {
    kind: 'secure-channel',
    channel: {
      asked: 'verify',
      controller: '\\\\dc01.contoso.com',
      verified: true,
      status: 0,
      pdcStatus: 0x533,
      flags: 0xb0,
    },
  },
);
check(
  'no controller',
  channel('query'),
  {
    [NLTEST.query]: lines(
      'Flags: 0',
      'Trusted DC Name',
      'Trusted DC Connection Status Status = 1311 0x51f ERROR_NO_LOGON_SERVERS',
    ),
  },
  { kind: 'secure-channel', channel: { asked: 'query', verified: false, status: 1311, flags: 0 } },
);
check(
  'without the right to ask',
  channel('verify'),
  { [NLTEST.verify]: { text: 'I_NetLogonControl failed: Status = 5 0x5 ERROR_ACCESS_DENIED\n', status: 5 } },
  ['denied', /ERROR_ACCESS_DENIED/],
);
check(
  'a domain that Netlogon does not know is no state of a channel',
  channel('verify'),
  {
    [NLTEST.verify]: {
      text: 'I_NetLogonControl failed: Status = 1355 0x54b ERROR_NO_SUCH_DOMAIN\n',
      status: 1355,
    },
  },
  ['corrupt', /ERROR_NO_SUCH_DOMAIN/],
);
check('a client without the RSAT tools', channel('verify'), {}, [
  'no-channel',
  /no nltest\.exe, which comes with the RSAT tools/,
]);
check('nltest that says nothing', channel('verify'), { [NLTEST.verify]: '' }, ['corrupt', /said nothing/]);
for (const domain of ['a b', 'x&calc', 'x"', '%x%', '-/x:', '.']) {
  check(`a domain that is no name: ${domain}`, { kind: 'secure-channel', asked: 'query', domain }, {}, [
    'no-channel',
    /cannot hand on/,
  ]);
}

const own: Question = { kind: 'secure-channel', asked: 'verify', domain: '' };
check(
  'the channel to the domain that the machine names itself',
  own,
  { [OWN_DOMAIN]: 'CONTOSO', 'nltest.exe /sc_verify:CONTOSO': lines(...VERIFIED) },
  {
    kind: 'secure-channel',
    channel: {
      asked: 'verify',
      controller: '\\\\dc01.contoso.com',
      verified: true,
      status: 0,
      pdcStatus: 0,
      flags: 0xb0,
    },
  },
);
check('of its own domain, without nltest', own, { [OWN_DOMAIN]: 'CONTOSO' }, ['no-channel', /no nltest/]);
test('a machine that names no domain is asked again, by the name that its membership has', () => {
  const sheet = askPrinted(operationsFor([own]), { 'nltest.exe': lines(...VERIFIED) }, LANGUAGES.english);
  assert.equal(sheet.answer(own), undefined);
});
