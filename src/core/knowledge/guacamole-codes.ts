import type { CauseId } from './cause-catalogue.ts';
import type { CodeRow } from './row.ts';

function status(
  code: number,
  name: string,
  meaning: string,
  causes: readonly CauseId[] = [],
  look: readonly string[] = ['The guacd log lines of that second name the reason'],
): CodeRow {
  return {
    code,
    name,
    meaning,
    causes,
    look,
    source: 'Apache Guacamole manual, protocol status codes; guacamole-server, protocol-types.h',
    sure: 'verified',
  };
}

/** Status codes of the Guacamole protocol, as guacd logs them and the browser shows them. */
export const GUACAMOLE_CODES: readonly CodeRow[] = [
  status(0x100, 'UNSUPPORTED', 'Guacamole does not support the request.'),
  status(0x200, 'SERVER_ERROR', 'Something failed inside Guacamole or guacd.'),
  status(0x201, 'SERVER_BUSY', 'Guacamole is too busy to accept the connection.', ['resources-exhausted']),
  status(0x202, 'UPSTREAM_TIMEOUT', 'The machine behind Guacamole does not answer.', [
    'port-unreachable',
    'firewall-blocks',
    'machine-not-ready',
  ]),
  status(0x203, 'UPSTREAM_ERROR', 'The machine behind Guacamole reported an error or hung up.', [
    'listener-closes-connection',
    'nla-required-by-server',
  ]),
  status(0x204, 'RESOURCE_NOT_FOUND', 'The requested resource does not exist in Guacamole.'),
  status(0x205, 'RESOURCE_CONFLICT', 'The requested resource is already in use.'),
  status(0x206, 'RESOURCE_CLOSED', 'The requested resource has been closed.'),
  status(0x207, 'UPSTREAM_NOT_FOUND', 'No connection could be opened to the machine behind Guacamole.', [
    'port-unreachable',
    'target-name-wrong',
    'nla-required-by-server',
    'rdp-disabled',
    'firewall-blocks',
  ]),
  status(0x208, 'UPSTREAM_UNAVAILABLE', 'The machine behind Guacamole refuses the connection.', [
    'user-right-missing',
    'rdp-service-disabled',
    'resources-exhausted',
  ]),
  status(0x209, 'SESSION_CONFLICT', 'Another connection took over the session.'),
  status(0x20a, 'SESSION_TIMEOUT', 'The session was idle for too long.'),
  status(0x20b, 'SESSION_CLOSED', 'The session was ended by someone else.'),
  status(0x300, 'CLIENT_BAD_REQUEST', "The connection's parameters are not valid."),
  status(
    0x301,
    'CLIENT_UNAUTHORIZED',
    'The sign-in was refused: wrong credentials or the wrong security mode.',
    ['credentials-wrong', 'nla-required-by-server', 'name-form-wrong'],
  ),
  status(
    0x303,
    'CLIENT_FORBIDDEN',
    'The account may not sign in: it is locked, disabled or expired, or does not have the right.',
    ['account-locked', 'account-disabled', 'password-expired', 'user-right-missing'],
  ),
  status(0x308, 'CLIENT_TIMEOUT', 'The browser stopped answering.'),
  status(0x30d, 'CLIENT_OVERRUN', 'The browser sent more than Guacamole accepts.'),
  status(0x30f, 'CLIENT_BAD_TYPE', 'The browser sent a kind of data that is not supported.'),
  status(0x31d, 'CLIENT_TOO_MANY', 'The user has too many connections open.'),
];

const byCode = new Map(GUACAMOLE_CODES.map((row) => [row.code, row]));

/** The row of a Guacamole status code, or undefined. */
export function findGuacamole(code: number): CodeRow | undefined {
  return byCode.get(code);
}
