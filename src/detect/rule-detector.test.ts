import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { crc32 } from "node:zlib";
import { createRuleDetector } from "./index.ts";

const detector = createRuleDetector();

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Characters that look random and are the same each time. */
function noise(units: number, seed: number): string {
  let state = seed + 1;
  let text = "";
  for (let count = 0; count < units; count += 1) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    text += base62.charAt((state >> 8) % 62);
  }
  return text;
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function pem(label: string, lineBreak: string): string {
  const body = [noise(64, 1), noise(64, 2), `${noise(30, 3)}==`];
  return [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`].join(lineBreak);
}

function githubToken(body: string): string {
  let rest = crc32(body);
  let check = "";
  for (let count = 0; count < 6; count += 1) {
    check = base62.charAt(rest % 62) + check;
    rest = Math.floor(rest / 62);
  }
  return `ghp_${body}${check}`;
}

/** `type start-end` of each finding, and the text with its ‹marks› taken out. */
function expectMarked(type: string, marked: string): void {
  const text = marked.replace(/[‹›]/g, "");
  const expected: string[] = [];
  let marks = 0;
  for (const match of marked.matchAll(/‹([^›]*)›/gs)) {
    const start = match.index - marks;
    expected.push(`${type} ${start}-${start + (match[1] ?? "").length}`);
    marks += 2;
  }
  const found = detector.scan(text).map(({ type: name, start, end }) => `${name} ${start}-${end}`);
  assert.deepEqual(found, expected, marked);
}

const header = encode('{"alg":"HS256","typ":"JWT"}');
const claims = encode('{"sub":"account-17","scope":"read"}');
const accessKey = `AKIA${"Q3ERTZ2J4UIOPAS5"}`;

const values: Readonly<Record<string, readonly string[]>> = {
  EMAIL: [
    "‹jane.roe@example.org›",
    "Write to ‹jane.roe@example.org›.",
    "<‹jane_roe+tag@mail.example.co.uk›>, (‹j@example.com›)",
    '{"to":"‹jane@example.org›","cc":["‹joe@example.net›"]}',
    "'‹o'neil@example.org›'",
    "mailto:‹jane@example.org›?subject=x",
    "https://example.org/?user=‹jane@example.org›&x=1",
    "line\\n‹jane@example.org›\\nline",
    "‹JANE@EXAMPLE.ORG›: hello",
    "‹jane@bücher.example› or ‹jane@xn--bcher-kva.xn--p1ai›",
    "leaked ‹jane@example.org›:hunter2",
    "‹4111111111111111@example.org›",
    "联系‹jane@example.org›谢谢",
  ],
  PHONE: [
    "‹+1 202-555-0143›",
    "‹+12025550143›, ‹+1 (202) 555-0143›",
    "Call ‹(202) 555-0143› or ‹202-555-0143›.",
    "‹202.555.0143›",
    "‹1-800-555-0143›",
    "17 ‹202 555 0143›",
    "‹+44 20 7946 0000›, ‹+44 (0)20 7946 0000›",
    "‹020 7946 0000› / ‹(020) 7946 0000›",
    "‹07700 900123›, ‹07700 900 123›",
    "‹+49 30 123456›; ‹+4930123456›",
    "‹030 12345678› ‹0151 23456789›",
    "Telefon: ‹030/123456›",
    "‹+33 6 39 98 12 34› ‹06 39 98 12 34›, ‹06.39.98.12.34›",
    "‹0044 20 7946 0000›",
    'phone ‹2025550143› {"mobile":"‹07700900123›"}',
  ],
  CREDIT_CARD: [
    "‹4111 1111 1111 1111›",
    "pay with ‹4111-1111-1111-1111›, please",
    "‹4111 - 1111 - 1111 - 1111›",
    "‹4111.1111.1111.1111›",
    "‹4111\u00a01111\u00a01111\u00a01111›",
    "(‹5555555555554444›) ‹2223003122003222›",
    "‹378282246310005› ‹3782 822463 10005›",
    "‹6011111111111117›|‹3530111333300000›",
    "‹30569309025904›",
    "17 ‹4111 1111 1111 1111› 12/29 123",
    "pan_‹4111111111111111›",
    "‹4111 1111 1111 1111› ‹5555 5555 5555 4444›",
  ],
  US_SSN: [
    "‹219-09-1234›",
    "SSN: ‹219-09-1234›.",
    "‹219 09 1234›",
    '{"ssn":"‹219091234›"}',
    "her social security number is ‹219091234›",
  ],
  IBAN: [
    "‹GB82WEST12345698765432›",
    "‹GB82 WEST 1234 5698 7654 32›",
    "(‹GB82-WEST-1234-5698-7654-32›)",
    "IBAN:‹DE89 3704 0044 0532 0130 00› today",
    "‹de89370400440532013000›",
    "‹NL91ABNA0417164300› ‹ES9121000418450200051332›",
    "‹FR14 2004 1010 0505 0001 3M02 606›",
  ],
  AWS_ACCESS_KEY: [`‹${accessKey}›`, `id="‹${accessKey}›"`, `‹${accessKey}›/20260101/us-east-1/s3`],
  AWS_SECRET_KEY: [
    `aws_secret_access_key = ‹${noise(40, 11)}›`,
    `"SecretAccessKey":"‹${noise(38, 12)}/+›"`,
  ],
  GITHUB_TOKEN: [
    `‹ghp_${noise(36, 5)}›`,
    `token=‹ghs_${noise(36, 6)}›;`,
    `‹github_pat_${noise(22, 7)}_${noise(59, 8)}›`,
    `https://‹gho_${noise(36, 9)}›@github.com/org/repo`,
  ],
  OPENAI_KEY: [
    `‹sk-${noise(20, 1)}T3BlbkFJ${noise(20, 2)}›`,
    `Bearer ‹sk-proj-${noise(74, 3)}T3BlbkFJ${noise(74, 4)}›`,
    `'‹sk-svcacct-${noise(58, 5)}T3BlbkFJ${noise(58, 6)}›'`,
    `OPENAI_API_KEY=‹sk-proj-${noise(60, 7)}›`,
  ],
  ANTHROPIC_KEY: [
    `‹sk-ant-api03-${noise(93, 1)}AA›`,
    `x-api-key: ‹sk-ant-admin01-${noise(93, 2)}AA›`,
    `‹sk-ant-oat01-${noise(80, 3)}›\\n`,
  ],
  JWT: [
    `‹${header}.${claims}.${noise(43, 1)}›`,
    `Bearer ‹${header}.${claims}.${noise(43, 2)}›.`,
    `‹${encode('{"alg":"RSA-OAEP","enc":"A256GCM"}')}.${noise(80, 1)}.${noise(16, 2)}.${noise(60, 3)}.${noise(22, 4)}›`,
  ],
  PRIVATE_KEY: [
    `‹${pem("PRIVATE KEY", "\n")}›`,
    `key:\n  ‹${pem("RSA PRIVATE KEY", "\n  ")}›\nnext: 1`,
    `{"private_key":"‹${pem("PRIVATE KEY", "\\n")}›","id":1}`,
    `‹${pem("OPENSSH PRIVATE KEY", "\\\\n")}›`,
    `‹${pem("EC PRIVATE KEY", " ")}›`,
    `> ‹${pem("EC PRIVATE KEY", "\n> ")}›`,
    `‹${pem("RSA PRIVATE KEY", "\r\n").replace("\r\n", "\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: AES-128-CBC,0A1B\r\n\r\n")}›`,
    `‹${pem("PGP PRIVATE KEY BLOCK", "\n").replace("\n", "\nVersion: 1\n\n")}›`,
    `‹-----BEGIN PRIVATE KEY-----\n${noise(64, 1)}\n${noise(20, 2)}›`,
    `‹-----BEGIN PRIVATE KEY-----\n${noise(64, 1)}›" and more`,
    `‹-----BEGIN PRIVATE KEY-----\n${noise(64, 1)}›\n-----EN`,
  ],
};

