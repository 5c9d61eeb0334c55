import assert from "node:assert/strict";
import test from "node:test";
import { testAbsences, testDetections } from "../../../test/support/detection-cases.ts";
import { createRuleDetector } from "../index.ts";

const detector = createRuleDetector();
const key = "a7QMvrtkdYmgKIIeQa3XmNsec6u1i67d";
const hexKey = "0f3c9a1be47d5826fa90cb31de4572a8";
const storageKey = `${key}${key}+/${key.slice(0, 20)}`;

testDetections("secrets behind labels", detector, {
  GENERIC_SECRET: [
    "password: ‹hunter2x›",
    '{"password":"‹Xk9#mP2$vL›","user":"app"}',
    "DB_PASSWORD=‹s3cr3tP@ssw0rd›",
    "export API_TOKEN='‹tok4Zq81mNb2›'",
    `  client_secret: "‹${key}›"`,
    `api_key = ‹${hexKey}›`,
    "my password is ‹hunter2x›.",
    "Passwort: ‹Blau3Wolke!›",
    "mot de passe : ‹Blau3Wolke!›",
    "contraseña=‹Blau3Wolke!›",
    "senha: ‹Blau3Wolke!›",
    "пароль: ‹Blau3Wolke!›",
    "密码：‹Blau3Wolke!›",
    "パスワード: ‹Blau3Wolke!›",
    "비밀번호: ‹Blau3Wolke!›",
    "app --password ‹Zx81kkq9› --user root",
    `const appSecret = "‹${key}›";`,
    "server,password\nroe,‹Blau3Wolke!›\npoe,‹Rot7Regen?›",
    'auth: { token: "‹tok4Zq81mNb2›" }',
    'dbPassword := "‹Blau3Wolke!›"',
    'password: "‹gravel-Onion-17-sunset›"',
    "CREATE USER app IDENTIFIED BY '‹Blau3Wolke!›';",
    "passphrase: '‹gravel onion sunset ladder›'",
    "use it with password ‹Blau3Wolke!›, then call",
    "The password for the router is ‹Blau3Wolke!›",
    "data:\n  password: ‹QmxhdTNXb2xrZSE=›\n",
    "UPDATE users SET password = '‹Blau3Wolke!›' WHERE id = 1",
    "https://x.internal/cb?access_token=‹tok4Zq81mNb2›&state=1",
  ],
  AZURE_STORAGE_KEY: [
    `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=‹${storageKey}==›;EndpointSuffix=y`,
  ],
  BASIC_AUTH: [
    "Authorization: Basic ‹YXBwOkJsYXUzV29sa2Uh›",
    "Authorization: Basic ‹YXBwOkJsYXUzV29sa2U=›",
    "curl -H 'authorization: basic ‹YXBwOkJsYXUzV29sa2Uh›'",
  ],
  BEARER_TOKEN: [
    `Authorization: Bearer ‹${key}›`,
    `send it as bearer ‹${key}.a-b_c~d›.`,
    `{"Authorization":"Bearer ‹${key}›"}`,
  ],
  HIGH_ENTROPY: [`the signing key we used, ‹${key}kD4+z/›`, `token ‹${key}›`],
});

testDetections("secrets of URLs", detector, {
  URL_CREDENTIALS: [
    "postgres://app:‹p9kLmz2x›@db.internal:5432/x",
    'DATABASE_URL="mysql://app:‹p9#k!Lm,z=2x&%40›@db.internal/x"',
    "redis://:‹p9kLmz2x›@127.0.0.1",
    "see https://jroe:‹Blau3Wolke!›@git.internal/a:b@c",
    "amqp://deploy:‹!kBYR0_ErgCg›@mq.internal/app",
    "amqp+ssl://a.b%40c:‹x~y$z*9›@mq.internal",
  ],
});

