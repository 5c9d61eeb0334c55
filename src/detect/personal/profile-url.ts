import { addCandidate, type Candidate, type Family, ranks, type Segment } from "../scan/family.ts";
import { slashSign } from "../scan/segment-parts.ts";
import { catalogueEntry, checkPcts } from "../shapes/shape.ts";
import { digitBit, lowerBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

const kind = catalogueEntry("pii", {
  type: "URL_PERSONAL",
  rank: ranks.contact,
  example: "https://www.linkedin.com/in/jane-roe",
  check: "host and path of a profile",
  context: "no",
  basePct: 45,
  countries: [],
});

/** Addresses of profiles on networks where people have one. */
export const profileUrls: Family = {
  kinds: [kind],
  needs: slashSign | lowerBit,
  unitsMin: 10,
  digitsMin: 0,
  find,
};

const slug = "[\\p{L}\\p{N}_.-]{2,40}";
/** Hosts with the paths their profiles have; `~name` and `/in/first-last` are profiles anywhere. */
const profile = new RegExp(
  [
    `(?:[a-z]{2,3}\\.)?linkedin\\.com/(?:in|pub)/${slug}`,
    `(?:www\\.|m\\.|mobile\\.)?(?:twitter|x|instagram|facebook|threads|pinterest|soundcloud|snapchat)\\.(?:com|net)/(?!(?:share|intent|sharer|home|login|search|explore|p|reel|watch|groups|events|hashtag|i|pages|help|about|privacy|policies|legal)(?:[/.?]|$))@?${slug}`,
    `(?:www\\.)?(?:youtube|tiktok|medium|threads)\\.(?:com|net)/@${slug}`,
    `(?:www\\.)?(?:youtube\\.com/(?:user|c)|reddit\\.com/(?:u|user)|facebook\\.com/profile|xing\\.com/profile|researchgate\\.net/profile|vk\\.com|t\\.me|keybase\\.io|about\\.me|linktr\\.ee|venmo\\.com/u?|paypal\\.me|orcid\\.org)/${slug}`,
    `(?:mastodon|fosstodon|hachyderm)\\.[a-z]{2,8}/@${slug}`,
    `(?:github|gitlab|bitbucket)\\.(?:com|org)/(?!(?:orgs|settings|features|about|login|topics|explore|marketplace|sponsors|search|pricing|apps)(?:/|$))[A-Za-z0-9-]{2,39}(?![/\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
    `(?:[a-z0-9-]{1,63}\\.){1,4}[a-z]{2,8}/(?:in/\\p{L}{2,20}-\\p{L}[\\p{L}\\p{N}-]{1,30}|~\\p{L}[\\p{L}\\p{N}_.-]{1,30})`,
  ].join("|"),
  "uy",
);

function find(segment: Segment, found: Candidate[]): void {
  const { text, from, to } = segment;
  const isUrl = unitAt(from) === 0x2f && unitAt(from + 1) === 0x2f && unitAt(from - 1) === 0x3a;
  const start = isUrl ? from + 2 : from;
  if (!hasHost(start, to)) return;
  const value = text.slice(start, to);
  profile.lastIndex = value.startsWith("www.") ? 4 : 0;
  if (!profile.test(value)) return;
  addCandidate(found, kind, {
    start,
    end: withoutDot(start + profile.lastIndex),
    pct: kind.basePct + checkPcts.thirtieth,
  });
}

// Whether names of small letters with dots between stand before the first slash: cheap, for most of
// what has a slash is a date, a path or a token.
function hasHost(start: number, to: number): boolean {
  let hasDot = false;
  let at = start;
  while (at < to && isHostUnit(at)) {
    hasDot ||= unitAt(at) === 0x2e;
    at += 1;
  }
  return hasDot && at < to && unitAt(at) === 0x2f;
}

function isHostUnit(at: number): boolean {
  const code = unitAt(at);
  return (unitKindAt(at) & (lowerBit | digitBit)) !== 0 || code === 0x2d || code === 0x2e;
}

function withoutDot(end: number): number {
  return unitAt(end - 1) === 0x2e ? end - 1 : end;
}