for (const [type, examples] of Object.entries(values)) {
  test(`${type} is found with the exact offsets of its value`, () => {
    for (const example of examples) expectMarked(type, example);
  });
}

const lookAlikes: Readonly<Record<string, readonly string[]>> = {
  "packages, remotes, handles and URL users": [
    "react@19.1.0",
    "npm i @types/node@24.19.2-beta.rc",
    "actions/checkout@v4",
    "pkg@100.0.0-rc.beta",
    "icon@2x.png",
    "git@github.com:org/repo.git",
    "root@host.example.org:/var/www",
    "https://user:pass@example.org/x",
    "ssh://git@example.org/x",
    "@media print { @page }",
    "jane@localhost",
    "nginx@sha256:abcdef",
    "jane..@example",
  ],
  "versions, addresses and digests": [
    "version 10.15.7.255",
    "010.020.030.040",
    "010.20.130.40",
    "version 202.555.0143",
    "550e8400-e29b-41d4-a716-446655440000",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    `sha512-${noise(86, 1)}==`,
    `0x${createHash("sha256").update("a transaction").digest("hex")}`,
    "00:00:5e:00:53",
    "Chrome/120.0.6099.109 Safari/537.36",
    "claude-sonnet-4-5-20250929",
  ],
  "dates and times": [
    "2024-01-31T10:00:00+0100",
    "2024-01-31 10:00:00.123456",
    "01.02.2024-03.04.2024",
    "01.02.2024 - 03.04.2024",
    "12/12/2012/1212",
    "1700000000000",
    "1700000000123456",
  ],
  "catalogue, order and part numbers": [
    "978-3-16-148410-0",
    "0-306-40615-2",
    "ISBN 978 0 306 40615 7",
    "112-3456789-1234567",
    "1Z999AA10123456784",
    "order id 4111111111111112",
    "part no 234-567-8901",
    "invoice: 234-567-8901",
    "CVE-2024-123456",
    "12-202-555-0143",
    "202-555-0143-9",
    "A219-09-1234",
    "5-219-09-1234",
  ],
  "numbers whose check fails": [
    "4111 1111 1111 1112",
    "5500-0000-0000-0005",
    "2000 0000 0000 0006",
    "1000000000000008",
    "1234 5678 9012 3456",
    "id4532015112830366x",
    "GB82 WEST 1234 5698 7654 33",
    "DE89370400440532013001",
    "000-12-3456",
    "666-12-3456",
    "900-12-3456",
    "219-00-1234",
    "219-09-0000",
  ],
  "bare numbers without a word for them": ["219091234", "2025550143", "07700900123"],
  "amounts and code": [
    "$1,234,567.89 or 1.234.567,89",
    "3.14159265358979",
    "40.7128, -74.0060",
    "C++20 +15% +1 point",
    "@@ -1,7 +1,9 @@",
    "1-2-3-4-5-6-7-8-9-10",
  ],
  "examples and placeholders": [
    "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "secret da39a3ee5e6b4b0d3255bfef95601890afd80709",
    `ghp_${"x".repeat(36)}`,
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    `sk-your-key sk-... sk-ant-$${"{KEY}"} <TOKEN> ********`,
    `sk-proj-${"x".repeat(60)}`,
    `my_ghp_${noise(36, 5)} risk-proj-${noise(60, 7)}`,
    `aws secret name-${noise(40, 11)}`,
    "task-proj-planning-and-other-words-in-a-slug-that-is-long-enough",
    "078-05-1120 123-45-6789 111-11-1111 000-00-0000 XXX-XX-XXXX",
    "process.env.OPENAI_API_KEY",
    "eyJhbGciOiJIUzI1NiJ9",
    `${encode('{"typ":"JWT"}')}.${claims}.${noise(43, 1)}`,
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQ...",
    `-----BEGIN PRIVATE KEY-----\n${"x".repeat(64)}\n-----END PRIVATE KEY-----`,
    pem("CERTIFICATE", "\n"),
    pem("PUBLIC KEY", "\n"),
  ],
};

