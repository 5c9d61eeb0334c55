import { luhnDigit } from "./check-digits.ts";
import { alphanumerics, hexDigits, type Random } from "./random.ts";

/** Something that looks like a value and is none, with the ways documents speak of it. */
export interface LookAlike {
  readonly labels: readonly string[];
  readonly keys: readonly string[];
  readonly sentences: readonly string[];
  readonly make: (random: Random) => string;
}

function alike(
  labels: string,
  keys: string,
  sentences: readonly string[],
  make: (random: Random) => string,
): LookAlike {
  return { labels: labels.split("|"), keys: keys.split("|"), sentences, make };
}

const shaped =
  (...shapes: readonly string[]) =>
  (random: Random) =>
    random.shape(random.pick(shapes));

const uuid = shaped("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx");
const hex = (length: number) => (random: Random) => random.string(hexDigits, length);
const packages = ["react", "left-pad", "esbuild", "zod", "vite"];

/** Hard negatives: everything here has to be left alone. */
export const lookAlikes: readonly LookAlike[] = [
  alike(
    "Version|Build",
    "version|build",
    ["We run release {} in production.", "Fixed in version {}."],
    shaped("#.##.#", "1#.#.####.##", "v#.#.#-rc.#", "2.#.1#.#"),
  ),
  alike(
    "Browser|User agent build",
    "browser|ua_version",
    ["Chrome/{} Safari/537.36 shows it too."],
    shaped("12#.0.6###.1##"),
  ),
  alike(
    "Section|Clause",
    "section|clause",
    ["See section {} of the handbook.", "Clause {} applies."],
    shaped("#.#.#.#", "4.1#.2.3"),
  ),
  alike(
    "OID|Object identifier",
    "oid|snmp_oid",
    ["The OID {} counts dropped packets."],
    shaped("1.3.6.1.4.1.####.#.2", "2.5.29.1#", "1.2.840.113549.1.1.1#"),
  ),
  alike(
    "Order|Order number|Order no.",
    "order_id|order_number|orderNo",
    ["My order {} has not arrived.", "Order #{} was cancelled."],
    shaped("##########", "1##-#######-#######", "ORD-########", "#########"),
  ),
  alike(
    "Invoice|Invoice no.",
    "invoice|invoice_number",
    ["Invoice {} is overdue.", "Please look at invoice {} again."],
    shaped("INV-2024-#####", "##########", "2024######"),
  ),
  alike(
    "Tracking|Tracking number|Waybill",
    "tracking_number|waybill",
    ["The tracking number is {}.", "Waybill {} is stuck in customs."],
    shaped("1Z999AA1##########", "92##############", "############", "JD0##############"),
  ),
  alike(
    "Request ID|Trace",
    "request_id|trace_id|correlationId",
    ["Request {} failed.", "See trace {} for the slow call."],
    uuid,
  ),
  alike(
    "Trace ID|Span",
    "traceparent|span_id",
    ["The trace id was {}."],
    shaped("00-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-01"),
  ),
  alike(
    "Commit|Revision",
    "commit|git_sha|revision",
    ["Broken since commit {}.", "revert {} please"],
    hex(40),
  ),
  alike(
    "SHA-256|Digest|Checksum",
    "sha256|digest|checksum",
    ["The image digest is sha256:{}.", "sha256 {} matches"],
    hex(64),
  ),
  alike("MD5|ETag", "md5|etag", ["The ETag changed to {}."], hex(32)),
  alike(
    "Integrity",
    "integrity",
    ["The lock file says {}."],
    (random) => `sha512-${random.string(`${alphanumerics}+/`, 86)}==`,
  ),
  alike(
    "Timestamp|ts (ms)|Epoch",
    "timestamp|ts|epoch_ms|created_at",
    ["It happened at {} (epoch ms).", "the last event has ts {}"],
    (random) => `17${random.digits(11)}`,
  ),
  alike(
    "Part number|P/N|Model",
    "part_number|sku|model",
    ["We need part {} again.", "SKU {} is out of stock."],
    shaped("##-####-##", "AAA-####-##", "###-##-####-A", "####-######"),
  ),
  alike(
    "Serial|Serial no.",
    "serial|serial_number",
    ["The serial number {} is under warranty."],
    (random) => {
      const body = `4${random.digits(14)}`;
      return `${body}${(Number(luhnDigit(body)) + 1) % 10}`;
    },
  ),
  alike(
    "ISBN|ISBN-13",
    "isbn",
    ["The book with ISBN {} is out of print."],
    shaped("978-#-##-######-#", "978##########", "#-###-#####-X"),
  ),
  alike(
    "EAN|Barcode",
    "ean|barcode",
    ["Scan the barcode {} at the till."],
    shaped("4############", "50##########"),
  ),
  alike(
    "Transaction hash|Tx",
    "tx_hash|transaction",
    ["The transaction 0x{} is confirmed."],
    hex(64),
  ),
  alike(
    "Package",
    "package|dependency",
    ["Upgrade to {} first.", "npm i {} fails"],
    (random) => `${random.pick(packages)}@${random.shape("#.##.#")}`,
  ),
  alike(
    "Action",
    "uses",
    ["uses: {}", "The job stops at {}."],
    (random) =>
      `actions/${random.pick(["checkout", "cache", "setup-node"])}@v${random.between(2, 5)}`,
  ),
  alike(
    "Remote",
    "remote|repository",
    ["git clone {} works."],
    (random) =>
      `git@${random.pick(["github.com", "gitlab.com"])}:${random.shape("aaaa")}/${random.shape("aaaaaa")}.git`,
  ),
  alike(
    "Scope",
    "imports",
    ["import it from {}."],
    (random) => `@${random.shape("aaaa")}/${random.shape("aaaaa")}`,
  ),
  alike(
    "Pages|Range",
    "pages|range",
    ["Read pages {} for Monday.", "The years {} were calm."],
    shaped("1###-1###", "###-###", "19##-20##"),
  ),
  alike(
    "Resolution|Dimensions",
    "resolution|size",
    ["Export it at {}."],
    shaped("1### × #00", "3840 × 2160", "##.# × ##.# cm"),
  ),
  alike(
    "Amount|Total|Price",
    "amount|total|price",
    ["The total is USD {}.", "It costs {} EUR."],
    shaped("#,###.##", "##,###.00", "###.##", "12##.5#"),
  ),
  alike(
    "Date|Delivered|Due",
    "date|due_date|delivered_at",
    ["The meeting moved to {}.", "It was shipped on {}."],
    shaped("2024-0#-1#", "1#/0#/2025", "2025-1#-0#T0#:1#:2#Z".replace("1#-0#", "10-01")),
  ),
  alike(
    "Temperature|Reading",
    "reading|value",
    ["Sensor 4 shows {} again."],
    shaped("##.#### C", "###.### psi", "-#.##### V"),
  ),
  alike(
    "Case|Ticket|Case no.",
    "ticket|case_id",
    ["I already opened ticket {}.", "Case {} was closed without a fix."],
    shaped("#########", "CS########", "##########", "JIRA-####"),
  ),
  alike("Color", "color|background", ["Use the colour #{} for links."], hex(6)),
  alike(
    "Offset|Inode|PID",
    "offset|inode|pid",
    ["Reading stopped at offset {}."],
    shaped("##########", "########", "#####"),
  ),
  alike(
    "Batch|Lot",
    "batch|lot",
    ["Lot {} was recalled."],
    shaped("########", "L######-##", "AB######"),
  ),
  alike(
    "Password",
    "password|DB_PASSWORD|api_key|secret",
    ["Set the password to {} in your own file."],
    (random) =>
      random.pick([
        "********",
        `\${DB_PASSWORD}`,
        "{{ .Values.password }}",
        "<your-password>",
        "process.env.DB_PASSWORD",
        "changeme",
        "xxxxxxxxxxxx",
        "%PASSWORD%",
        "null",
        "(unchanged)",
        'os.environ["DB_PASSWORD"]',
      ]),
  ),
  alike(
    "API key|Token",
    "api_key|token|OPENAI_API_KEY",
    ["Replace {} with your own key.", "export KEY={}"],
    (random) =>
      random.pick([
        "sk-your-key-here",
        "<TOKEN>",
        "YOUR_API_KEY",
        "$API_KEY",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "AKIAIOSFODNN7EXAMPLE",
        `\${{ secrets.TOKEN }}`,
        'getSecret("api")',
      ]),
  ),
  alike(
    "SSN format|Sample",
    "ssn_format|example",
    ["Enter it in the form {}.", "The mask is {}."],
    (random) => random.pick(["XXX-XX-XXXX", "000-00-0000", "###-##-####", "AAA-GG-SSSS"]),
  ),
  alike(
    "Session|Event",
    "event_id|message_id",
    ["Event {} came twice."],
    (random) => `evt_${random.string(alphanumerics, 16)}`,
  ),
  alike(
    "Container|Pod",
    "container|pod",
    ["Pod {} restarts."],
    (random) => `web-${random.shape("xxxxxxxxx")}-${random.shape("aaaaa")}`,
  ),
  alike(
    "Chart",
    "points",
    ["The curve goes through {}."],
    shaped("12#, 34#, 56#, 78#", "1.25, 3.75, 9.50"),
  ),
  alike(
    "Arithmetic",
    "formula",
    ["Check that {} holds."],
    shaped("##### + ##### = ######", "2^64 = 18446744073709551616", "1024 * 1024 = 1048576"),
  ),
];
