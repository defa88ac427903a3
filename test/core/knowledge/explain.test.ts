import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { findCatalogueEntry } from '../../../src/core/knowledge/cause-catalogue.ts';
import { ERROR_TEXTS } from '../../../src/core/knowledge/error-texts.ts';
import { EVENTS } from '../../../src/core/knowledge/events.ts';
import { type Explanation, explain, type ReadingKind } from '../../../src/core/knowledge/explain.ts';
import { FAILURE_REASONS } from '../../../src/core/knowledge/failure-reasons.ts';
import { FREERDP_CODES, FREERDP_EXITS } from '../../../src/core/knowledge/freerdp-codes.ts';
import { GUACAMOLE_CODES } from '../../../src/core/knowledge/guacamole-codes.ts';
import { KERBEROS_ERRORS } from '../../../src/core/knowledge/kerberos-errors.ts';
import { squash } from '../../../src/core/knowledge/match-text.ts';
import { MSTSC_EXTENDED, MSTSC_REASONS } from '../../../src/core/knowledge/mstsc-codes.ts';
import { NEGOTIATION_FAILURES } from '../../../src/core/knowledge/negotiation-failures.ts';
import { NTSTATUS } from '../../../src/core/knowledge/ntstatus.ts';
import { SECURITY_STATUS } from '../../../src/core/knowledge/security-status.ts';
import { TLS_ALERTS } from '../../../src/core/knowledge/tls-alerts.ts';
import { WIN32_ERRORS } from '../../../src/core/knowledge/win32-errors.ts';

const MESSAGE_1 = 'An authentication error has occurred. The Local Security Authority cannot be contacted.';
const MESSAGE_2 =
  'The remote computer that you are trying to connect to requires Network Level Authentication (NLA), but your Windows domain controller cannot be contacted to perform NLA. If you are an administrator on the remote computer, you can disable NLA by using the options on the Remote tab of the System Properties dialog box.';
const MESSAGE_3 =
  "This computer can't connect to the remote computer. Try connecting again, if the problem continues, contact the owner of the remote computer or your network administrator.";

const DOMAIN_FIRST = [
  'domain-controller-unreachable',
  'secure-channel-broken',
  'machine-password-mismatch',
  'domain-controller-unhealthy',
];

/** Input, kind and code of the first reading, and the causes with which that reading begins. */
type Case = readonly [input: string, kind: ReadingKind, code: string, causes?: readonly string[]];

function check(input: string, kind: ReadingKind, code: string, causes: readonly string[] = []): Explanation {
  const explanation = explain(input);
  const [first] = explanation.readings;
  assert.ok(first, `nothing found, suggestions: ${explanation.suggestions.join(', ')}`);
  assert.deepEqual([first.kind, first.code], [kind, code], first.title);
  assert.deepEqual(
    first.causes.slice(0, causes.length).map((cause) => cause.id),
    causes,
  );
  return explanation;
}

function table(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    for (const row of cases) {
      it(JSON.stringify(row[0].slice(0, 70)), () => {
        check(...row);
      });
    }
  });
}

table('a demand of the client, and a certificate for another name', [
  [
    'Name mismatch\nRequested remote computer: web.corp.example\nThe server name on the certificate is incorrect.',
    'error-text',
    'S41',
    ['certificate-name-mismatch'],
  ],
]);

it('a client that insists on NLA says only that nothing was agreed on', () => {
  const { causes } = explain('ERRCONNECT_SECURITY_NEGO_CONNECT_FAILED [0x0002000C]');
  assert.deepEqual(causes.map(({ id }) => id).slice(0, 1), ['nla-required-by-server']);
  assert.ok(causes.some(({ id }) => id === 'nla-not-offered'));
});

it('RemoteConnectionManager 1062 speaks of the subject of the certificate', () => {
  const [first] = explain('TerminalServices-RemoteConnectionManager 1062').readings;
  assert.match(`${first?.title} ${first?.meaning}`, /subject/);
});

