import type { AuthMethod } from 'ssh2';
import type { SshFailure } from './failure.ts';
import { failed } from './failure.ts';
import type { Identities, Identity } from './identities.ts';
import type { Ssh2 } from './library.ts';

/** A password that may be tried once, and whoever counts the attempts. */
export interface PasswordAttempt {
  /** The password; `undefined`: there is none, and nobody to ask for one. */
  obtain(): Promise<string | undefined>;
  /** Asks for the one attempt: why it may not be made, where it may not. */
  enter(): Promise<string | undefined>;
  settle(outcome: 'accepted' | 'failed' | 'not-made'): void;
}

/** A server of OpenSSH ends the connection with the sixth key that it does not take; a password needs a turn as well. */
const MOST_KEYS = 5;

/** Signs in: keys first, then the password, once. What was tried is kept for the message. */
export class Authentication {
  readonly #ssh2: Ssh2;
  readonly #user: string;
  readonly #identities: Identities;
  readonly #password: PasswordAttempt;
  readonly #abort: () => void;
  readonly #steps: AsyncGenerator<AuthMethod, undefined>;
  readonly #tried: string[] = [];
  readonly #unusable: string[] = [];
  #offered: readonly string[] = [];
  #partial = false;
  #passwordWent: 'not-tried' | 'sent' | 'refused' | { readonly because: string } = 'not-tried';

  /** @param abort ends the connection where going on could do harm */
  constructor(
    ssh2: Ssh2,
    user: string,
    identities: Identities,
    password: PasswordAttempt,
    abort: () => void,
  ) {
    this.#abort = abort;
    this.#ssh2 = ssh2;
    this.#user = user;
    this.#identities = identities;
    this.#password = password;
    this.#steps = this.#plan();
  }

  /** As ssh2 asks for the next method. */
  readonly handler = (
    methods: readonly string[] | null,
    partial: boolean | null,
    next: (method: AuthMethod | false) => void,
  ): void => {
    this.#offered = methods ?? [];
    this.#partial = partial === true;
    this.#steps.next().then(
      ({ value }) => next(value ?? false),
      (error: Error) => {
        this.#unusable.push(error.message);
        next(false);
      },
    );
  };

  /** A key that turned out to be unusable when the server wanted it. */
  note(problem: string): void {
    this.#unusable.push(problem);
  }

  /** The server let the user in. */
  accepted(): void {
    if (this.#passwordWent !== 'sent') return;
    this.#passwordWent = 'not-tried';
    this.#password.settle('accepted');
  }

  /** The connection ended with the password under way: it counts as failed. */
  ended(): void {
    if (this.#passwordWent !== 'sent') return;
    this.#passwordWent = 'refused';
    this.#password.settle('failed');
  }

  /** Why the server let nobody in. */
  failure(where: string, isWindows: boolean): SshFailure {
    const tried =
      this.#tried.length === 0
        ? ['no key was there to offer']
        : [`no key was accepted (${this.#tried.join(', ')})`];
    const keys = this.#offered.includes('publickey') || this.#tried.length > 0 ? tried : [];
    const unusable = this.#unusable.concat(this.#identities.unusable);
    const password =
      this.#passwordWent === 'refused'
        ? ['the password was refused']
        : this.#passwordWent === 'sent'
          ? ['the password was sent and stayed without an answer']
          : typeof this.#passwordWent === 'object'
            ? [this.#passwordWent.because]
            : [];
    const said = [...keys, ...unusable, ...password].join('; ');
    const methods = this.#offered.length === 0 ? '' : ` (it takes ${this.#offered.join(', ')})`;
    const trap =
      this.#tried.length > 0 && isWindows
        ? ' For a member of Administrators, Windows reads keys from %ProgramData%\\ssh\\administrators_authorized_keys only, which nobody but SYSTEM and Administrators may write; a key in the profile is ignored.'
        : '';
    const advice =
      this.#passwordWent === 'refused' || this.#passwordWent === 'sent'
        ? 'Check the password: no second attempt is made in this run, since accounts get locked.'
        : 'Name a key with --ssh-key, add one to the agent, or give a password (RDPDOCTOR_SSH_PASSWORD, --ssh-password-file).';
    return failed('denied', `${where} did not let the account in${methods}: ${said}`, `${advice}${trap}`);
  }

  async *#plan(): AsyncGenerator<AuthMethod, undefined> {
    const username = this.#user;
    // The answer to nothing says which methods there are.
    yield { type: 'none', username };
    yield* this.#keys();
    const method = ['password', 'keyboard-interactive'].find((name) => this.#offered.includes(name));
    if (method === undefined) return undefined;
    const password = await this.#password.obtain();
    if (password === undefined) return undefined;
    const refusal = await this.#password.enter();
    if (refusal !== undefined) {
      this.#passwordWent = { because: refusal };
      return undefined;
    }
    this.#passwordWent = 'sent';
    yield method === 'password' ? { type: 'password', username, password } : this.#byQuestion(password);
    if (this.#passwordWent === 'sent') {
      const went = this.#partial ? 'accepted' : 'failed';
      this.#passwordWent = this.#partial ? { because: 'the password alone was not enough' } : 'refused';
      this.#password.settle(went);
    }
    return undefined;
  }

  async *#keys(): AsyncGenerator<AuthMethod, void> {
    const { identities } = this.#identities;
    for (const identity of identities.slice(0, MOST_KEYS)) {
      if (!this.#offered.includes('publickey')) return;
      this.#tried.push(identity.name);
      yield this.#byKey(identity);
      if (this.#partial) {
        this.#unusable.push('a key alone was not enough');
        return;
      }
    }
    if (identities.length > MOST_KEYS && this.#offered.includes('publickey')) {
      const more = identities.length - MOST_KEYS;
      this.#unusable.push(
        `${more} more ${more === 1 ? 'key was' : 'keys were'} not offered, since servers end the connection after six: name the right one with --ssh-key`,
      );
    }
  }

  #byKey({ key }: Identity): AuthMethod {
    return key instanceof this.#ssh2.BaseAgent
      ? { type: 'agent', username: this.#user, agent: key }
      : { type: 'publickey', username: this.#user, key: key };
  }

  /** Keyboard-interactive, with one question that is answered by the password; a second one is not answered. */
  #byQuestion(password: string): AuthMethod {
    let isAnswered = false;
    return {
      type: 'keyboard-interactive',
      username: this.#user,
      prompt: (_name, _instructions, _language, prompts, finish) => {
        const [question] = prompts;
        if (!isAnswered && prompts.length === 1 && question?.echo !== true) {
          isAnswered = true;
          finish([password]);
          return;
        }
        // Any answer could count as another attempt with a wrong password.
        this.#unusable.push('the server asks for more than a password, which rdpdoctor does not answer');
        if (!isAnswered) {
          this.#passwordWent = 'not-tried';
          this.#password.settle('not-made');
        }
        this.#abort();
      },
    };
  }
}
