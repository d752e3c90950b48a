import assert from 'node:assert/strict'
import type { LineContext } from '../../../../src/secrets/credentials/text-lines.ts'
import { code, data, found, prose } from './scan.ts'

const secret = 'Midori2026!'
const generated = 'AbCd0123'.repeat(10)
const jwt = [{ alg: 'HS256', typ: 'JWT' }, { sub: '1234567890' }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .concat('dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U')
  .join('.')

/** One line, and the rule that finds the value in it; `MMM` stands for the password. */
const hits: readonly (readonly [LineContext, string, string, string?])[] = [
  [prose, 'password-sentence', '初期パスワードは MMM です。'],
  [prose, 'password-sentence', '初期パスワードは「MMM」です'],
  [prose, 'password-sentence', 'パスワードを「MMM」にする'],
  [prose, 'password-sentence', 'パスワードは midori です。', 'midori'],
  [prose, 'password-sentence', 'パスワード（初期）：MMM'],
  [prose, 'password-sentence', '**パスワード**: `MMM`'],
  [prose, 'password-sentence', 'The password is MMM.'],
  [prose, 'password-sentence', 'The passphrase is “MMM”'],
  [prose, 'password-assignment', 'Initial password: `MMM`'],
  [prose, 'password-assignment', 'ID: admin  PW：MMM'],
  [prose, 'password-in-url', '接続は https://admin:Midori2026@nas.example.jp/ です', 'Midori2026'],
  [code('bash'), 'password-assignment', 'password=midori', 'midori'],
  [code('bash'), 'password-assignment', "export DB_PASSWORD='MMM'"],
  [code('bash'), 'password-assignment', 'PGPASSWORD="MMM" psql -h db'],
  [code('bash'), 'password-assignment', 'mysqldump -u root --password=MMM db'],
  [code('bash'), 'password-assignment', 'mount -t cifs //nas/s /mnt -o username=a,password=MMM'],
  [code('bash'), 'password-assignment', `curl -d '{"user":"a","password":"MMM"}' https://api/`],
  [code('bash'), 'password-assignment', 'curl -d "{\\"password\\":\\"MMM\\"}" https://api/'],
  [code('bash'), 'password-assignment', `API_TOKEN=${generated}`, generated],
  [code('cmd'), 'password-assignment', 'set DB_PASS=MMM'],
  [code('bash'), 'mysql', 'mysql -u root -pMMM db'],
  [code('bash'), 'mysql', "mysqldump -u root -p'MMM' db"],
  [code('bash'), 'sshpass', 'sshpass -p MMM ssh root@host'],
  [code('bash'), 'sshpass', 'sshpass -pMMM ssh root@host'],
  [code('cmd'), 'putty', 'plink -ssh host -l root -pw MMM ls'],
  [code('bash'), 'curl-user', 'curl -u admin:MMM https://nas/'],
  [code('bash'), 'curl-user', "curl -s --user 'admin:MMM' https://nas/"],
  [code('bash'), 'curl-user', 'x=$(curl -u admin:MMM)'],
  [code('bash'), 'curl-user', 'curl -u "admin:Midori (2026)" https://nas/', 'Midori (2026)'],
  [code('bash'), 'openssl', "openssl pkcs12 -in x -passout 'pass:MMM'"],
  [code('bash'), 'samba', "smbclient -U 'OFFICE\\admin%MMM' //nas/share"],
  [code('bash'), 'ldap', 'ldapsearch -x -w MMM -b dc=x'],
  [code('bash'), 'ldap', 'ldapadd -x -D cn=admin \\\n  -w MMM -f x.ldif'],
  [code('bash'), 'ldappasswd', 'ldappasswd -x -D cn=admin -W -s MMM uid=taro'],
  [code('bash'), 'samba', 'smbclient -U admin%MMM //nas/share'],
  [code('bash'), 'login', 'docker login -u me -p MMM registry.example.jp'],
  [code('bash'), 'login', 'az login --service-principal -u x -p MMM'],
  [code('bash'), 'redis', 'redis-cli -h cache -a MMM ping'],
  [code('cmd'), 'sql-server', 'sqlcmd -S db -U sa -P MMM'],
  [code('bash'), 'archive', '7z a -pMMM out.7z dir'],
  [code('bash'), 'archive-zip', 'unzip -P MMM in.zip'],
  [code('bash'), 'openssl', 'openssl enc -aes-256-cbc -pass pass:MMM -in x'],
  [code('bash'), 'piped', 'echo "MMM" | sudo -S ls'],
  [code('bash'), 'piped', "echo 'root:MMM' | chpasswd", `root:${secret}`],
  [code('bash'), 'piped', 'echo MMM | passwd --stdin taro'],
  [code('bash'), 'piped', 'echo MMM | kinit taro'],
  [code('bash'), 'piped', "printf %s 'MMM' | cryptsetup open /dev/sdb1 x"],
  [code('bash'), 'curl-user', 'curl --user admin:MMM nas.local'],
  [code('bash'), 'cmdkey', 'xfreerdp /u:taro /p:MMM /v:host'],
  [code('cmd'), 'cmdkey', 'netdom join pc1 /d:corp /ud:admin /pd:MMM'],
  [code('bash'), 'ipmi', 'ipmitool -H bmc -U ADMIN -P MMM power status'],
  [code('pwsh'), 'network-credential', '[System.Net.NetworkCredential]::new("taro", "MMM")'],
  [code('pwsh'), 'network-credential', "$c = New-Object System.Net.NetworkCredential('taro', 'MMM', 'CORP')"],
  [code('bash'), 'wifi', 'nmcli dev wifi connect Office password MMM'],
  [code('bash'), 'authorization', `curl -H "Authorization: Bearer ${generated}" https://api/`, generated],
  [
    code('bash'),
    'authorization',
    "curl -H 'Authorization: Basic YWRtaW46TWlkb3JpMjAyNiE=' x",
    'YWRtaW46TWlkb3JpMjAyNiE=',
  ],
  [code('bash'), 'password-option', 'some-tool --password MMM run'],
  [code('bash'), 'password-option', `az storage blob list --account-key ${generated}==`, `${generated}==`],
  [code('pwsh'), 'net-user', 'net user taro MMM /add'],
  [code('cmd'), 'net-user', 'net user "Taro Suzuki" MMM /add /domain'],
  [code('cmd'), 'net-use', 'net use Z: \\\\nas\\share MMM /user:admin'],
  [code('cmd'), 'cmdkey', 'cmdkey /add:nas /user:admin /pass:MMM'],
  [code('cmd'), 'schtasks', 'schtasks /create /ru admin /rp MMM /tn x'],
  [code('pwsh'), 'as-plain-text', 'ConvertTo-SecureString "MMM" -AsPlainText -Force'],
  [code('pwsh'), 'as-plain-text', "$p = ConvertTo-SecureString -String 'MMM' -AsPlainText -Force"],
  [code('pwsh'), 'as-plain-text', 'ConvertTo-SecureString -AsPlainText -Force -String MMM'],
  [code('pwsh'), 'as-plain-text', '"MMM" | ConvertTo-SecureString -AsPlainText -Force'],
  [code('pwsh'), 'password-option', 'Connect-Thing -User a -Password MMM'],
  [code('pwsh'), 'password-option', "New-LocalUser taro -Password 'MMM'"],
  [code('pwsh'), 'password-assignment', '$adminPassword = "MMM"'],
  [code('pwsh'), 'password-assignment', '$c = "Server=db;User Id=sa;Password=MMM;"'],
  [code('python'), 'password-assignment', 'conn = connect(host="db", password="MMM")'],
  [code('node'), 'password-assignment', "const config = { user: 'a', password: 'MMM' }"],
  [code('python'), 'password-in-url', 'url = "postgresql://app:Midori2026@db/app"', 'Midori2026'],
  [code('pwsh'), 'password-assignment', '# password=MMM'],
  [code('python'), 'password-assignment', 'connect()  # password: MMM'],
  [data, 'password-assignment', 'password: midori', 'midori'],
  [data, 'password-assignment', 'db: { user: a, password: "MMM" }'],
  [data, 'password-element', '<add><db.password>MMM</db.password></add>'],
  [data, 'password-default', '  - { name: ADMIN_PASSWORD, label: x, default: MMM }'],
  [data, 'azure-key', `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${generated}==;`, `${generated}==`],
  [prose, 'azure-sas', `https://x.blob.core.windows.net/c/b?sv=2022&sig=${generated}%3D`, `${generated}%3D`],
  [
    prose,
    'entra-client-secret',
    `abc8Q~0123456789abcdefghijABCDEFGHIJ0123`,
    'abc8Q~0123456789abcdefghijABCDEFGHIJ0123',
  ],
  [prose, 'json-web-token', `the token ${jwt} of today`, jwt],
  [code('bash'), 'json-web-token', `TOKEN=${jwt}`, jwt],
]

/** Lines that hold none, although much in them speaks of passwords. */
const nearMisses: readonly (readonly [LineContext, string])[] = [
  [code('pwsh'), '[System.Net.NetworkCredential]::new("", $secure).Password'],
  [code('pwsh'), '[System.Net.NetworkCredential]::new("taro", "$password")'],
  [code('bash'), 'ipmitool -H bmc -U ADMIN -P "$IPMI_PASSWORD" power status'],
  [code('bash'), 'curl --user "admin:$NAS_PASSWORD" nas.local'],
  [code('bash'), 'printf %s "$KRB_PASSWORD" | kinit taro'],
  [code('cmd'), 'xcopy /p:x a b'],
  ...`パスワードは8文字以上で、英数字と記号を含めます。
パスワードは 1Password に保存します。
パスワードは Bitwarden で共有します。
パスワードは \`LDAP_PASSWORD\` に入れてあります。
パスワードを Set-ADAccountPassword で変更します。
パスワードは \`$LDAP_PASSWORD\` を使います。
パスワード：********
パスワード：＊＊＊＊
パスワード：<初期パスワード>
パスワードは taro@example.co.jp に送ります。
パスワードを Ctrl+C でコピーします。
パスワードは https://vault.example.co.jp/secret から。
パスワードは、Microsoft365 の管理センターで変えます。
パスワードの有効期限: 90日
パスワードは空です。
トークン: 管理画面で発行します
API キー: Azure Portal の「キーとエンドポイント」
The password is case-sensitive.
The password is stored in KeePassXC.
The password is base64-encoded.
Password: at least 12 characters.
Password: see the vault
Password: (hidden)
Token: see https://example.com/token
The secret: never share it. The key: value.
Secret: \`alertmanager-main-tls-2024\`
Use \`--password-stdin\` or \`-p\`. Set \`password=\` in the file.
Add \`password=$PASSWORD\`, \`token: <your-token>\`, \`secret=xxxx\`, \`pwd=...\`.
Tokens: prometheus-k8s-token-nwtrf
See http://host:8080/path@v1 and git@github.com:org/repo.git
the net user account policy; run net user name password
passwd: Authentication token manipulation error
eyJhbGciOiJub3QganNvbg.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc`
    .split('\n')
    .map((line) => [prose, line] as const),
  ...String.raw`password=$PASSWORD
password="$LDAP_PASSWORD"
export PASSWORD="\${PASSWORD:?}"
password=$(pass show ldap)
pwd=/home/taro; PWD=/tmp
token=$(oc create token prometheus-k8s)
read -rsp "Password: " PASSWORD; echo "done"
read -s -p 'Password: ' P && echo 'ok'
echo "Password: $password"
echo "Password: required"
printf 'password=%s\n' "$PASSWORD"
password=changeme password=your-password password=xxxx password=example
mysql -u root -p db
mysql -u root -p"$MYSQL_PASSWORD" db
mysql -h db --password db_name
mysqldump --password="$X" --port=3306 db
sshpass -p "$PASS" ssh h
sshpass -e ssh h
curl -u "$U:$P" https://x/
curl -u admin https://x/
curl -u : --negotiate https://x/
curl -H "Authorization: Bearer $TOKEN" https://x/
curl -H "Authorization: Bearer $(oc get-token x)" https://x/
curl -d '{"password":"'"$PASSWORD"'"}' https://x/
ldapadd -x -W -D cn=admin
ldapadd -x -D cn=admin -y /etc/ldap.secret
ldapsearch -x -w "$LDAP_PASSWORD"
openssl req -passin env:PW -passout file:/etc/pw
openssl x -pass pass:"$PW"
docker login -u me --password-stdin
git clone https://$USER:$TOKEN@github.com/o/r.git
git clone https://user:\${TOKEN}@github.com/o/r.git
kubectl get secret my-secret -o jsonpath='{.data.token}'
grep -i "password" /etc/ssh/sshd_config
sed -i 's/^PasswordAuthentication yes/PasswordAuthentication no/' x
gpg --passphrase-fd 0; gpg --passphrase-file f
echo "$PASSWORD" | sudo -S ls
PASSWORD_FILE=/etc/pw; SECRET_NAME=my-tls; TOKEN_TTL=3600
az keyvault secret show --name db-password --vault-name kv
userPassword={SSHA}abcdefghijk1234
unzip -P "$PW" x.zip`
    .replaceAll('\\$', '$')
    .split('\n')
    .map((line) => [code('bash'), line] as const),
  ...String.raw`$password = Read-Host -AsSecureString
$password = $env:LDAP_PASSWORD
ConvertTo-SecureString $env:PASSWORD -AsPlainText -Force
ConvertTo-SecureString "$env:PASSWORD" -AsPlainText -Force
ConvertTo-SecureString (Get-Secret x) -AsPlainText -Force
ConvertTo-SecureString "76492d1116743f0423413b16050a5345" -Key $key
New-LocalUser -Name taro -Password $secure
New-LocalUser -Name taro -Password (Read-Host -AsSecureString)
Set-ADUser taro -PasswordNeverExpires $true -ChangePasswordAtLogon $true
net user taro
net user taro * /domain
net user taro /active:no
net user taro $env:PW /add
net use Z: \\nas\share /user:admin *
cmdkey /add:nas /user:admin /pass:%PASS%
Write-Host "Password: $p"
Get-ADUser -Filter * -Properties PasswordLastSet, PasswordExpired
$token = Get-Token -Name x
$secret = $response.secret
$password = New-RandomPassword
# password = required; see the password: none`
    .split('\n')
    .map((line) => [code('pwsh'), line] as const),
  ...['set PASSWORD=%1', 'net user %1 %2 /add', 'set /p PASSWORD=Password: '].map(
    (line) => [code('cmd'), line] as const,
  ),
  ...`password = os.environ["PASSWORD"]
password = getpass.getpass("Password: ")
connect(host="db", password=password, token=self.token)
print("Password:", password)
token = response.json()["token"]
print(f"password={password}")`
    .split('\n')
    .map((line) => [code('python'), line] as const),
  ...`password: \${DB_PASSWORD}
secretName: my-tls-secret
secret: my-tls-secret
token: ""
password: !vault |
passwordSecretRef: { name: x, key: password }
password: string
- { name: LDAP_PASSWORD, label: ディレクトリ管理者のパスワード, rotate-every: 90d }
- { name: PASSWORD_LENGTH, default: 12 }`
    .split('\n')
    .map((line) => [data, line] as const),
]

describe('rules for credentials', () => {
  for (const [context, rule, template, value = secret] of hits) {
    const line = template.replace('MMM', secret)
    it(`${rule} finds ${template.slice(0, 70)}`, async () => {
      assert.deepEqual(await found(line, context), [`${rule}: ${value}`])
    })
  }

  it('find nothing where no value stands', async () => {
    for (const [context, line] of nearMisses) assert.deepEqual(await found(line, context), [], line)
  })

  it('find a private key to its end, and none where only its marks are', async () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0123456789abcdefghij\n0123456789\n-----END RSA PRIVATE KEY-----`
    assert.deepEqual(await found(key, prose), ['private-key: ?'])
    assert.deepEqual(await found(JSON.stringify({ private_key: key }), data), ['private-key: ?'])
    assert.deepEqual(await found('-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----', prose), [])
  })

  it('find the passwords of a table by its heading', async () => {
    const table =
      '| ユーザー | パスワード |\n|---|---|\n| admin | Midori2026! |\n| taro | `Abcd1234` |\n| hanako | 別途 |\n'
    assert.deepEqual(await found(table, prose), ['password-table: Midori2026!', 'password-table: Abcd1234'])
    assert.deepEqual(await found(table.replace('パスワード', '備考'), prose), [])
  })

  it('read a line of any length in reasonable time', async () => {
    for (const part of ['password="', 'https://a:', 'mysql -u ', 'パスワードは「', 'ConvertTo-SecureString ']) {
      const started = performance.now()
      await found(part.repeat(20_000), prose)
      assert.ok(performance.now() - started < 3000, part)
    }
  })
})