table("the article's messages", [
  [MESSAGE_1, 'error-text', 'S1', DOMAIN_FIRST],
  [MESSAGE_2, 'error-text', 'S2', DOMAIN_FIRST],
  [MESSAGE_3, 'error-text', 'S3', ['tls-server-disabled', 'certificate-key-unreadable']],
  // Parts, other quotes, spacing, case, and the dialog around them.
  ['the local security authority cannot be contacted', 'error-text', 'S1'],
  ['Local   Security\nAuthority cannot\tbe contacted', 'error-text', 'S1'],
  [`Remote Desktop Connection\r\n\r\n${MESSAGE_1}\r\nRemote computer: 10.0.0.4\r\nOK`, 'error-text', 'S1'],
  ['your Windows domain controller cannot be contacted to perform NLA', 'error-text', 'S2'],
  ['...requires Network Level Authentication (NLA), but your Windows domain cont', 'error-text', 'S2'],
  [MESSAGE_2.replaceAll(' ', ''), 'error-text', 'S2'],
  ['This computer can’t connect to the remote computer.', 'error-text', 'S3'],
  ['THIS COMPUTER CAN`T CONNECT TO THE REMOTE COMPUTER', 'error-text', 'S3'],
  ['This computer cant connect to theremote computer', 'error-text', 'S3'],
  // A typing error inside a word.
  ['The Local Securty Authority cannot be contacted, authority contacted', 'error-text', 'S1'],
  [
    "This computer can't conect to the remote computer. Try connecting again, if the problem continues, contact the owner",
    'error-text',
    'S3',
  ],
  // Microsoft's translations of the article.
  [
    'Authentifizierungsfehler. Die lokale Sicherheitsautorität (LSA) ist nicht erreichbar.',
    'error-text',
    'S1',
  ],
  [
    "Une erreur d'authentification s'est produite. L'autorité de sécurité locale ne peut pas être contactée.",
    'error-text',
    'S1',
  ],
  ['Este equipo no se puede conectar al equipo remoto', 'error-text', 'S3'],
  ['認証エラーが発生しました。 ローカル セキュリティ機関にアクセスできません。', 'error-text', 'S1'],
]);

table('other texts of the client', [
  [
    'An authentication error has occurred. The function requested is not supported',
    'error-text',
    'S5',
    ['credssp-outdated'],
  ],
  ['This could be due to CredSSP encryption oracle remediation.', 'error-text', 'S5'],
  ['An internal error has occurred.', 'error-text', 'S4', ['connection-flood']],
  ['Your credentials did not work', 'error-text', 'S6', ['credentials-wrong']],
  [
    'The system administrator has restricted the type of logon (network or interactive) that you may use.',
    'error-text',
    'S7',
    ['user-right-missing'],
  ],
  [
    'The connection was denied because the user account is not authorized for remote login.',
    'error-text',
    'S8',
  ],
  [
    'The trust relationship between this workstation and the primary domain failed.',
    'error-text',
    'S9',
    ['secure-channel-broken'],
  ],
  ['There are currently no logon servers available to service the logon request.', 'error-text', 'S10'],
  [
    "Remote Desktop can't connect to the remote computer for one of these reasons:",
    'error-text',
    'S12',
    ['port-unreachable'],
  ],
  ['AADSTS293004', 'error-text', 'S16'],
  [
    'Because of a security error, the client could not connect to the remote computer.',
    'error-text',
    'S19',
    ['encryption-level-too-high', 'fips-only'],
  ],
]);

