import type { Identity } from "../domain/index.ts";

const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The identity of a listener that serves one app, from `TENANT/APP`; undefined where the text is not
 * of that form. The principal is the workload `app:<tenant>/<app>` (policy-model 9).
 */
export function parseStaticIdentity(text: string): Identity | undefined {
  const [tenant, app, ...rest] = text.split("/");
  if (tenant === undefined || app === undefined || rest.length > 0) return undefined;
  if (!dnsLabel.test(tenant) || !dnsLabel.test(app) || tenant === "platform") return undefined;
  return {
    tenant,
    app,
    principal: { id: `app:${tenant}/${app}`, kind: "workload" },
    source: "static",
  };
}
