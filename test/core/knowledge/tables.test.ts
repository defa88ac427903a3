import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CAUSE_CATALOGUE, findCatalogueEntry } from '../../../src/core/knowledge/cause-catalogue.ts';
import { CODE_TABLES as CODE_TABLES_BY_KIND } from '../../../src/core/knowledge/code-tables.ts';
import { ERROR_TEXTS } from '../../../src/core/knowledge/error-texts.ts';
import { EVENTS, findEvent, findEvents } from '../../../src/core/knowledge/events.ts';
import { FAILURE_REASONS, findFailureReason } from '../../../src/core/knowledge/failure-reasons.ts';
import {
  FREERDP_CODES,
  FREERDP_EXITS,
  findFreeRdp,
  findFreeRdpExit,
} from '../../../src/core/knowledge/freerdp-codes.ts';
import { findGuacamole, GUACAMOLE_CODES } from '../../../src/core/knowledge/guacamole-codes.ts';
import { findKerberosError, KERBEROS_ERRORS } from '../../../src/core/knowledge/kerberos-errors.ts';
import { squash, WORDINGS } from '../../../src/core/knowledge/match-text.ts';
import {
  findMstscExtended,
  findMstscReason,
  MSTSC_EXTENDED,
  MSTSC_REASONS,
  mstscStage,
} from '../../../src/core/knowledge/mstsc-codes.ts';
import {
  findNegotiationFailure,
  NEGOTIATION_FAILURES,
} from '../../../src/core/knowledge/negotiation-failures.ts';
import { findNtStatus, NTSTATUS, ntStatusFromHresult } from '../../../src/core/knowledge/ntstatus.ts';
import type { CodeRow, Row } from '../../../src/core/knowledge/row.ts';
import { findSecurityStatus, SECURITY_STATUS } from '../../../src/core/knowledge/security-status.ts';
import { findTlsAlert, TLS_ALERTS } from '../../../src/core/knowledge/tls-alerts.ts';
import { findWin32Error, WIN32_ERRORS, win32FromWrapped } from '../../../src/core/knowledge/win32-errors.ts';
import { STAGES } from '../../../src/core/model/stage.ts';