table('statuses', [
  ['0xC000006D', 'ntstatus', '0xC000006D', ['credentials-wrong']],
  ['C000006D', 'ntstatus', '0xC000006D'],
  ['c000006d', 'ntstatus', '0xC000006D'],
  ['-1073741715', 'ntstatus', '0xC000006D'],
  ['3221225581', 'ntstatus', '0xC000006D'],
  ['0xC000018D', 'ntstatus', '0xC000018D', ['secure-channel-broken', 'machine-password-mismatch']],
  ['0x80090302', 'security-status', '0x80090302', ['credssp-outdated']],
  ['80090302', 'security-status', '0x80090302'],
  ['-2146893054', 'security-status', '0x80090302'],
  ['2147943726', 'win32', '1326', ['credentials-wrong']],
  ['0x8007052E', 'win32', '1326'],
  ['0xD0000184', 'ntstatus', '0xC0000184'],
  ['TermDD 56 00000400 02002C00 00000000 380000C0 00000000 840100D0', 'ntstatus', '0xC0000184'],
  ['0000: 00000400 02002C00\n0008: 00000000 840100D0', 'ntstatus', '0xC0000184'],
  ['5E0000C0', 'ntstatus', '0xC000005E', ['domain-controller-unreachable']],
  ['NETLOGON data: 5E 00 00 C0', 'ntstatus', '0xC000005E'],
  ['Status: 0xC000006D  Sub Status: 0xC0000064', 'ntstatus', '0xC000006D'],
]);

table('names', [
  ['STATUS_LOGON_FAILURE', 'ntstatus', '0xC000006D'],
  ['status_logon_failure', 'ntstatus', '0xC000006D'],
  ['SEC_E_UNSUPPORTED_FUNCTION', 'security-status', '0x80090302'],
  ['SEC_E_POLICY_NTLM_ONLY', 'security-status', '0x8009035F'],
  ['SSL_CERT_NOT_ON_SERVER', 'negotiation-failure', '3', ['certificate-missing']],
  ['HYBRID_REQUIRED_BY_SERVER', 'negotiation-failure', '5', ['nla-required-by-server']],
  ['KDC_ERR_ETYPE_NOTSUPP', 'kerberos', '0xE', ['kerberos-encryption-mismatch']],
  ['failed with KRB_AP_ERR_SKEW(37)', 'kerberos', '0x25', ['clock-skew']],
  ['handshake_failure', 'tls-alert', '40', ['tls-no-common-suite']],
  ['exDiscReasonServerDeniedConnectionFips', 'mstsc-extended', '0x8', ['fips-only']],
]);

table('codes of the client', [
  ['0x904', 'mstsc', '0x904', ['certificate-key-unreadable']],
  ['2308', 'mstsc', '0x904'],
  ['0x904 0x7', 'mstsc-extended', '0x7'],
  ['Error code: 0x904\nExtended error code: 0x7', 'mstsc-extended', '0x7'],
  ['0x904 0x0', 'mstsc', '0x904'],
  ['0x3 0x8', 'mstsc-extended', '0x8', ['fips-only']],
  ['0x1807', 'mstsc', '0x1807', DOMAIN_FIRST],
  ['0x108', 'mstsc', '0x108', ['port-unreachable']],
  ['extended error code 0x9', 'mstsc-extended', '0x9', ['user-right-missing']],
  ['0x2307', 'mstsc', '0x2307'],
]);

table('events', [
  ['36871', 'event', '36871', ['tls-server-disabled']],
  ['event 5719', 'event', '5719', ['domain-controller-unreachable']],
  ['Event ID: 3210', 'event', '3210', ['secure-channel-broken']],
  ['Schannel 36871', 'event', '36871'],
  ['System/36871', 'event', '36871'],
  ['schannel:36874', 'event', '36874', ['tls-no-common-suite']],
  ['Security 4625', 'event', '4625'],
  ['Microsoft-Windows-NTLM/Operational 4002', 'event', '4002', ['ntlm-blocked']],
  ['LsaSrv 6167', 'event', '6167', ['duplicate-machine-identity']],
]);