const fillings = [
  "changeme",
  "change-me",
  "<TOKEN>",
  "<your-password>",
  `$${"{API_KEY}"}`,
  "$API_KEY",
  "$(cat token2.txt)",
  "{{ .Values.x1 }}",
  "{{password1}}",
  "%API_KEY1%",
  "process.env.API_KEY2",
  'os.environ["KEY_2"]',
  "getSecret2('db')",
  "config.db.password2",
  "********",
  "xxxxxxxxxxxx",
  "XXXX-XXXX-1234",
  "your-api-key-123",
  "sk-your-key",
  "my_secret_token_1",
  "password123",
  "abcdef123456",
  "aaaaaaaa1111",
  "550e8400-e29b-41d4-a716-446655440000",
  "AKIAIOSFODNN7EXAMPLE",
  "https://example.org/reset2",
  "jane.roe2@example.org",
  "/run/secrets/db_1",
  "vault:secret/data/app1",
  "arn:aws:secretsmanager:eu-west-1:1:x",
  "ENC[AES256_GCM,data:x1]",
  "sha256:0f3c9a1be47d5826",
  "2024-01-31T10:00:00Z",
  "1.2.3-beta4",
  "required",
  "string",
  "null",
  "incorrect",
  "must have 8 characters",
  "bcrypt",
  "utf-8",
  "eu-west-1",
];

testAbsences("what stands for secrets", detector, {
  GENERIC_SECRET: [
    ...fillings.map((filling) => `secret: ${filling}`),
    ...fillings.map((filling) => `{"token":"${filling}"}`),
    ...fillings.map((filling) => `API_PASSWORD="${filling}"`),
    "passphrase: 'please enter your phrase again'",
    "retrying api_key=******** status=201",
    '{"secret":"os.environ[\\"DB_PASSWORD\\"]"}',
    "password: eu-west-1-app-prod-2",
    "max_tokens: 409612345",
    '"token_type":"bearer12345"',
    "secretName: app7tls-9x2",
    "password_policy = min8chars1upper",
    'api_key_id: "k7QMvrtkdYmg"',
    "nextPageToken: CAUQAA7xZ2b",
    "The token is invalid, and the secret is out. Pass 4 of 5 passed.",
    "The password reset for web-01 takes 30days; see ticket AB-1234 in release v2.10.",
    "Forgot password? Use single sign-on, OAuth2 or SHA256 digests since iOS17.",
    "password Sha256 hash; my password manager is on iPhone15Pro with password 2024 rules",
    "Password requirements: 8characters or more; passwords: 12chars",
    "Reset your password at 10:45 with token v2.",
    "password: string; token?: Token2 | undefined",
    "token = lexer.next2()",
    "const token = tokens[i4]",
    "public_key: a7QMvrtkdYmgKIIe",
  ],
  BASIC_AUTH: [
    "Basic authentication2",
    "basic knowledge",
    "Basic dXNlcg",
    "Authorization: Basic <x>",
  ],
  BEARER_TOKEN: [
    "Bearer <token>",
    "bearer of good news 2024",
    "Bearer $TOKEN",
    "Bearer tokens2024",
  ],
  HIGH_ENTROPY: [
    key,
    "commit 0f3c9a1be47d5826fa90cb31de4572a8c0ffee12",
    "secret 550e8400-e29b-41d4-a716-446655440000",
    `the secret 0f3c9a1be47d5826fa90cb31de4572a8`,
    "token some-long-name-of-a-service-2024",
    `secret name-${key}kD4z`,
  ],
  URL_CREDENTIALS: [
    "https://user:pass@example.org/x",
    "https://user:password@example.org",
    `https://$${"{USER}"}:$${"{PASS1}"}@example.org`,
    "https://<user>:<pass>@example.org",
    "http://localhost:8080/a@b2",
    "ssh://git@example.org:22/x",
    "see https://example.org: ask jane9@example.org",
    "//note: it is p9kLmz2x@home",
    "see //roe:p9kLmz2x@home.internal",
    "https://x.internal/roe:p9kLmz2x@home",
  ],
});

test("a longer, more mixed value behind a label is surer than a short one, words less than keys", () => {
  const pct = (text: string) => detector.scan(text)[0]?.confidencePct;
  assert.equal(pct(`api_key: ${key}`), 90);
  assert.equal(pct("api_key: tok4Zq81mNb2"), 83);
  assert.equal(pct("my password is hunter2x"), 73);
});

test("a token of a provider is that, whatever label stands before it", () => {
  const token = `npm_${key}Ab3d`;
  for (const text of [`password=${token}`, `Bearer ${token}`, `https://x:${token}@example.org`]) {
    const found = detector.scan(text).map(({ type, start, end }) => [type, text.slice(start, end)]);
    assert.deepEqual(found, [["PROVIDER_TOKEN", token]], text);
  }
});
