/** A real rsyslog that takes messages over TLS, for tests. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createAuthority } from "./certificates.ts";
import type { Cleanup } from "./chancery-process.ts";
import { debianTool } from "./debian-tools.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";

/** One message as the server understood it. */
export interface SyslogMessage {
  readonly facility: string;
  readonly severity: string;
  readonly timestamp: string;
  readonly host: string;
  readonly app: string;
  readonly process: string;
  readonly id: string;
  readonly data: string;
  readonly text: string;
}

export interface SyslogServer extends ServerProcess {
  readonly port: number;
  readonly tls: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
  /** What it has written, in order. */
  messages(): readonly SyslogMessage[];
}

const separator = "\x1f";
const properties = [
  ...["syslogfacility-text", "syslogseverity-text", "timestamp:::date-rfc3339", "hostname"],
  ...["app-name", "procid", "msgid", "structured-data", "msg"],
];

/** Starts one that takes clients with a certificate of its own authority only. */
export async function startSyslog(t: Cleanup): Promise<SyslogServer> {
  const { environment, path } = await debianTool("rsyslogd");
  const folder = mkdtempSync(join(tmpdir(), "rsyslog-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const authority = await createAuthority(folder);
  const own = await authority.issue(["IP:127.0.0.1", "DNS:localhost"]);
  const client = await authority.issue(["DNS:gov-1.acme.example"]);
  const port = await freePort();
  const output = join(folder, "messages");
  writeFileSync(output, "");
  const template = properties.map((name) => `%${name}%`).join(separator);
  const config = join(folder, "rsyslog.conf");
  writeFileSync(
    config,
    `global(workDirectory="${folder}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off"
  defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="${authority.certificatePath}"
  defaultNetstreamDriverCertFile="${own.certificatePath}" defaultNetstreamDriverKeyFile="${own.keyPath}")
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/name"
  PermittedPeer=["gov-1.acme.example"])
input(type="imtcp" port="${port}" address="127.0.0.1")
template(name="all" type="string" string="${template}\\n")
action(type="omfile" file="${output}" template="all" asyncWriting="off" flushOnTXEnd="on")
`,
  );
  // Out of its package, it does not find what it loads.
  const modules = (environment["LD_LIBRARY_PATH"] ?? "")
    .split(delimiter)
    .find((it) => it.endsWith("/rsyslog"));
  const server = await startServerProcess(t, {
    ...{ path, port, args: ["-n", "-f", config, "-i", join(folder, "pid")] },
    environment: { ...environment, ...(modules && { RSYSLOG_MODDIR: modules }) },
  });
  return {
    port,
    tls: {
      caFile: authority.certificatePath,
      certFile: client.certificatePath,
      keyFile: client.keyPath,
    },
    get pid() {
      return server.pid;
    },
    ...{ start: server.start, stop: server.stop, pause: server.pause, resume: server.resume },
    messages: () => readFileSync(output, "utf8").split("\n").slice(0, -1).map(toMessage),
  };
}

function toMessage(line: string): SyslogMessage {
  const [facility, severity, timestamp, host, app, process, id, data, ...text] =
    line.split(separator);
  return {
    ...{ facility: facility ?? "", severity: severity ?? "", timestamp: timestamp ?? "" },
    ...{ host: host ?? "", app: app ?? "", process: process ?? "", id: id ?? "" },
    ...{ data: data ?? "", text: text.join(separator) },
  };
}