table('numbers with a word beside them', [
  ['alert 70', 'tls-alert', '70', ['tls-no-common-version']],
  ['fatal alert: 40', 'tls-alert', '40'],
  ['failure 5', 'negotiation-failure', '5'],
  ['failureCode=3', 'negotiation-failure', '3'],
  ['krb 0xE', 'kerberos', '0xE'],
  ['kerberos error 0x25', 'kerberos', '0x25'],
  ['win32 1355', 'win32', '1355'],
  ['System error 1311 has occurred.', 'win32', '1311'],
  ['error 1789', 'win32', '1789'],
]);

describe('bare numbers', () => {
  const kinds = (input: string): readonly string[] => explain(input).readings.map(({ kind }) => kind);

  it('gives every reading, most plausible first', () => {
    assert.deepEqual(kinds('1355'), ['win32']);
    assert.equal(kinds('0x54B')[0], 'win32');
    assert.equal(kinds('0xE')[0], 'kerberos');
    assert.equal(kinds('70')[0], 'tls-alert');
    assert.ok(
      ['win32', 'negotiation-failure', 'mstsc-extended', 'event'].every((kind) =>
        kinds('5').includes(kind as never),
      ),
    );
    // 1058 is a Win32 error and the event of two providers; written in hexadecimal it is hardly an event.
    assert.deepEqual(kinds('1058'), ['event', 'event', 'win32']);
    assert.deepEqual(kinds('0x422'), ['win32', 'event', 'event']);
  });

  it('gives one reading where name and number say the same', () => {
    assert.deepEqual(kinds('STATUS_LOGON_FAILURE (0xC000006D), again 0xC000006D'), ['ntstatus']);
  });

  it('does not offer the other meanings where a word says which is meant', () => {
    assert.deepEqual(kinds('alert 40'), ['tls-alert']);
    assert.deepEqual(kinds('krb 0xE'), ['kerberos']);
    assert.deepEqual(kinds('GroupPolicy 1058'), ['event']);
  });

  it('reads no codes out of addresses and ports in a text', () => {
    const { readings } = explain(`${MESSAGE_1} Remote computer: 10.0.0.4:3389, attempt 5 of 40`);
    assert.deepEqual(
      readings.map(({ kind }) => kind),
      ['error-text'],
    );
  });

  it('gives every text that a shared sentence belongs to', () => {
    for (const input of [
      'An authentication error has occurred',
      'an authentication error has occ',
      'An authentication error has occurred. Remote computer: vm1',
    ]) {
      assert.deepEqual(
        explain(input).readings.map(({ code }) => code),
        ['S1', 'S5'],
        input,
      );
    }
  });

  it('reads the code besides the text', () => {
    const { readings } = explain(
      'An authentication error has occurred (Code: 0x80090303). Remote computer: vm1',
    );
    assert.ok(readings.some(({ name }) => name === 'SEC_E_TARGET_UNKNOWN'));
    assert.deepEqual(
      readings.filter(({ kind }) => kind === 'error-text').map(({ code }) => code),
      ['S1', 'S5'],
    );
  });
});

