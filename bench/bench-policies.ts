import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Adds to a folder of policies what a benchmark needs beside its rules: a tenant with the app `load`
 * and one approved model of the provider `stub`.
 */
export async function writeBenchTenant(
  policies: string,
  { tenant, model }: { readonly tenant: string; readonly model: string },
): Promise<void> {
  await mkdir(join(policies, "platform"), { recursive: true });
  await mkdir(join(policies, tenant), { recursive: true });
  await writeFile(
    join(policies, "platform", `${tenant}.yaml`),
    `apiVersion: chancery/v1alpha1
kind: Platform
metadata: { name: platform, namespace: platform }
spec: { fallback: deny }
---
apiVersion: chancery/v1alpha1
kind: Tenant
metadata: { name: ${tenant}, namespace: platform }
spec: {}
---
apiVersion: chancery/v1alpha1
kind: ModelCatalog
metadata: { name: ${tenant}-models, namespace: platform }
spec: { models: [{ id: stub/${model}, tags: [approved] }] }
`,
  );
  await writeFile(
    join(policies, tenant, "app.yaml"),
    `apiVersion: chancery/v1alpha1
kind: App
metadata: { name: load, namespace: ${tenant} }
spec: {}
`,
  );
}
