import type { PublicReport } from './report.ts';

const ERREF = 'Microsoft Learn, Audit logon: 4625(F), failure information';

/** Reports in English: issue trackers, and the messages that Microsoft's own pages quote. */
export const ENGLISH: readonly PublicReport[] = [
  // ---------------------------------------------------------------- FreeRDP and what is built on it
  {
    text: `xfreerdp /u:domain\\user /v:10.0.1.37
[13:56:16:177] [19303:19304] [INFO][com.freerdp.client.common.cmdline] - loading channelEx cliprdr
[13:56:21:730] [19303:19304] [ERROR][com.freerdp.core] - freerdp_set_last_error ERRCONNECT_LOGON_FAILURE [0x00020014]
[13:56:21:731] [19303:19304] [ERROR][com.freerdp.core.rdp] - rdp_recv_callback: CONNECTION_STATE_NLA - nla_recv_pdu() fail`,
    language: 'en',
    cause: 'credentials-wrong',
    source: 'github.com/FreeRDP/FreeRDP/issues/4661',
  },
  {
    text: `[01:34:12:131] [1533:6f6fb000] [WARN][com.freerdp.crypto] - Certificate verification failure 'self signed certificate (18)' at stack position 0
[01:34:12:131] [1533:6f6fb000] [WARN][com.freerdp.crypto] - CN = pc1.example.org
[01:34:17:690] [1533:6f6fb000] [WARN][com.freerdp.core.nla] - SPNEGO received NTSTATUS: STATUS_LOGON_FAILURE [0xC000006D] from server
[01:34:17:690] [1533:6f6fb000] [ERROR][com.freerdp.core] - nla_recv_pdu:freerdp_set_last_error_ex ERRCONNECT_LOGON_FAILURE [0x00020014]
[01:34:17:690] [1533:6f6fb000] [ERROR][com.freerdp.core.transport] - transport_check_fds: transport->ReceiveCallback() - -1`,
    language: 'en',
    cause: 'credentials-wrong',
    source: 'github.com/FreeRDP/FreeRDP/issues/7975',
  },
  {
    text: `16:13:19 patator    INFO - 131   1362   0.602 | user:word                          |     5 | [16:13:18:507] [43029:43042] [INFO][com.freerdp.core] - freerdp_connect:freerdp_set_last_error_ex resetting error state
[16:13:19:045] [43029:43042] [ERROR][com.freerdp.core] - nla_recv_pdu:freerdp_set_last_error_ex ERRCONNECT_LOGON_FAILURE [0x00020014]`,
    language: 'en',
    cause: 'credentials-wrong',
    source: 'github.com/lanjelot/patator/issues/132',
    heldOut: true,
  },
  {
    text: `[14:44:58:158] [10149:10150] [WARN][com.freerdp.core.nego] - Error: HYBRID_REQUIRED_BY_SERVER
[14:44:58:158] [10149:10150] [ERROR][com.freerdp.core.nego] - Protocol Security Negotiation Failure
[14:44:58:158] [10149:10150] [ERROR][com.freerdp.core] - freerdp_set_last_error ERRCONNECT_SECURITY_NEGO_CONNECT_FAILED [0x2000C]
[14:44:58:158] [10149:10150] [ERROR][com.freerdp.core.connection] - Error: protocol security negotiation or connection failure
[14:44:58:158] [10149:10150] [ERROR][com.freerdp.client.x11] - Authentication only, exit status 1`,
    language: 'en',
    cause: 'nla-required-by-server',
    source: 'github.com/FreeRDP/FreeRDP/issues/2996',
  },
  {
    text: `hydra -d -l administrator 10.0.0.251 rdp
[DEBUG] rdp reported 00020008
[ERROR] freerdp: The connection failed to establish.
[DEBUG] pid 29636 called child_exit with code 1`,
    language: 'en',
    cause: 'tls-no-common-version',
    source: 'github.com/vanhauser-thc/thc-hydra/issues/806',
    heldOut: true,
  },
  {
    text: 'If an account is added to the "Protected Users" group, I am not able to connect to the machine (ERRCONNECT_ACCOUNT_RESTRICTION [0x00020017]).',
    language: 'en',
    cause: 'account-restricted',
    source: 'github.com/FreeRDP/FreeRDP/issues/5258',
  },
  {
    text: '[ERROR][com.winpr.sspi.Kerberos] - [kerberos_AcquireCredentialsHandleA]: krb5glue_get_init_creds (Cannot find KDC for realm "YY" [-1765328230])',
    language: 'en',
    cause: 'domain-controller-unreachable',
    source: 'github.com/FreeRDP/FreeRDP/issues/10268',
    heldOut: true,
  },
  {
    text: 'GetTGT error, error: Kerberos SessionError: KRB_AP_ERR_SKEW(Clock skew too great)',
    language: 'en',
    cause: 'clock-skew',
    source: 'github.com/Ridter/noPac/issues/11',
  },
  {
    text: `An unknown connection request was received from a remote client application, but none of the cipher suites supported by the client application are supported by the server. The TLS connection request has failed.`,
    language: 'en',
    cause: 'tls-no-common-suite',
    source: 'github.com/FreeRDP/FreeRDP/issues/7769',
  },
  {
    text: `Keyboard(error): xkeymap_read(), failed to open keymap en-us
Connecting to server using NLA...
Failed to negotiate protocol, retrying with plain RDP.
Protocol(debug): sec_out_mcs_data(), g_num_channels is 4
Core(error): tcp_recv(), recv() failed: Connection reset by peer`,
    language: 'en',
    cause: 'tls-no-common-suite',
    source: 'github.com/rdesktop/rdesktop/issues/97 (3DES was switched off at the server)',
    heldOut: true,
  },
  // ---------------------------------------------------------------- Guacamole
  {
    text: 'When I try to connect to an asset using RDP and web method, I get: Server Refused connection (wrong security type?)',
    language: 'en',
    cause: 'nla-required-by-server',
    source: 'github.com/jumpserver/jumpserver/issues/15768 (solved by another security type)',
  },
  {
    text: `Mar 02 15:49:01 vm-0-11 guacd[1838829]: RDP server closed/refused connection: Security negotiation failed (wrong security type?)
Mar 02 15:49:01 vm-0-11 guacd[1837206]: guacd[1838829]: INFO:        RDP server closed/refused connection: Security negotiation failed (wrong security type?)`,
    language: 'en',
    cause: 'nla-required-by-server',
    source: 'github.com/next-terminal/next-terminal/issues/228 (NLA was on at the server)',
    heldOut: true,
  },
  // ---------------------------------------------------------------- xrdp
  {
    text: `Jun 03 15:16:35 host1 xrdp[4728]: [INFO ] Socket 12: AF_INET connection received from 192.0.2.120 port 6341
Jun 03 15:16:35 host1 xrdp[7174]: [INFO ] Using default X.509 certificate: /etc/xrdp/cert.pem
Jun 03 15:16:35 host1 xrdp[7174]: [ERROR] Cannot read certificate file /etc/xrdp/cert.pem: No such file or directory
Jun 03 15:16:35 host1 xrdp[7174]: [ERROR] Cannot read private key file /etc/xrdp/key.pem: No such file or directory
Jun 03 15:16:35 host1 xrdp[7174]: [WARN ] Cannot accept TLS connections because certificate or private key file is not readable. certificate file: [/etc/xrdp/cert.pem], private key file: [/etc/xrdp/key.pem]
Jun 03 15:16:35 host1 xrdp[7174]: [INFO ] Security protocol: configured [RDP], requested [SSL|HYBRID|HYBRID_EX|RDP], selected [RDP]`,
    language: 'en',
    cause: 'certificate-missing',
    source: 'github.com/neutrinolabs/xrdp/issues/2279',
  },
  {
    text: `Oct 20 12:44:44 myserver xrdp[1379897]: (1379897)(139701139543872)[INFO ] xrdp_wm_log_msg: sesman connect ok
Oct 20 12:44:44 myserver xrdp-sesman[1306370]: pam_unix(xrdp-sesman:auth): authentication failure; logname= uid=0 euid=0 tty=xrdp-sesman ruser= rhost=  user=myuser
Oct 20 12:44:44 myserver xrdp-sesman[1306370]: pam_winbind(xrdp-sesman:auth): getting password (0x00000388)`,
    language: 'en',
    cause: 'credentials-wrong',
    source: 'github.com/neutrinolabs/xrdp/issues/2027',
    heldOut: true,
  },
  {
    text: `Connection Log:
connection to sesman on (null):3350
sesman connect ok
sending login info to session manager. Please wait....
login failed for user user1`,
    language: 'en',
    cause: 'credentials-wrong',
    source: 'github.com/neutrinolabs/xrdp/issues/2944',
  },
  {
    text: `xrdp-sesman[1597]: pam_unix(xrdp-sesman:auth): authentication failure; logname= uid=0 euid=0 tty=xrdp-sesman ruser= rhost= user=user1
xrdp-sesman[1597]: pam_sss(xrdp-sesman:auth): authentication success; logname= uid=0 euid=0 tty=xrdp-sesman ruser= rhost= user=user1
xrdp-sesman[1597]: pam_sss(xrdp-sesman:account): Access denied for user user1: 6 (Permission denied)`,
    language: 'en',
    cause: 'user-right-missing',
    source: 'github.com/neutrinolabs/xrdp/issues/906',
    heldOut: true,
  },
  // ---------------------------------------------------------------- the client of Windows
  {
    text: `[Window Title]
Remote Desktop Connection

[Content]
Remote Desktop can't connect to the remote computer for one of these reasons:

1) Remote access to the server is not enabled
2) The remote computer is turned off
3) The remote computer is not available on the network

[Expanded Information]
Error code: 0x204
Extended error code: 0x0
Timestamp (UTC): 10/16/23 09:18:47 AM`,
    language: 'en',
    cause: 'port-unreachable',
    source: 'github.com/sebaxakerhtc/rdpwrap.ini/issues/305',
  },
  {
    text: 'Protocol Event Disconnected. Host: ‘192.0.2.7’; Protocol: “RDP” Message: ‘A user account restriction (e.g. a restriction based on the time of day) is preventing you from logging in. Contact your system administrator or technical support for assistance.’',
    language: 'en',
    cause: 'account-restricted',
    source: 'github.com/mRemoteNG/mRemoteNG/issues/3175 (Protected Users)',
    heldOut: true,
  },
  {
    text: 'The remote computer requires Network Level Authentication, which your computer does not support. For assistance, contact your system administrator or technical support.',
    language: 'en',
    cause: 'nla-required-by-server',
    source: 'github.com/FreeRDP/FreeRDP/pull/13185; silicophilic.com',
  },
  {
    text: `Remote Desktop Connection
An authentication error has occurred.
The function requested is not supported.
Remote computer: vm1
This could be due to CredSSP encryption oracle remediation.
For more information, see https://go.microsoft.com/fwlink/?linkid=866660`,
    language: 'en',
    cause: 'credssp-outdated',
    source: 'FMS Software Development Team Blog, 10 May 2018',
    heldOut: true,
  },
  {
    text: 'The remote computer that you are trying to connect to requires Network level authentication but your Windows domain controller cannot be contacted to perform NLA. If you are an administrator on the remote computer, you can disable NLA by using the options on the Remote tab of the System Properties dialog box.',
    language: 'en',
    cause: 'domain-controller-unreachable',
    source: 'silicophilic.com/remote-computer-requires-network-level-authentication',
  },
  {
    text: 'Remote Desktop can\'t find the computer "vm1". This might mean that "vm1" does not belong to the specified network. Verify the computer name and domain that you are trying to connect to.',
    language: 'en',
    cause: 'target-name-wrong',
    source: 'Microsoft Learn, Troubleshoot specific RDP error messages to a Windows VM in Azure',
  },
  {
    text: 'Windows Security\nYour credentials did not work\nThe credentials that were used to connect to vm1 did not work. Please enter new credentials.\nThe logon attempt failed',
    language: 'en',
    cause: 'credentials-wrong',
    source: 'github.com/stascorp/rdpwrap/issues/341; Microsoft Learn, specific RDP error messages',
    heldOut: true,
  },
  {
    text: 'The remote session was disconnected because there are no Remote Desktop License Servers available to provide a license. Please contact the server administrator.',
    language: 'en',
    cause: 'license-server-missing',
    source: 'Microsoft Learn, Troubleshoot specific RDP error messages to a Windows VM in Azure',
  },
  {
    text: 'To sign in remotely, you need the right to sign in through Remote Desktop Services. By default, members of the Remote Desktop Users group have this right.',
    language: 'en',
    cause: 'user-right-missing',
    source: 'Microsoft Learn, Remote desktop connection: access denied and user not authorized',
  },
  {
    text: 'The system administrator has restricted the type of logon (network or interactive) that you may use. For assistance, contact your system administrator or technical support.',
    language: 'en',
    cause: 'user-right-missing',
    source: "Microsoft Learn, User can't authenticate or must authenticate twice",
    heldOut: true,
  },
  // ---------------------------------------------------------------- events
  {
    text: `Failure Information:
	Failure Reason:		An Error occured during Logon.
	Status:			0x80090302
	Sub Status:		0xC0000418`,
    language: 'en',
    cause: 'ntlm-blocked',
    source: 'github.com/MicrosoftDocs/windows-itpro-docs/issues/11384',
  },
  {
    text: `Event[0]
  Log Name: Security
  Source: Microsoft-Windows-Security-Auditing
  Date: 2021-12-25T07:33:18.1520000Z
  Event ID: 4625
  Task: Logon
  Keyword: Audit Failure
Description:
An account failed to log on.
Subject:
	Security ID:		S-1-0-0
	Logon ID:		0x0
Logon Type:			3
Account For Which Logon Failed:
	Account Name:		ADMINISTRATOR
Failure Information:
	Failure Reason:		Unknown user name or bad password.
	Status:			0xC000006D
	Sub Status:		0xC0000064`,
    language: 'en',
    cause: 'credentials-wrong',
    source: 'github.com/JeftaDirksen/BlockIP/issues/3',
    heldOut: true,
  },
  {
    text: `An account failed to log on.

Subject:
	Security ID:		NULL SID
	Logon ID:		0x0

Logon Type:			3

Account For Which Logon Failed:
	Security ID:		NULL SID
	Account Name:		ADMINISTRATOR

Failure Information:
	Failure Reason:		Unknown user name or bad password.
	Status:			0xC000006D
	Sub Status:		0xC000006A

Process Information:
	Caller Process ID:	0x0

Network Information:
	Source Network Address:	192.0.2.4
	Source Port:		0

Detailed Authentication Information:
	Logon Process:		NtLmSsp
	Key Length:		0

This event is generated when a logon request fails. It is generated on the computer where access was attempted.`,
    language: 'en',
    cause: 'credentials-wrong',
    source: 'github.com/EvanAnderson/ts_block/issues/14',
  },
  {
    text: `{"win":{"system":{"providerName":"Microsoft-Windows-Security-Auditing","providerGuid":"{54849625-5478-4994-a5ba-3e3b0328c30d}","eventID":"4625","version":"0","level":"0","task":"12544","keywords":"0x8010000000000000","systemTime":"2024-06-25T18:23:21.3175729Z","eventRecordID":"16591","processID":"840","threadID":"9800","channel":"Security","severityValue":"AUDIT_FAILURE","message":"\\"An account failed to log on.\\r\\n\\r\\nSubject:\\r\\n\\tSecurity ID:\\t\\tS-1-0-0\\r\\n\\tLogon ID:\\t\\t0x0\\r\\n\\r\\nLogon Type:\\t\\t\\t3\\r\\n\\r\\nFailure Information:\\r\\n\\tFailure Reason:\\t\\tUnknown user name or bad password.\\r\\n\\tStatus:\\t\\t\\t0xC000006D\\r\\n\\tSub Status:\\t\\t0xC0000064\\r\\n\\r\\nProcess Information:\\r\\n\\tCaller Process ID:\\t0x0"}}}`,
    language: 'en',
    cause: 'credentials-wrong',
    source: 'github.com/wazuh/wazuh/issues/23861',
    heldOut: true,
  },
  {
    text: `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-A5BA-3E3B0328C30D}'/><EventID>4625</EventID><Version>0</Version><Level>0</Level><Task>12546</Task><Opcode>0</Opcode><Keywords>0x8010000000000000</Keywords><TimeCreated SystemTime='2015-09-08T22:54:54.962511700Z'/><EventRecordID>229977</EventRecordID><Execution ProcessID='516' ThreadID='3240'/><Channel>Security</Channel></System><EventData><Data Name='SubjectLogonId'>0x3e7</Data><Data Name='TargetUserName'>Auditor</Data><Data Name='Status'>0xc0000234</Data><Data Name='FailureReason'>%%2307</Data><Data Name='SubStatus'>0x0</Data><Data Name='LogonType'>2</Data><Data Name='ProcessId'>0x1bc</Data><Data Name='IpPort'>0</Data></EventData></Event>`,
    language: 'en',
    cause: 'account-locked',
    source: 'Microsoft Learn, 4625(F): An account failed to log on, event XML',
  },
  {
    text: `<EventData><Data Name='TargetUserName'>dadmin</Data><Data Name='ServiceName'>krbtgt/CONTOSO.LOCAL</Data><Data Name='TicketOptions'>0x40810010</Data><Data Name='Status'>0x10</Data><Data Name='PreAuthType'>15</Data><Data Name='IpPort'>49254</Data></EventData> EventID 4771, Kerberos pre-authentication failed.`,
    language: 'en',
    cause: 'kerberos-certificate-invalid',
    source: 'Microsoft Learn, 4771(F): Kerberos pre-authentication failed, event XML',
    heldOut: true,
  },
  {
    text: `The computer attempted to validate the credentials for an account.
Authentication Package:	MICROSOFT_AUTHENTICATION_PACKAGE_V1_0
Logon Account:	Administrator
Source Workstation:	WIN81
Error Code:	0xC0000234`,
    language: 'en',
    cause: 'account-locked',
    source: 'Microsoft Learn, 4776(S, F): The computer attempted to validate the credentials',
  },
  {
    text: `An account failed to log on. Logon Type: 10. Failure Reason: %%2308 Status: 0xc000015b Sub Status: 0x0`,
    language: 'en',
    cause: 'user-right-missing',
    source: ERREF,
  },
  {
    text: `A fatal error occurred when attempting to access the SSL server credential private key. The error code returned from the cryptographic module is 0x8009030D. The internal error state is 10001.`,
    language: 'en',
    cause: 'certificate-key-unreadable',
    source: 'Microsoft Learn, An internal error occurs when you try to connect to an Azure VM through RDP',
    heldOut: true,
  },
  {
    text: `Log Name:      System
Source:        Microsoft-Windows-TerminalServices-RemoteConnectionManager
Event ID:      1058
Level:         Error
User:          NETWORK SERVICE
Description:
The RD Session Host Server has failed to replace the expired self signed certificate used for RD Session Host Server authentication on SSL connections. The relevant status code was Access is denied.`,
    language: 'en',
    cause: 'certificate-key-unreadable',
    source: 'Microsoft Learn, Remote Desktop disconnects frequently in Azure VM (MachineKeys folder)',
  },
  {
    text: 'The RD Session Host Server has failed to create a new self signed certificate to be used for RD Session Host Server authentication on SSL connections. The relevant status code was Object already exists.',
    language: 'en',
    cause: 'certificate-key-unreadable',
    source: 'Microsoft Learn, An internal error occurs when you try to connect to an Azure VM through RDP',
  },
  {
    text: `Log Name: System
Source: NETLOGON
Event ID: 5719
This computer was not able to set up a secure session with a domain controller in domain CONTOSO due to the following:
There are currently no logon servers available to service the logon request.
This may lead to authentication problems. Make sure that this computer is connected to the network.`,
    language: 'en',
    cause: 'domain-controller-unreachable',
    source: 'Microsoft Learn, Event ID 5719 is logged when you start a computer',
    heldOut: true,
  },
  {
    text: `The Security System detected an authentication error for the server cifs/server.contoso.com. The failure code from authentication protocol Kerberos was "The trust relationship between this workstation and the primary domain failed. (0xc000018d)".`,
    language: 'en',
    cause: 'secure-channel-broken',
    source: 'Microsoft Learn, LsaSrv 40960; trust relationship between workstation and primary domain',
  },
  {
    text: `The Kerberos client received a KRB_AP_ERR_MODIFIED error from the server host1$. The target name used was TERMSRV/app.contoso.com. This indicates that the target server failed to decrypt the ticket provided by the client.`,
    language: 'en',
    cause: 'spn-missing',
    source: 'Microsoft Learn, Kerberos event 4 and KRB_AP_ERR_MODIFIED',
    heldOut: true,
  },
  {
    text: 'There is a partial mismatch in the machine ID. This indicates that the ticket has either been manipulated or it belongs to a different boot session. Failing authentication.',
    language: 'en',
    cause: 'duplicate-machine-identity',
    source: 'Microsoft Support, KB5065426 known issues: authentication failures with duplicate SIDs',
  },
];
