/** A model server behind Envoy. */
export interface Upstream {
  /** Gets what `x-chancery-provider` names; absent: gets everything, as the only upstream. */
  readonly provider?: string;
  /** `http:` or `https:`; a path is put in front of the caller's. */
  readonly url: URL;
}

/** Upstreams that fit together, or the first mistake as a sentence that says what to write. */
export type ParsedUpstreams =
  | { readonly upstreams: readonly Upstream[] }
  | { readonly mistake: string };

/**
 * Parses `URL` alone, or any number of `PROVIDER=URL` with different providers: the values of
 * `--upstream`.
 */
export function parseUpstreams(texts: readonly string[]): ParsedUpstreams {
  const upstreams: Upstream[] = [];
  for (const text of texts) {
    const parsed = parseUpstream(text);
    if ("mistake" in parsed) return parsed;
    upstreams.push(parsed);
  }
  const mistake = findUnfit(upstreams);
  return mistake === undefined ? { upstreams } : { mistake };
}

/** Why these upstreams cannot stand side by side; undefined when they can. */
export function findUnfit(upstreams: readonly Upstream[]): string | undefined {
  if (upstreams.length === 0) return "no upstream given; expected URL or PROVIDER=URL";
  const providers = new Set<string>();
  for (const { provider, url } of upstreams) {
    if (provider === undefined) {
      if (upstreams.length === 1) continue;
      return `${url.href} has no provider beside other upstreams; expected PROVIDER=${url.href}`;
    }
    if (providers.has(provider)) return `provider ${provider} has two upstreams; expected one`;
    providers.add(provider);
  }
  return undefined;
}

function parseUpstream(text: string): Upstream | { readonly mistake: string } {
  // A URL cannot match: its scheme ends in a colon, which no provider holds.
  const named = /^([A-Za-z0-9][A-Za-z0-9._-]*)=(.*)$/.exec(text);
  const urlText = named?.[2] ?? text;
  const url = URL.parse(urlText);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    return {
      mistake: `upstream ${urlText} is not a URL; expected http://HOST:PORT or https://HOST`,
    };
  }
  if (url.username !== "" || url.password !== "") {
    return { mistake: `upstream ${url.host} holds credentials; give them by file, not in the URL` };
  }
  if (url.search !== "" || url.hash !== "") {
    return { mistake: `upstream ${url.host} has a query or fragment; expected at most a path` };
  }
  const provider = named?.[1];
  return provider === undefined ? { url } : { provider, url };
}
