import type { Value } from "../document.ts";
import type { Scene } from "./data-scenes.ts";
import { plant } from "./plant.ts";

const base64Value = ({ text, type }: Value): Value => ({
  text: Buffer.from(text).toString("base64"),
  ...(type === undefined ? {} : { type }),
});

/** An account named in passing: found or not, both are right. */
const maybeUser = (text: string): Value => ({ type: "USERNAME", text, isOptional: true });

const shell: Scene = (v) =>
  v.random.pick([
    () =>
      plant`$ export PGPASSWORD=${v.password()}\n$ psql -h db.${v.word(2)}.internal -U ${maybeUser(v.word(1))} -c 'select now()'\n              now\n-------------------------------\n 2025-03-1${v.random.between(0, 9)} 09:14:22.18+00`,
    () =>
      plant`root@${v.word(1)}:~# mysql --user=${maybeUser("app")} --password=${v.password()} --host ${v.ip()} shop\nWelcome to the monitor. Commands end with ;`,
    () =>
      plant`% curl -s -u ${maybeUser(v.word(2))}:${v.password()} https://ci.${v.word(2)}.dev/api/json | jq .jobs\n[]`,
    () =>
      plant`$ curl -H 'Authorization: Bearer ${v.bearer()}' -d '{"to":"${v.email()}"}' https://api.${v.word(2)}.dev/send\n{"ok":true}`,
    () => plant`C:\\> set API_TOKEN=${v.token()}\nC:\\> nslookup gw.local\nAddress:  ${v.ip()}`,
    () =>
      plant`$ aws configure set aws_secret_access_key ${v.awsSecret()} --profile prod\n$ aws s3 ls\n2024-11-02 ${v.word(2)}-logs`,
  ])();

const diff: Scene = (v) =>
  plant`diff --git a/config/prod.env b/config/prod.env\nindex ${v.random.shape("xxxxxxx..xxxxxxx")} 100644\n--- a/config/prod.env\n+++ b/config/prod.env\n@@ -1,4 +1,5 @@\n LOG_LEVEL=info\n-SMTP_PASSWORD=${v.password()}\n+SMTP_PASSWORD=${v.password()}\n+NOTIFY=${v.email()}\n CACHE_HOST=${v.ip()}\n-TOKEN=${v.token()}`;

const kubernetes: Scene = (v) =>
  v.random.pick([
    () =>
      plant`apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${v.word(2)}-db\ntype: Opaque\ndata:\n  username: ${{ ...base64Value(v.handle()), isOptional: true }}\n  password: ${base64Value(v.password())}\n`,
    () =>
      plant`apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${v.word(2)}\nstringData:\n  password: ${v.password()}\n  token: ${v.token()}\n`,
    () =>
      plant`apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${v.word(1)}\n          image: registry.local/${v.word(1)}:1.${v.random.between(2, 40)}.3\n          env:\n            - name: DB_PASSWORD\n              value: "${v.password()}"\n            - name: REPLICAS\n              value: "3"\n`,
  ])();

const configuration: Scene = (v) =>
  v.random.pick([
    () =>
      plant`[mail]\nsmtp.host = mx.${v.word(2)}.dev\nsmtp.password = ${v.password()}\nalerts.to = ${v.email()}\n`,
    () =>
      plant`resource "aws_db_instance" "main" {\n  engine   = "postgres"\n  password = "${v.password()}"\n  username = var.user\n}\nprovider "github" {\n  token = "${v.token()}"\n}`,
    () =>
      plant`spring.datasource.url=jdbc:postgresql://10.1.${v.random.between(1, 9)}/x\nspring.datasource.password=${v.password()}\njwt.sample=${v.webToken()}`,
    () =>
      plant`services:\n  web:\n    environment:\n      - STRIPE=${v.token()}\n      - ADMIN_PASSWORD=${v.password()}\n`,
    () =>
      plant`$config = array(\n  'db_user' => '${maybeUser("root")}',\n  'db_passwd' => '${v.password()}',\n  'notify' => '${v.email()}',\n);`,
  ])();

const traffic: Scene = (v) =>
  plant`POST /v2/orders HTTP/2\nhost: api.${v.word(2)}.app\nauthorization: Bearer ${v.webToken()}\nx-api-key: ${v.password()}\nx-real-ip: ${v.ip()}\nuser-agent: curl/8.${v.random.between(1, 9)}.0\n\nname=x&total=${v.random.digits(3)}.50`;

const accessLog: Scene = (v) =>
  plant`${v.ip()} - - [12/Mar/2025:06:${v.random.between(10, 59)}:11 +0000] "GET /a/${v.random.digits(6)} HTTP/1.1" 200 ${v.random.digits(5)} "-" "Mozilla/5.0 (X11) Gecko/20100101 Firefox/1${v.random.digits(2)}.0"\n${v.ip()} - ${maybeUser(v.word(2))} [12/Mar/2025:06:59:12 +0000] "POST /login HTTP/1.1" 401 ${v.random.digits(3)} "-" "-"\ndhcpd: DHCPACK on ${v.ip()} to ${v.mac()} via eth0`;

const stackTrace: Scene = (v) =>
  plant`java.lang.IllegalStateException: duplicate key value violates unique constraint "users_email_key"\n  Detail: Key (email)=(${v.email()}) already exists.\n\tat dev.${v.word(2)}.Store.insert(Store.java:${v.random.between(20, 400)})\n\tat java.base/java.lang.Thread.run(Thread.java:1583)\nCaused by: bad row: phone="${v.phone()}", card="${v.card()}"`;

const sourceCode: Scene = (v) =>
  v.random.pick([
    () =>
      plant`client = Client(api_key="${v.token()}", timeout=30)\nclient.notify(["${v.email()}"], retries=3)  # see RFC 9110 section 15.5.${v.random.between(1, 20)}`,
    () =>
      plant`user = User.new(name: "x", phone: "${v.phone()}", password: "${v.password()}")\nassert_equal 200, post("/session", user)`,
    () =>
      plant`var fixtures = map[string]string{\n\t"iban":     "${v.iban()}",\n\t"mail":     "${v.email()}",\n\t"checksum": "${v.random.shape("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")}",\n}`,
    () =>
      plant`<add name="Main" connectionString="Server=${v.ip()};Database=crm;User Id=${maybeUser("sa")};Password=${v.password()};" />`,
  ])();

export const operationsScenes: readonly Scene[] = [
  shell,
  diff,
  kubernetes,
  configuration,
  traffic,
  accessLog,
  stackTrace,
  sourceCode,
];
