import {
  addCandidate,
  type Candidate,
  type LabelledFamily,
  type LabelledValue,
  ranks,
} from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { labelPct } from "../shapes/labelled-place.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import { isNoPerson } from "./no-names.ts";
import { sentenceWordEnd } from "./read-name.ts";

const kind = catalogueEntry("pii", {
  type: "USERNAME",
  rank: ranks.contact,
  example: "login: jroe",
  check: "no service account, word of state or placeholder",
  context: "yes",
  basePct: 20,
  countries: [],
});

/** Names of accounts and handles behind a label for them. */
export const usernames: LabelledFamily = { kinds: [kind], topics: [topics.username], find };

const valueUnitsMax = 64;
/** Letters alone behind "username is" are a name from this length on. */
const statedUnitsMin = 4;
/** Points for what words seldom have: a digit, a dot, an underscore, the sign of a handle. */
const shapePct = 15;
const lead = /[\s"'*`(]{0,4}(?:(?:is|was|ist|as)\s)?["'`]?/y;
const account = /@?[\p{L}\p{N}_][\p{L}\p{N}_.-]{1,38}(?![\p{L}\p{N}_])/uy;
/** What may stand behind it: else it is an address, a path, a call or a sentence. */
const ending = /^(?:$|[\s"'`,;)|<&}\]*]|\.(?:$|[\s"'])|\\[nrt"\\])/u;
const wholeEnding = /^["'`)\s*.]*(?:$|[\n\r,;|&<}\]]|\\[nrt"\\])/u;

/** Accounts of machines and words of state, which are nobody's. */
const nobodies: ReadonlySet<string> = new Set(
  (
    "root admin administrator guest nobody daemon postgres mysql redis mongo mongodb oracle sa sys " +
    "system ubuntu debian centos ec2-user azureuser www-data nginx apache git svn node app apps api " +
    "service svc default anonymous test tester testuser demo user users username login name jenkins " +
    "gitlab runner deploy deployer backup ftp mail bot robot docker kube kubernetes vagrant ansible " +
    "terraform elastic kibana grafana prometheus rabbitmq neo4j readonly readwrite superuser dba " +
    "true false null none nil undefined yes no on off unknown required optional enabled disabled " +
    "failed failure success successful succeeded invalid valid incorrect page form button error " +
    "string text number boolean id uuid str int varchar char blocked locked active inactive attempt " +
    "attempts session sessions logged time date here now self me you your my the a an and or with " +
    "secret password passwd pass pwd token credentials was is are has can must should will not who that to from for of in at by as it this via using"
  ).split(" "),
);

function find(value: LabelledValue, found: Candidate[]): void {
  // A name or the first word of a sentence, as what a user says.
  if (sentenceWordEnd(value.from, value.to) >= 0) return;
  const text = value.text.slice(value.from, Math.min(value.to, value.from + valueUnitsMax));
  lead.lastIndex = 0;
  const start = lead.test(text) ? lead.lastIndex : 0;
  account.lastIndex = start;
  if (!account.test(text)) return;
  const name = text.slice(start, account.lastIndex).replace(/[.-]+$/, "");
  const end = start + name.length;
  const rest = text.slice(end);
  if (!ending.test(rest) || !isAccount(name)) return;
  const isTelling = /[\d._@-]/.test(name) && /\p{L}/u.test(name);
  const isStated = value.isStructural || (start > 0 && name.length >= statedUnitsMin);
  if (!isTelling && !(isStated && wholeEnding.test(rest))) return;
  const pct = kind.basePct + (isTelling || !value.isStructural ? shapePct : 0) + labelPct(value);
  addCandidate(found, kind, { start: value.from + start, end: value.from + end, pct });
}

function isAccount(name: string): boolean {
  const plain = name.replace(/^@/, "").toLowerCase();
  if (plain.length < 3 || !/\p{L}/u.test(plain) || nobodies.has(plain)) return false;
  if (/^[0-9a-f]{8}-|^[0-9a-f]{16,}$|^(?:\d+\.)+\d+$|^v?\d/.test(plain)) return false;
  // A word with a capital is a name or a type rather than an account.
  if (/^\p{Lu}\p{Ll}*$/u.test(name)) return false;
  return !isNoPerson(plain) && !/^(?:your|my|the|some|test|example)[_.-]/.test(plain);
}
