# Runs a command in the foreground of a terminal, as a shell does: types, signals, continues it, and prints as
# JSON how it ended, what it showed, and whether the terminal echoed whenever the command did not run.
import json, os, pty, select, signal, sys, termios, time

# ["wait", TEXT] until it shows, ["raw"] until nothing echoes, ["type", TEXT], ["signal", NAME], ["stopped"], ["continue"]
steps = json.loads(sys.argv[1])
argv = sys.argv[2:]
report_read, report_write = os.pipe()
order_read, order_write = os.pipe()
shell, terminal = pty.fork()
if shell == 0:
    # A shell with one job: a group of its own in the foreground, and told about through a pipe.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(argv[0], argv)
    os.write(report_write, b'%d\n' % job)
    while True:
        _, how = os.waitpid(job, os.WUNTRACED)
        echo = bool(termios.tcgetattr(0)[3] & termios.ECHO)
        os.tcsetpgrp(0, os.getpid())
        os.write(report_write, b'%d %d\n' % (how, echo))
        if not os.WIFSTOPPED(how):
            os.read(order_read, 1)
            os._exit(0)
        os.read(order_read, 1)
        os.tcsetpgrp(0, job)
        os.kill(job, signal.SIGCONT)

deadline = time.time() + 60
shown = b''
told = b''


def look():
    global shown, told
    for ready in select.select([terminal, report_read], [], [], 0.05)[0]:
        if ready == terminal:
            try:
                shown += os.read(terminal, 65536)
            except OSError:
                pass
        else:
            told += os.read(report_read, 4096)


def wait_until(done):
    while not done():
        if time.time() > deadline:
            print(json.dumps({'timeout': True, 'shown': shown.decode('utf8', 'replace')}))
            os.kill(shell, signal.SIGKILL)
            sys.exit(0)
        look()


wait_until(lambda: b'\n' in told)
line, told = told.split(b'\n', 1)
job = int(line)


def next_report():
    global told
    wait_until(lambda: b'\n' in told)
    line, told = told.split(b'\n', 1)
    how, echo = line.split()
    return int(how), echo == b'1'


mark = 0
stops = []
for kind, *more in steps:
    if kind == 'wait':
        wait_until(lambda: more[0].encode() in shown[mark:])
        mark = len(shown)
    elif kind == 'raw':
        wait_until(lambda: not termios.tcgetattr(terminal)[3] & termios.ECHO)
    elif kind == 'type':
        os.write(terminal, more[0].encode())
    elif kind == 'signal':
        os.kill(job, getattr(signal, more[0]))
    elif kind == 'stopped':
        how, echo = next_report()
        stops.append(os.WIFSTOPPED(how) and echo)
        mark = len(shown)
    elif kind == 'continue':
        os.write(order_write, b'x')

ended, echo = next_report()
look()
os.write(order_write, b'x')
print(json.dumps({
    'status': os.WEXITSTATUS(ended) if os.WIFEXITED(ended) else None,
    'signal': signal.Signals(os.WTERMSIG(ended)).name if os.WIFSIGNALED(ended) else None,
    'echo': echo,
    'stops': stops,
    'shown': shown.decode('utf8', 'replace'),
}))
