import { type Wording, wordings } from './wording.ts';

const DOCS = (language: string): string =>
  `Microsoft, Azure documentation ${language}: specific RDP error messages to a Windows VM`;
const RDS = (language: string): string =>
  `Microsoft, Windows Server documentation ${language}: Remote Desktop Services, troubleshooting`;
const CODES = (language: string): string => `Microsoft, Win32 documentation ${language}: system error codes`;
const REMMINA = (language: string): string => `Remmina, po/${language}.po`;
const REPORTED = 'Texts of the client as users have posted them';

/** What the client, Windows and Remmina say in European languages. Nothing here was translated by us. */
export const EUROPEAN_WORDINGS: readonly Wording[] = [
  // ---------------------------------------------------------------- German
  ...wordings('de', DOCS('de-de'), [
    [['error-text', 'S11'], 'getrennt, da keine Lizenzserver für Remotedesktop vorhanden sind'],
    [['error-text', 'S21'], 'Remotedesktop kann den Computer'],
    [['error-text', 'S6'], 'Mit den Anmeldeinformationen konnte keine Verbindung hergestellt werden'],
  ]),
  ...wordings('de', RDS('de-de'), [
    [
      ['error-text', 'S7'],
      'Der Systemadministrator hat den Typ der Anmeldung',
      'Der Systemadministrator hat den zulässigen Anmeldetyp',
    ],
    [
      ['error-text', 'S11'],
      'da keine Remotedesktop-Lizenzserver verfügbar sind',
      'da für diesen Computer keine Remotedesktop-Clientzugriffslizenzen verfügbar sind',
    ],
    [
      ['error-text', 'S19'],
      'Aufgrund eines Sicherheitsfehlers konnte der Client keine Verbindung mit dem Remotecomputer herstellen',
    ],
    [['error-text', 'S29'], 'da der Remotedesktopdienst zurzeit ausgelastet ist'],
    [['error-text', 'S5'], 'Die angeforderte Funktion wird nicht unterstützt'],
  ]),
  ...wordings('de', CODES('de-de'), [
    [
      ['win32', 1311],
      'Derzeit sind keine Anmeldeserver verfügbar',
      'Es sind momentan keine Anmeldeserver verfügbar',
      'Es ist momentan kein Anmeldeserver verfügbar',
    ],
    [['win32', 1326], 'Der Benutzername oder das Kennwort ist falsch'],
    [['error-text', 'S22'], 'Kontoeinschränkungen verhindern, dass sich dieser Benutzer anmelden kann'],
    [['win32', 1328], 'Für Ihr Konto gelten Zeiteinschränkungen'],
    [['win32', 1329], 'Dieser Benutzer darf sich nicht bei diesem Computer anmelden'],
    [['win32', 1330], 'Das Kennwort für dieses Konto ist abgelaufen'],
    [['win32', 1331], 'Dieser Benutzer kann sich nicht anmelden, da dieses Konto derzeit'],
    [
      ['win32', 1787],
      'Die Sicherheitsdatenbank auf dem Server hat kein Computerkonto für diese Arbeitsstations-Vertrauensstellung',
    ],
    [
      ['win32', 1789],
      'Vertrauensstellung zwischen dieser Arbeitsstation und der primären Domäne',
      'Vertrauensstellung zwischen der Arbeitsstation und der primären Domäne',
    ],
    [['win32', 1907], 'Das Kennwort des Benutzers muss vor der Anmeldung geändert werden'],
    [
      ['win32', 1909],
      'Das Konto, auf das verwiesen wird, ist derzeit gesperrt',
      'Das Konto, auf das verwiesen wird, ist zurzeit gesperrt',
    ],
  ]),
  ...wordings('de', REPORTED, [
    [['error-text', 'S6'], 'Der Anmeldeversuch ist fehlgeschlagen', 'Anmeldeversuch ist fehlgeschlagen'],
  ]),
  ...wordings('de', REMMINA('de'), [
    [['win32', 1909], 'Das Konto ist gesperrt'],
    [['win32', 1793], 'Das Konto ist abgelaufen'],
    [['win32', 1330], 'Das Passwort ist abgelaufen'],
    [['win32', 1331], 'Das Konto ist inaktiv'],
    [['error-text', 'S27'], 'Der Benutzer hat unzureichende Berechtigungen'],
    [['error-text', 'S22'], 'Das Konto ist eingeschränkt'],
    [['error-text', 'S21'], 'Kann die Adresse des RDP-Servers'],
  ]),
  // ---------------------------------------------------------------- French
  ...wordings('fr', DOCS('fr-fr'), [
    [['error-text', 'S11'], 'car aucun serveur de licences Bureau à distance n’est disponible'],
    [['error-text', 'S21'], 'Le bureau à distance ne trouve pas'],
    [['error-text', 'S6'], 'Vos informations d’identification n’ont pas fonctionné'],
  ]),
  ...wordings('fr', RDS('fr-fr'), [
    [['error-text', 'S7'], 'l’administrateur système a restreint le type'],
    [['error-text', 'S11'], 'car aucune licence d’accès client Bureau à distance n’est disponible'],
    [
      ['error-text', 'S19'],
      'Le client n’a pas pu se connecter à l’ordinateur distant en raison d’une erreur de sécurité',
    ],
    [['error-text', 'S29'], 'car le service Bureau à distance est actuellement occupé'],
  ]),
  ...wordings('fr', CODES('fr-fr'), [
    [['error-text', 'S22'], 'Les restrictions de compte empêchent cet utilisateur de se connecter'],
    [['win32', 1328], 'Votre compte a des restrictions de temps qui vous empêchent de vous connecter'],
    [['win32', 1788], 'La relation d’approbation entre le domaine principal et le domaine approuvé a échoué'],
    [['win32', 1789], 'La relation d’approbation entre cette station'],
    [['win32', 1907], 'Le mot de passe de l’utilisateur doit être modifié avant la connexion'],
    [['win32', 1908], 'Impossible de trouver le contrôleur de domaine pour ce domaine'],
    [['win32', 1909], 'Le compte référencé est actuellement verrouillé'],
  ]),
  ...wordings('fr', REPORTED, [
    [['error-text', 'S5'], 'La fonction demandée n’est pas prise en charge'],
    [['error-text', 'S33'], 'Les informations d’identification fournies au package n’ont pas été reconnues'],
    [['win32', 1326], 'Votre nom d’utilisateur ou votre mot de passe est incorrect'],
  ]),
  ...wordings('fr', REMMINA('fr'), [
    [['win32', 1909], 'Le compte est verrouillé'],
    [['win32', 1793], 'Le compte a expiré'],
    [['win32', 1330], 'Le mot de passe a expiré'],
    [['win32', 1331], 'Le compte est désactivé'],
    [['error-text', 'S27'], 'Les privilèges de l’utilisateur sont insuffisants'],
    [['error-text', 'S22'], 'Le compte est soumis à des restrictions'],
    [['error-text', 'S21'], 'Impossible de trouver l’adresse du serveur RDP'],
  ]),
  // ---------------------------------------------------------------- Spanish
  ...wordings('es', DOCS('es-es'), [
    [['error-text', 'S11'], 'porque no hay servidores de licencias de Escritorio remoto'],
    [
      ['error-text', 'S21'],
      'Escritorio remoto no encuentra el equipo',
      'Escritorio remoto no puede encontrar el equipo',
    ],
    [['error-text', 'S6'], 'las credenciales no han funcionado'],
  ]),
  ...wordings('es', RDS('es-es'), [
    [['error-text', 'S7'], 'El administrador del sistema ha restringido el tipo de inicio de sesión'],
    [['error-text', 'S11'], 'porque no hay licencias de acceso de cliente de Escritorio remoto'],
    [['error-text', 'S29'], 'porque Servicios de Escritorio remoto está ocupado'],
  ]),
  ...wordings('es', CODES('es-es'), [
    [
      ['win32', 1311],
      'no hay ningún servidor de inicio de sesión disponible',
      'no hay servidores de inicio de sesión disponibles',
    ],
    [['win32', 1326], 'El nombre de usuario o la contraseña son incorrectos'],
    [['win32', 1787], 'no tiene una cuenta de equipo para esta relación de confianza'],
    [['win32', 1788], 'relación de confianza entre el dominio principal y el dominio en el que se confía'],
    [
      ['win32', 1789],
      'la relación de confianza entre esta estación de trabajo y el dominio',
      'la relación de confianza entre esta estación',
    ],
    [
      ['win32', 1907],
      'La contraseña del usuario debe cambiarse antes de iniciar sesión',
      'Se debe cambiar la contraseña del usuario antes de iniciar sesión',
    ],
    [['win32', 1908], 'No se encontró el controlador de dominio para este dominio'],
    [['win32', 1909], 'La cuenta a la que se hace referencia está bloqueada'],
  ]),
  ...wordings('es', REMMINA('es'), [
    [['win32', 1909], 'La cuenta quedó bloqueada'],
    [['win32', 1793], 'La cuenta caducó'],
    [['win32', 1330], 'La contraseña caducó'],
    [['win32', 1331], 'La cuenta está desactivada'],
    [['error-text', 'S27'], 'Los privilegios de usuario son insuficientes'],
    [['error-text', 'S22'], 'La cuenta tiene restricciones'],
    [['error-text', 'S21'], 'No se pudo encontrar la dirección del servidor RDP'],
  ]),
  // ---------------------------------------------------------------- Italian
  ...wordings('it', DOCS('it-it'), [
    [['error-text', 'S1'], 'Impossibile contattare l’autorità di sicurezza locale'],
    [['error-text', 'S3'], 'Il computer non è in grado di connettersi al computer remoto'],
    [['error-text', 'S6'], 'Le credenziali specificate non funzionano'],
    [
      ['error-text', 'S11'],
      'perché non sono disponibili server licenze di Desktop remoto',
      'perché non sono disponibili server licenze Desktop remoto',
    ],
    [['error-text', 'S21'], 'Desktop remoto: impossibile rilevare'],
  ]),
  ...wordings('it', RDS('it-it'), [
    [['error-text', 'S7'], 'L’amministratore di sistema ha limitato il tipo di accesso'],
    [['error-text', 'S11'], 'perché non sono disponibili licenze CAL'],
    [['error-text', 'S29'], 'perché Servizi Desktop remoto è attualmente occupato'],
  ]),
  ...wordings('it', REPORTED, [
    [
      ['error-text', 'S5'],
      'La funzione richiesta non è supportata',
      'Correzione crittografia Oracle per CredSSP',
    ],
  ]),
  ...wordings('it', CODES('it-it'), [
    [['win32', 1311], 'non sono disponibili server di accesso'],
    [['win32', 1326], 'Il nome utente o la password non sono corretti'],
    [['error-text', 'S22'], 'Le restrizioni dell’account impediscono all’utente di eseguire l’accesso'],
    [['win32', 1329], 'Questo utente non è autorizzato ad accedere a questo computer'],
    [['win32', 1330], 'La password per questo account è scaduta'],
    [['win32', 1331], 'Questo utente non può accedere perché questo account è attualmente'],
    [['win32', 1907], 'È necessario modificare la password dell’utente prima dell’accesso'],
    [['win32', 1909], 'L’account a cui si fa riferimento è attualmente bloccato'],
  ]),
  ...wordings('it', REMMINA('it'), [
    [['win32', 1909], 'L’account è bloccato'],
    [['win32', 1793], 'L’account è scaduto'],
    [['win32', 1330], 'La password è scaduta'],
    [['win32', 1331], 'L’account è disabilitato'],
    [['error-text', 'S27'], 'L’utente ha privilegi insufficienti'],
    [['error-text', 'S22'], 'L’account ha delle restrizioni'],
    [['error-text', 'S21'], 'Impossibile trovare l’indirizzo per il server RDP'],
  ]),
  // ---------------------------------------------------------------- Portuguese
  ...wordings('pt', DOCS('pt-br'), [
    [['error-text', 'S6'], 'suas credenciais não funcionaram'],
    [['error-text', 'S11'], 'porque não há Servidores de Licença da Área de Trabalho Remota'],
    [['error-text', 'S21'], 'A Área de Trabalho Remota não consegue localizar'],
  ]),
  ...wordings('pt', CODES('pt-br'), [
    [['win32', 1311], 'não há servidores de logon disponíveis'],
    [
      ['win32', 1326],
      'O nome de usuário ou senha está incorreta',
      'O nome de usuário ou a senha está incorreta',
    ],
    [['error-text', 'S22'], 'As restrições de conta estão impedindo o usuário de entrar'],
    [['win32', 1328], 'Sua conta tem restrições de tempo que o impedem de entrar'],
    [['win32', 1329], 'Este usuário não tem permissão para entrar neste computador'],
    [['win32', 1330], 'A senha desta conta expirou'],
    [['win32', 1331], 'Este usuário não pode entrar porque esta conta está desabilitada'],
    [['win32', 1788], 'Falha na relação de confiança entre o domínio primário e o domínio confiável'],
    [['win32', 1907], 'A senha do usuário deve ser alterada antes de entrar'],
    [['win32', 1909], 'A conta referenciada está bloqueada'],
  ]),
  ...wordings('pt', REMMINA('pt_BR'), [
    [['win32', 1909], 'A conta está bloqueada'],
    [['win32', 1793], 'A conta expirou'],
    [['win32', 1330], 'A senha expirou'],
    [['win32', 1331], 'A conta está desativada'],
    [['error-text', 'S27'], 'O usuário tem privilégios insuficientes'],
    [['error-text', 'S22'], 'A conta tem restrições'],
  ]),
  // ---------------------------------------------------------------- Polish
  ...wordings('pl', DOCS('pl-pl'), [
    [['error-text', 'S1'], 'Nie można skontaktować się z urzędem zabezpieczeń lokalnych'],
    [['error-text', 'S3'], 'Ten komputer nie może połączyć się z komputerem zdalnym'],
    [['error-text', 'S6'], 'Twoje poświadczenia nie działają'],
    [['error-text', 'S11'], 'Sesja zdalna została rozłączona, ponieważ nie'],
    [['error-text', 'S21'], 'Pulpit zdalny nie może znaleźć komputera'],
  ]),
  ...wordings('pl', REPORTED, [
    [['error-text', 'S5'], 'Żądana funkcja nie jest obsługiwana', 'Określona funkcja nie jest obsługiwana'],
  ]),
  ...wordings('pl', REMMINA('pl'), [
    [['win32', 1909], 'Konto zablokowane'],
    [['win32', 1330], 'Hasło wygasło'],
    [['win32', 1793], 'Konto wygasło'],
    [['win32', 1331], 'Konto wyłączone'],
    [['error-text', 'S27'], 'Niewystarczające uprawnienia użytkownika'],
    [['error-text', 'S21'], 'Nie odnaleziono adresu serwera RDP'],
  ]),
  // ---------------------------------------------------------------- Russian
  ...wordings('ru', DOCS('ru-ru'), [
    [['error-text', 'S1'], 'Не удается связаться с локальным администратором безопасности'],
    [['error-text', 'S3'], 'Не удается подключиться к удаленному компьютеру'],
    [['error-text', 'S6'], 'учетные данные не работают'],
    [['error-text', 'S11'], 'отсутствуют доступные серверы лицензирования удаленных рабочих столов'],
    [['error-text', 'S21'], 'Службе удаленного рабочего стола не удается найти'],
  ]),
  ...wordings('ru', REPORTED, [
    [
      ['error-text', 'S5'],
      'Указанная функция не поддерживается',
      'Причиной ошибки может быть исправление шифрования CredSSP',
      'исправление шифрования CredSSP',
    ],
    [['error-text', 'S6'], 'Попытка входа не удалась'],
    [['win32', 1909], 'Указанная учетная запись заблокирована', 'Учетная запись заблокирована'],
  ]),
  ...wordings('ru', CODES('ru-ru'), [
    [['win32', 1787], 'не имеет учетной записи компьютера для этого отношения доверия рабочей станции'],
    [
      ['win32', 1788],
      'Не удалось установить доверительные отношения между основным доменом и доверенным доменом',
    ],
    [
      ['win32', 1789],
      'Не удалось установить доверительные отношения между этой рабочей станцией и основным доменом',
      'отношения доверия между данной рабочей станцией и основным доменом',
    ],
  ]),
  ...wordings('ru', REMMINA('ru'), [
    [['win32', 1909], 'Учётной записи закрыт доступ'],
    [['win32', 1793], 'Истёк срок учётной записи'],
    [['win32', 1330], 'Истёк пароль'],
    [['error-text', 'S27'], 'У пользователя нет привилегий'],
    [['error-text', 'S22'], 'У учётной записи ограничения'],
    [['error-text', 'S21'], 'Не удалось найти адрес RDP сервера'],
  ]),
];