/** Table, its look-up, the spelling of its names by the specification, and the range of its codes. */
const CODE_TABLES: readonly (readonly [
  string,
  readonly CodeRow[],
  (code: number) => CodeRow | undefined,
  RegExp,
  number,
  number,
])[] = [
  ['NTSTATUS', NTSTATUS, findNtStatus, /^(STATUS|RPC_NT)_[A-Z0-9_]+$/, 0xc0000001, 0xcfffffff],
  [
    'SECURITY_STATUS',
    SECURITY_STATUS,
    findSecurityStatus,
    /^(SEC_E|NTE|CRYPT_E|CERT_E)_[A-Z0-9_]+$|^E_ACCESSDENIED$/,
    0x80070005,
    0x800bffff,
  ],
  [
    'Win32',
    WIN32_ERRORS,
    findWin32Error,
    /^(ERROR|RPC_S|EPT_S)_[A-Z0-9_]+$|^NERR_[A-Za-z]+$|^WSA[A-Z_]+$/,
    1,
    0xffff,
  ],
  [
    'Kerberos',
    KERBEROS_ERRORS,
    findKerberosError,
    /^(KDC_ERR|KDC_ERROR|KRB_AP_ERR|KRB_ERR)_[A-Z0-9_]+$/,
    1,
    127,
  ],
  ['TLS alerts', TLS_ALERTS, findTlsAlert, /^[a-z][a-z_]+$/, 0, 255],
  ['negotiation failures', NEGOTIATION_FAILURES, findNegotiationFailure, /^[A-Z][A-Z_]+$/, 1, 6],
  [
    'mstsc',
    MSTSC_REASONS,
    findMstscReason,
    /^disconnectReason[A-Za-z0-9]+$|^SSL_ERR_[A-Z_]+$|^WindowsApp_0x[0-9A-F]+$/,
    0,
    0xffff,
  ],
  ['mstsc extended', MSTSC_EXTENDED, findMstscExtended, /^exDiscReason[A-Za-z]+$/, 0, 4095],
  ['FreeRDP', FREERDP_CODES, findFreeRdp, /^(ERRCONNECT|ERRINFO)_[A-Z_]+$/, 0x10001, 0x2ffff],
  ['exit codes', FREERDP_EXITS, findFreeRdpExit, /^XF_EXIT_[A-Z_]+$/, 1, 254],
  ['Guacamole', GUACAMOLE_CODES, findGuacamole, /^[A-Z_]+$/, 0x100, 0x3ff],
  ['failure reasons', FAILURE_REASONS, findFailureReason, /^[A-Z][A-Za-z' ]+$/, 2304, 2313],
];

function checkRow(row: Row, what: string): void {
  assert.match(row.meaning, /^[A-Z"].{10,}[.)]$/s, `${what}: meaning`);
  assert.ok(row.name.length > 2, `${what}: name`);
  assert.ok(row.source.length > 5, `${what}: source`);
  assert.ok(['verified', 'practice', 'unsure'].includes(row.sure), `${what}: sure`);
  assert.equal(new Set(row.causes).size, row.causes.length, `${what}: a cause twice`);
  for (const id of row.causes) {
    assert.ok(findCatalogueEntry(id), `${what}: cause ${id} is not in the catalogue`);
  }
  for (const look of row.look) {
    assert.ok(look.length > 4 && !/[.]$/.test(look), `${what}: look "${look}"`);
  }
  // A source that is a specification or a page is not practice, and the other way round.
  if (row.source === 'practice') {
    assert.notEqual(row.sure, 'verified', `${what}: practice cannot be verified`);
  }
}

describe('code tables', () => {
  for (const [title, rows, find, names, low, high] of CODE_TABLES) {
    it(`${title}: every row is whole, codes and names are unique`, () => {
      assert.ok(rows.length >= 6);
      for (const row of rows) {
        checkRow(row, `${title} ${row.code}`);
        assert.match(row.name, names);
        assert.ok(row.code >= low && row.code <= high, `${title} ${row.name}: code out of range`);
        assert.equal(find(row.code), row);
      }
      assert.equal(new Set(rows.map((row) => row.code)).size, rows.length, `${title}: a code twice`);
      assert.equal(new Set(rows.map((row) => row.name)).size, rows.length, `${title}: a name twice`);
      assert.equal(find(0x7ffffff1), undefined);
    });
  }

  it('agrees with the specifications on well-known pairs', () => {
    const pairs: readonly (readonly [CodeRow | undefined, string])[] = [
      [findNtStatus(0xc000006d), 'STATUS_LOGON_FAILURE'],
      [findNtStatus(0xc000005e), 'STATUS_NO_LOGON_SERVERS'],
      [findNtStatus(0xc000018d), 'STATUS_TRUSTED_RELATIONSHIP_FAILURE'],
      [findNtStatus(0xc000015b), 'STATUS_LOGON_TYPE_NOT_GRANTED'],
      [findNtStatus(0xc0000418), 'STATUS_NTLM_BLOCKED'],
      [findSecurityStatus(0x80090302), 'SEC_E_UNSUPPORTED_FUNCTION'],
      [findSecurityStatus(0x80090304), 'SEC_E_INTERNAL_ERROR'],
      [findSecurityStatus(0x80090311), 'SEC_E_NO_AUTHENTICATING_AUTHORITY'],
      [findSecurityStatus(0x8009030d), 'SEC_E_UNKNOWN_CREDENTIALS'],
      [findWin32Error(1355), 'ERROR_NO_SUCH_DOMAIN'],
      [findWin32Error(1311), 'ERROR_NO_LOGON_SERVERS'],
      // A sibling of the article has these two the wrong way round.
      [findWin32Error(1053), 'ERROR_SERVICE_REQUEST_TIMEOUT'],
      [findWin32Error(1058), 'ERROR_SERVICE_DISABLED'],
      [findKerberosError(0x25), 'KRB_AP_ERR_SKEW'],
      [findKerberosError(0xe), 'KDC_ERR_ETYPE_NOSUPP'],
      [findTlsAlert(70), 'protocol_version'],
      [findNegotiationFailure(5), 'HYBRID_REQUIRED_BY_SERVER'],
      [findMstscReason(0x904), 'disconnectReasonAtClientWinsockFDCLOSE'],
      [findMstscReason(0x1807), 'SSL_ERR_NO_AUTHENTICATING_AUTHORITY'],
      [findMstscExtended(8), 'exDiscReasonServerDeniedConnectionFips'],
    ];
    for (const [row, name] of pairs) {
      assert.equal(row?.name, name);
    }
  });

  it('gives a Win32 error the first cause of the NTSTATUS with the same meaning', () => {
    let compared = 0;
    for (const win32 of WIN32_ERRORS) {
      const status = NTSTATUS.find(
        (row) => row.name.replace(/^STATUS_/, '') === win32.name.replace(/^ERROR_/, ''),
      );
      if (status !== undefined) {
        compared++;
        assert.equal(win32.causes[0], status.causes[0], win32.name);
      }
    }
    assert.ok(compared >= 20, `${compared} pairs`);
  });

  it('unwraps statuses that stand inside others', () => {
    assert.equal(ntStatusFromHresult(0xd0000184), 0xc0000184);
    assert.equal(ntStatusFromHresult(0xc0000184), undefined);
    assert.equal(win32FromWrapped(0x8007052e), 1326);
    assert.equal(win32FromWrapped(0xc007052e), 1326);
    assert.equal(win32FromWrapped(0x80090302), undefined);
  });

  it('tells the stage of a disconnect reason by its low byte', () => {
    assert.match(mstscStage(0x2307) ?? '', /CredSSP/);
    assert.match(mstscStage(0x1f06) ?? '', /encryption/);
    assert.equal(mstscStage(0x7), undefined);
    assert.equal(mstscStage(0xa17), undefined);
    assert.equal(findMstscExtended(4096)?.name, 'exDiscReasonProtocolRange');
    assert.equal(findMstscExtended(32767)?.code, 32767);
    assert.equal(findMstscExtended(32768), undefined);
  });
});

describe('events', () => {
  it('every row is whole; provider, channel and id are unique together', () => {
    assert.ok(EVENTS.length > 150);
    for (const row of EVENTS) {
      const what = `${row.provider} ${row.id}`;
      checkRow(row, what);
      assert.ok(Number.isInteger(row.id) && row.id > 0 && row.id <= 0xffff, what);
      assert.match(
        row.channel,
        /^(System|Security|Microsoft-Windows-[A-Za-z -]+\/(Operational|Admin))$/,
        what,
      );
      for (const id of [...row.proves, ...row.refutes]) {
        assert.ok(findCatalogueEntry(id), `${what}: ${id}`);
      }
      for (const id of row.proves) {
        assert.ok(row.causes.includes(id), `${what}: proves ${id} without naming it as a cause`);
        assert.ok(!row.refutes.includes(id), `${what}: proves and refutes ${id}`);
      }
    }
    const keys = EVENTS.map((row) => `${row.channel} ${row.provider} ${row.id}`);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('finds rows by id, and by provider and id', () => {
    assert.equal(findEvent('schannel', 36871)?.provider, 'Schannel');
    assert.equal(findEvent('Schannel', 5719), undefined);
    assert.deepEqual(
      findEvents(1058).map((row) => row.provider),
      ['Microsoft-Windows-TerminalServices-RemoteConnectionManager', 'Microsoft-Windows-GroupPolicy'],
    );
    assert.deepEqual(
      findEvents(1),
      EVENTS.filter((row) => row.id === 1),
    );
  });
});

describe('error texts', () => {
  it('every row is whole, S1 and on stand in order, ids are unique', () => {
    for (const row of ERROR_TEXTS) {
      checkRow(row, row.id);
      assert.ok(row.fragments.length > 0, row.id);
      // A text that is told to be no fault points to nothing.
      assert.equal(row.causes.length > 0, row.id !== 'schannel-client-credential', row.id);
      assert.match(row.name, /^[a-z0-9-]+$/);
    }
    const ids = ERROR_TEXTS.map((row) => row.id);
    assert.equal(new Set(ids).size, ids.length);
    const numbered = ids.filter((id) => /^S\d+$/.test(id));
    assert.deepEqual(
      numbered,
      Array.from({ length: numbered.length }, (_, i) => `S${i + 1}`),
    );
    assert.ok(numbered.length >= 40);
    assert.deepEqual(
      ERROR_TEXTS.filter((row) => row.article !== undefined).map((row) => row.article),
      [1, 2, 3],
    );
  });

  it('names the article’s cause 4 last and for message 1 alone: the value does not stop a sign-in', () => {
    for (const row of ERROR_TEXTS) {
      const at = row.causes.indexOf('domain-credentials-disabled');
      assert.equal(at, row.article === 1 ? row.causes.length - 1 : -1, row.id);
    }
  });

  it('leads the three messages together to every cause of the article', () => {
    const led = new Set(ERROR_TEXTS.filter((row) => row.article !== undefined).flatMap((row) => row.causes));
    for (const { id, article } of CAUSE_CATALOGUE) {
      if (article !== undefined) assert.equal(led.has(id), true, id);
    }
  });
});

describe('wordings', () => {
  it('say something that is known, where it was taken from, and stand once', () => {
    const said = new Map<string, string>();
    for (const row of ERROR_TEXTS) {
      for (const fragment of row.fragments) said.set(squash(fragment), row.id);
    }
    for (const { means, text, language, source } of WORDINGS) {
      const [kind, first, second] = means;
      if (kind === 'event') assert.ok(findEvent(first, second), text);
      else if (kind === 'error-text')
        assert.ok(
          ERROR_TEXTS.some(({ id }) => id === first),
          text,
        );
      else assert.ok(CODE_TABLES_BY_KIND[kind].find(first), text);
      assert.match(language, /^[a-z]{2}$/);
      assert.ok(source.length > 5, text);
      const squashed = squash(text);
      // Four letters of an alphabet say nothing; four of Chinese are a sentence.
      assert.ok(
        squashed.length >= (/^[\p{Script=Latin}\p{Script=Cyrillic}\p{N}]+$/u.test(squashed) ? 9 : 4),
        text,
      );
      assert.equal(said.get(squashed), undefined, `${text} stands twice`);
      said.set(squashed, means.join(' '));
    }
  });

  it('are there in the ten languages that the client is used in most', () => {
    const languages = new Set(WORDINGS.map(({ language }) => language));
    for (const language of ['de', 'fr', 'es', 'it', 'pt', 'pl', 'ru', 'ja', 'zh', 'ko']) {
      assert.ok(languages.has(language), language);
      for (const id of ['S5', 'S6', 'S7', 'S11']) {
        // What a public source gives; where it gives none, nothing was made up.
        const known = WORDINGS.some((row) => row.language === language && row.means[1] === id);
        assert.ok(known || NOT_FOUND.includes(`${language} ${id}`), `${language} ${id}`);
      }
    }
  });
});

/** No public text was found. */
const NOT_FOUND = ['es S5', 'pt S5', 'ko S5', 'pt S7', 'pl S7', 'ru S7', 'ja S7', 'zh S7'];

describe('cause catalogue', () => {
  const ids = CAUSE_CATALOGUE.map((entry) => entry.id);

  it('has whole entries with ids that are nouns', () => {
    assert.equal(new Set(ids).size, ids.length);
    for (const entry of CAUSE_CATALOGUE) {
      assert.match(entry.id, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      assert.ok(!entry.id.startsWith('no-'), entry.id);
      assert.match(entry.sentence, /^[A-Z].{20,}[.]$/);
      assert.ok(entry.title.length > 10 && !entry.title.endsWith('.'), entry.id);
      assert.ok(STAGES.includes(entry.stage), entry.id);
      assert.ok(entry.vantages.length > 0, entry.id);
      assert.equal(findCatalogueEntry(entry.id), entry);
    }
    assert.equal(findCatalogueEntry('no-such-cause'), undefined);
  });

  it('has the eight causes of the article with their numbers', () => {
    const article: Record<string, string> = {
      'domain-controller-unreachable': '1',
      'secure-channel-broken': '1.1',
      'machine-password-mismatch': '1.2',
      'domain-controller-unhealthy': '1.3',
      'encryption-level-too-high': '2',
      'tls-server-disabled': '3',
      'domain-credentials-disabled': '4',
      'fips-only': '5',
    };
    for (const [id, number] of Object.entries(article)) {
      assert.equal(findCatalogueEntry(id)?.article, number);
    }
  });

  it('has the ids that other work relies on', () => {
    const relied =
      'port-unreachable tls-server-disabled tls-no-common-version tls-no-common-suite fips-only encryption-level-too-high certificate-missing certificate-expired credssp-outdated listener-inconsistent clock-skew ntlm-blocked nla-required-by-server listener-closes-connection other-service-on-port rdp-disabled rdp-service-disabled policy-override certificate-key-unreadable user-right-missing ntlm-restricted credssp-policy kerberos-encryption-mismatch dns-misconfigured lsa-packages-damaged firewall-blocks port-changed duplicate-machine-identity netlogon-service-disabled group-policy-client-disabled';
    for (const id of relied.split(' ')) {
      assert.ok(findCatalogueEntry(id), id);
    }
  });

  it('names no cause that no table leads to', () => {
    const named = new Set<string>(
      [...CODE_TABLES.flatMap(([, rows]) => rows), ...EVENTS, ...ERROR_TEXTS].flatMap((row) => row.causes),
    );
    assert.deepEqual(
      ids.filter((id) => !named.has(id)),
      [],
    );
  });
});