describe('every row can be reached', () => {
  const tables = [
    ['ntstatus', NTSTATUS],
    ['security-status', SECURITY_STATUS],
    ['win32', WIN32_ERRORS],
    ['kerberos', KERBEROS_ERRORS],
    ['tls-alert', TLS_ALERTS],
    ['negotiation-failure', NEGOTIATION_FAILURES],
    ['mstsc', MSTSC_REASONS],
    ['mstsc-extended', MSTSC_EXTENDED],
    ['freerdp', FREERDP_CODES],
    ['freerdp-exit', FREERDP_EXITS],
    ['guacamole', GUACAMOLE_CODES],
    ['failure-reason', FAILURE_REASONS],
  ] as const;
  for (const [kind, rows] of tables) {
    it(`${kind}, by name and by number`, () => {
      for (const row of rows) {
        const named = explain(row.name).readings;
        assert.ok(
          named.some((reading) => reading.kind === kind && reading.name === row.name),
          row.name,
        );
        const hex = explain(`0x${row.code.toString(16)}`).readings;
        const decimal = explain(String(row.code)).readings;
        for (const readings of [hex, decimal]) {
          assert.ok(
            readings.some((reading) => reading.name === row.name),
            `${row.name} ${row.code}`,
          );
        }
      }
    });
  }

  it('events, by id and by provider', () => {
    for (const row of EVENTS) {
      const wanted = `of ${row.provider} in ${row.channel}:`;
      assert.ok(
        explain(String(row.id)).readings.some(({ title }) => title.includes(wanted)),
        wanted,
      );
      const [first] = explain(`${row.provider} ${row.id}`).readings.filter(({ kind }) => kind === 'event');
      assert.ok(first?.title.includes(row.provider), `${row.provider} ${row.id}: ${first?.title}`);
    }
  });

  it('error texts, by each fragment, with spacing and quotes changed', () => {
    for (const row of ERROR_TEXTS) {
      for (const fragment of row.fragments) {
        for (const input of [
          fragment,
          fragment.toUpperCase(),
          fragment.replace(/'/g, '’').replace(/ /g, '  \n'),
        ]) {
          assert.equal(explain(input).readings[0]?.code, row.id, input);
        }
      }
    }
  });
});

describe('explanations', () => {
  it('name causes with their titles, and what to look at', () => {
    const [reading] = check(MESSAGE_2, 'error-text', 'S2').readings;
    assert.deepEqual(reading?.causes[1], {
      id: 'secure-channel-broken',
      title: findCatalogueEntry('secure-channel-broken')?.title,
    });
    assert.equal(
      reading?.look.some((look) => look.includes("the domain's controllers")),
      true,
    );
    assert.equal(
      reading?.look.some((look) => look.includes('diagnose --disk')),
      true,
    );
    assert.match(reading?.title ?? '', /error message 2 of the article/);
  });

  it('lead message 3 to encryption, TLS, FIPS and certificates', () => {
    const ids = explain(MESSAGE_3).readings[0]?.causes.map(({ id }) => id) ?? [];
    for (const id of [
      'encryption-level-too-high',
      'tls-server-disabled',
      'fips-only',
      'certificate-missing',
    ]) {
      assert.ok(ids.includes(id), id);
    }
  });

  it('lead message 1 to the domain and to the Local Security Authority', () => {
    const ids = explain(MESSAGE_1).readings[0]?.causes.map(({ id }) => id) ?? [];
    assert.ok(ids.includes('lsa-packages-damaged'));
    assert.equal(ids.at(-1), 'domain-credentials-disabled');
  });

  it('suggest near names where nothing matches', () => {
    assert.deepEqual(explain('STATUS_LOGON_FAILUER').suggestions[0], 'STATUS_LOGON_FAILURE');
    assert.deepEqual(explain('LOGON_FAILURE').suggestions, [
      'STATUS_LOGON_FAILURE',
      'ERROR_LOGON_FAILURE',
      'SSL_ERR_LOGON_FAILURE',
      'ERRCONNECT_LOGON_FAILURE',
      'XF_EXIT_LOGON_FAILURE',
    ]);
    assert.ok(explain('domain controller offline, cannot perform it').suggestions.length > 0);
    for (const input of [
      '',
      '   ',
      'hello',
      '0xC0000999',
      '99999999999999',
      '0x123456789ABC',
      'event',
      '-',
    ]) {
      assert.deepEqual(explain(input).readings, [], input);
    }
    assert.deepEqual(explain('').suggestions, []);
  });

  it('give back the input as it came', () => {
    assert.equal(explain('  0x904 ').input, '  0x904 ');
  });
});

describe('a text with several things in it', () => {
  const first = (input: string): string | undefined => explain(input).causes[0]?.id;

  it('is answered by what fits all of it, a status before words', () => {
    // The words name four causes; the status names one of them.
    assert.equal(first('Your credentials did not work. 0xC0000234'), 'account-locked');
    assert.equal(first('0xC0000234: Your credentials did not work'), 'account-locked');
    assert.equal(first('Status: 0xC000006D Sub Status: 0xC0000072'), 'account-disabled');
    const { causes } = explain('Status: 0xC000006D Sub Status: 0xC0000072');
    assert.deepEqual(causes[0]?.because, ['NTSTATUS 0xC0000072 STATUS_ACCOUNT_DISABLED']);
  });

  it('has no code where there is none: zero, labels, times, addresses, processes, dumps', () => {
    for (const input of [
      'Status: 0x0, SubStatus: 0x0, Error code: 0',
      'Failure Reason: Status: Sub Status: Error code:',
      '2024-06-25T18:23:21.3175729Z [1311:1326] 10.0.5.3:1355 port 1789',
      'Thumbprint 0a:3b:a9:7e:c1:74:82:65:ee:26:0b:32:80:d8:b5:a6:6c:54:95:91',
      'ActivityID {f420298e-eb91-4034-840d-8601f6850000} Keywords 0x8010000000000000',
      'Logon ID: 0x3E7 Process ID: 0x904 Logon Type: 10 Key Length: 0 Handle: 0xC000006D',
      'Windows 10.0.1326.5, KB1355789, pid 5719, thread id 4625, build 1311',
      'ActivityID {c000006d-eb91-4034-840d-8601f6850000}',
      'Details at https://example.org/?error=1326',
      'c0000234 00000000 c000006d 00000000 c000005e and so on',
    ]) {
      const { readings, unknown } = explain(input);
      assert.deepEqual([readings.map(({ title }) => title), unknown], [[], []], input);
    }
  });

  it('says which codes it does not know', () => {
    assert.deepEqual(explain('error code 0xC0001234, then status 0xC000006D').unknown, ['0xC0001234']);
    assert.deepEqual(explain('STATUS_NO_SUCH_THING and STATUS_LOGON_FAILURE').unknown, [
      'STATUS_NO_SUCH_THING',
    ]);
    assert.deepEqual(explain('0xC0001234').unknown, ['0xC0001234']);
    assert.deepEqual(explain('STATUS_SUCCESS, ERRINFO_SUCCESS, ERROR_SUCCESS').unknown, []);
  });

  it('tells who is meant', () => {
    assert.equal(
      first(
        'The remote computer requires Network Level Authentication, which your computer does not support.',
      ),
      'nla-required-by-server',
    );
    const client = 'Schannel Event ID: 36871 A fatal error occurred while creating a TLS client credential.';
    assert.deepEqual(explain(client).causes, []);
    assert.equal(first(client.replace('client', 'server')), 'tls-server-disabled');
  });

  it('takes the pair of the dialog in any language, and the labels of event XML and JSON', () => {
    for (const input of [
      'Fehlercode: 0x904\nErweiterter Fehlercode: 0x7',
      'Code d’erreur : 0x904 Code d’erreur étendu : 0x7',
      'Код ошибки: 0x904 Расширенный код ошибки: 0x7',
      '错误代码： 0x904\n扩展错误代码： 0x7',
    ]) {
      assert.deepEqual(
        explain(input).readings.map(({ code }) => code),
        ['0x7', '0x904'],
        input,
      );
    }
    assert.equal(explain('<EventID Qualifiers="0">36888</EventID> Schannel').readings[0]?.code, '36888');
    assert.equal(explain('{"eventID":"5719","providerName":"NETLOGON"}').readings[0]?.code, '5719');
    assert.equal(first("EventID 4771 <Data Name='Status'>0x25</Data>"), 'clock-skew');
  });

  it('reads the dialects of other programs', () => {
    const rows: readonly (readonly [string, string])[] = [
      ['KRB5KDC_ERR_CLIENT_REVOKED', 'account-locked'],
      ['NT_STATUS_ACCOUNT_DISABLED', 'account-disabled'],
      ['[-1765328347]', 'clock-skew'],
      ['%%2310', 'account-disabled'],
      ['exit code 150', 'domain-controller-unreachable'],
      ['ERRINFO_SERVER_INSUFFICIENT_PRIVILEGES [0x00010009]', 'user-right-missing'],
      ['guacd: status 0x0303', 'account-locked'],
      ['0x0207', 'port-unreachable'],
      ['error:0A00018A:SSL routines::dh key too small', 'tls-no-common-suite'],
      ['error:0A00042E:SSL routines::tlsv1 alert protocol version', 'tls-no-common-version'],
      ['error:0A00010B:SSL routines::wrong version number', 'other-service-on-port'],
      ['Failed to connect, CredSSP required by server.', 'nla-required-by-server'],
      ['Zugang zum RDP-Server „srv1“ ist fehlgeschlagen. Das Konto ist gesperrt.', 'account-locked'],
      ['RDP 服务器 “srv1”访问失败。密码已过期。', 'password-expired'],
    ];
    for (const [input, cause] of rows) assert.equal(first(input), cause, input);
  });
});

describe('any string', () => {
  const parts = fc.oneof(
    fc.constantFrom(
      '0x',
      'event ',
      'alert',
      ' failure ',
      'krb ',
      'C000006D',
      '0x904',
      '\n',
      '_',
      '-',
      '’',
      'ſ',
      'İ',
    ),
    fc.constantFrom(MESSAGE_1, MESSAGE_2, MESSAGE_3, 'STATUS_', 'error code: '),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.nat().map(String),
  );

  it('gives an explanation and never throws', () => {
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (pieces) => {
        const input = pieces.join('');
        const { readings, suggestions } = explain(input);
        assert.ok(readings.length === 0 || suggestions.length === 0);
        for (const reading of readings) {
          assert.ok(reading.title !== '' && reading.meaning !== '' && reading.source !== '');
          assert.ok(reading.causes.every(({ id }) => findCatalogueEntry(id)));
        }
        const keys = readings.map(({ kind, title }) => `${kind} ${title}`);
        assert.equal(new Set(keys).size, keys.length, 'a reading twice');
      }),
      { numRuns: 300 },
    );
  });

  it('takes the same meaning from a text whatever stands between its letters', () => {
    const gap = fc.stringMatching(/^[ \t\n\r.,;:!?"'’`´-]{1,4}$/);
    fc.assert(
      fc.property(fc.constantFrom(MESSAGE_1, MESSAGE_2, MESSAGE_3), gap, (message, separator) => {
        const changed = message.split(' ').join(separator);
        assert.equal(squash(changed), squash(message));
        assert.equal(explain(changed).readings[0]?.code, explain(message).readings[0]?.code);
      }),
    );
  });

  it('takes bounded time, also for a megabyte', () => {
    const million = 1_000_000;
    const inputs = [
      'a',
      '_',
      '0x',
      '1 ',
      'alert ',
      'a_',
      ' ',
      'C0000',
      '\n',
      'STATUS_',
      '(',
      'event 1 ',
      '00',
      'ﷺ',
      '1 ',
      'ab:',
      '\\',
      '0x904 ',
      '[12:ab] ',
      '12:34:56 ',
      "<Data Name='Status'>0x1</Data>\n",
      'error code 5 ',
    ].map((unit) => unit.repeat(million / unit.length));
    for (const input of [...inputs, `${'A_'.repeat(50)}`]) {
      // Of the processor, not of the clock: the machine may be busy with something else.
      const start = process.cpuUsage();
      explain(input);
      const { user, system } = process.cpuUsage(start);
      const took = (user + system) / 1000;
      assert.ok(took < 1500, `${JSON.stringify(input.slice(0, 8))} took ${took} ms`);
    }
  });
});