for (const [name, texts] of Object.entries(lookAlikes)) {
  test(`${name} are not taken for values`, () => {
    for (const text of texts) {
      assert.deepEqual(detector.scan(`So ${text} it is.`), [], text);
      assert.deepEqual(detector.scan(text), [], text);
    }
  });
}

test("each type names its data class and detector", () => {
  const findings = Object.values(values).map((examples) => {
    const [finding] = detector.scan((examples[0] ?? "").replace(/[‹›]/g, ""));
    return `${finding?.type} ${finding?.dataClass} ${finding?.detector}`;
  });
  assert.deepEqual(findings, [
    "EMAIL pii.email email@2",
    "PHONE pii.phone phone@2",
    "CREDIT_CARD pci.pan credit_card@1",
    "US_SSN pii.us_ssn us_ssn@1",
    "IBAN financial.iban iban@1",
    "AWS_ACCESS_KEY secret.aws_access_key aws_access_key@1",
    "AWS_SECRET_KEY secret.aws_secret_key aws_secret_key@2",
    "GITHUB_TOKEN secret.github_token github_token@1",
    "OPENAI_KEY secret.openai_key openai_key@1",
    "ANTHROPIC_KEY secret.anthropic_key anthropic_key@1",
    "JWT secret.jwt jwt@1",
    "PRIVATE_KEY secret.private_key private_key@1",
  ]);
});

test("a value that passed its checks is sure enough to act on", () => {
  for (const example of Object.values(values).flat()) {
    for (const finding of detector.scan(example.replace(/[‹›]/g, ""))) {
      assert.ok(finding.confidencePct >= 60, example);
    }
  }
});

