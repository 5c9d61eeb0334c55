/** What looks like a value of some type and is none (facts on detection, section 10). */
import { createHash } from "node:crypto";

const hash = (algorithm: string) => createHash(algorithm).update("look-alike");

/** Texts that must stay as they are, wherever they stand. */
export const lookAlikeTexts: readonly string[] = [
  // Versions, packages, handles and addresses of code.
  "react@19.1.0",
  "@scope/pkg@1.2.3",
  "actions/checkout@v4",
  "git@github.com:org/repo.git",
  "@media screen",
  "@Injectable() class A {}",
  "follow @jroe",
  "10.0.19045.3803",
  "1.3.6.1.4.1.311.21.20",
  "Chrome/126.0.6478.127",
  "v2.10.0-rc.1+build.5",
  // Digests and ids.
  "550e8400-e29b-41d4-a716-446655440000",
  "01890a5d-ac96-774b-bcce-b302099a8057",
  hash("sha1").digest("hex"),
  hash("sha256").digest("hex"),
  `sha512-${hash("sha512").digest("base64")}`,
  "chatcmpl-AbCdEf0123456789",
  "toolu_01A09q90qw90lq917835lq9",
  `0x${hash("sha256").digest("hex")}`,
  // Numbers whose check fails, or that are something else.
  "4111 1111 1111 1112",
  "4111111111111112",
  "9999 9999 9999 9995",
  "1234567890123456",
  "1767225600000",
  "2024-01-31T10:00:00+01:00",
  "2024-01-31 to 2024-12-31",
  "978-3-16-148410-0",
  "000-12-3456",
  "666-12-3456",
  "900-12-3456",
  "078-05-1120",
  "12-3456789",
  "GB83 WEST 1234 5698 7654 32",
  "DE89370400440532013001",
  "XX89370400440532013000",
  "48.8584, 2.2945",
  "1,234,567.89",
  "1 2 3 4 5 6 7 8 9",
  "pages 1234-5678",
  "INV-2024-000123",
  "3.14159265358979",
  // Filling in the place of secrets.
  "AKIAIOSFODNN7EXAMPLE",
  "AKIA1234",
  "sk-your-key",
  "sk-ant-...",
  "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  "ghp_short",
  "%OPENAI_API_KEY%",
  "{{ .Values.apiKey }}",
  'os.environ["ANTHROPIC_API_KEY"]',
  "process.env.GITHUB_TOKEN",
  "-----BEGIN CERTIFICATE-----",
  "-----BEGIN PUBLIC KEY-----",
  "eyJhbGciOiJIUzI1NiJ9",
  // Code, paths and markup, of which backslashes are part.
  "C:\\new\\table\\user.txt",
  "\\frac{1}{2}\\nabla",
  "/^[\\w.]+@[a-z]+$/u",
  "const at = a@b;",
  'printf("%d\\n", 0x7fffffff);',
  'say "hello" \\ and go',
  "a\tb\nc\u2028d",
  "naïve café — 日本語 \u{1F600}",
];

/** Numbers that must stay numbers, digit for digit. */
export const lookAlikeNumbers: readonly string[] = [
  "4111111111111112",
  "1767225600000",
  "9007199254740993",
  "123456",
  "1.0",
  "1e21",
  "-0.10000000000000000001",
  "202401311000",
];