test("a label makes a number surer, a label of something else less sure", () => {
  const pct = (text: string) => detector.scan(text)[0]?.confidencePct;
  assert.equal(pct("so 202-555-0143"), 70);
  assert.equal(pct("call 202-555-0143"), 99);
  assert.equal(pct("so 4111111111111111"), 90);
  assert.equal(pct("order 4111111111111111"), 50);
  assert.equal(pct("phone of the order: 202-555-0143"), undefined);
  assert.equal(pct("order by phone: 202-555-0143"), 99);
  assert.equal(pct("order\n202-555-0143"), 70);
  assert.equal(pct("ssn 219091234"), 65);
  assert.equal(pct('"patientSsn": "219091234"'), 75);
});

test("a word counts on its own line and within forty units, a line that is a label on the next", () => {
  assert.equal(detector.scan("by phone today\n2025550143").length, 0);
  assert.equal(detector.scan("by phone today\\n2025550143").length, 0);
  assert.equal(detector.scan("phone\n2025550143").length, 1);
  assert.equal(detector.scan("phone\\n2025550143").length, 1);
  assert.equal(detector.scan(`phone ${"so ".repeat(8)}2025550143`).length, 1);
  assert.equal(detector.scan(`phone ${"so ".repeat(14)}2025550143`).length, 0);
  assert.equal(detector.scan(`megaphone${" ".repeat(35)}2025550143`).length, 0);
});

test("an access key id vouches for the secret key on the next line, other lines do not", () => {
  const secret = noise(40, 11);
  const types = (text: string) => detector.scan(text).map((finding) => finding.type);
  assert.deepEqual(types(`${accessKey}\n${secret}`), ["AWS_ACCESS_KEY", "AWS_SECRET_KEY"]);
  assert.deepEqual(types(`something\n${secret}`), []);
  assert.deepEqual(types(`${accessKey}\n${"so ".repeat(100)}\n${secret}`), ["AWS_ACCESS_KEY"]);
});

test("the checksum of a GitHub token makes it surer and never rejects it", () => {
  const right = githubToken(noise(30, 4));
  const wrong = `${right.slice(0, -1)}${right.endsWith("0") ? "1" : "0"}`;
  assert.equal(detector.scan(right)[0]?.confidencePct, 99);
  assert.equal(detector.scan(wrong)[0]?.confidencePct, 92);
});

test("a secret beats the address it stands in, of which the rest is still reported", () => {
  const text = `${accessKey}@example.org`;
  const found = detector.scan(text).map(({ type, start, end }) => [type, start, end]);
  assert.deepEqual(found, [
    ["AWS_ACCESS_KEY", 0, 20],
    ["EMAIL", 20, 32],
  ]);
});

test("a card beats the phone number that its first digits would make", () => {
  const found = detector.scan("020 4111 1111 1111 1111").map(({ type, start }) => [type, start]);
  assert.deepEqual(found, [["CREDIT_CARD", 4]]);
});

test("a finding longer than the bound comes in touching pieces that cover it", () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${noise(9000, 4)}\n-----END PRIVATE KEY-----`;
  const token = `${header}.eyJ${noise(9000, 5)}.${noise(43, 6)}`;
  for (const value of [key, token]) {
    const found = detector.scan(`so ${value} ok`);
    assert.deepEqual(
      found.map(({ start, end }) => [start, end]),
      [
        [3, 3587],
        [3587, 7171],
        [7171, 3 + value.length],
      ],
    );
    assert.equal(new Set(found.map((finding) => finding.type)).size, 1);
  }
});

test("values at any place of an endless token are found", () => {
  for (let lead = 900; lead < 2200; lead += 1) {
    const text = `${noise(lead, 3)}/jane.roe@example.org/${noise(1500, 4)}`;
    const found = detector.scan(text).map(({ start, end }) => [start, end]);
    assert.deepEqual(found, [[lead + 1, lead + 21]]);
  }
});

test("cards in an endless list of figures are found each", () => {
  const list = `${"1 ".repeat(70)}4111 1111 1111 1111 ${"1 ".repeat(70)}`;
  for (let lead = 0; lead < 70; lead += 1) {
    const found = detector.scan(list.slice(2 * lead)).map(({ start, end }) => [start, end]);
    assert.deepEqual(found, [[140 - 2 * lead, 159 - 2 * lead]]);
  }
});

test("half surrogates and control characters are text like any other", () => {
  for (const odd of ["\ud800", "\udfff", "\u0000", "\ufffe", "\u200b", "\ud835", "\ud800\ud800"]) {
    const found = detector.scan(`${odd}jane@example.org${odd}${odd}219-09-1234${odd}`);
    assert.deepEqual(
      found.map((finding) => finding.type),
      ["EMAIL", "US_SSN"],
    );
  }
});
