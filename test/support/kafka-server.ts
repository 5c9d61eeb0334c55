/** A real Kafka of one node (KRaft), for tests; its jars are fetched once beside the checkout. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Admin, Consumer, MessagesStreamModes, stringDeserializers } from "@platformatic/kafka";
import type { Cleanup } from "./chancery-process.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";

const run = promisify(execFile);
const version = "4.4.0";
const toolsDir = fileURLToPath(new URL("../../.tools", import.meta.url));
/** Forty jars; a repository that hangs fails the test instead of holding it up. */
const fetchMs = 180_000;

/** A message as it stands in a partition. */
export interface KafkaMessage {
  readonly key: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface KafkaServer extends ServerProcess {
  /** `HOST:PORT`. */
  readonly address: string;
  /** Makes a topic of one partition; `messageBytesMax`: of a batch. */
  addTopic(topic: string, messageBytesMax?: number): Promise<void>;
  /** The messages of a topic from its beginning on, up to the one with this text. */
  messages(topic: string, last: string): Promise<readonly KafkaMessage[]>;
}

/** Starts a node that keeps what it has on disk. */
export async function startKafka(t: Cleanup): Promise<KafkaServer> {
  const libs = await findJars();
  const folder = join(tmpdir(), `kafka-${randomBytes(6).toString("hex")}`);
  await mkdir(folder);
  const [port, controllerPort] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${port}`;
  const config = join(folder, "server.properties");
  await writeFile(config, settings({ folder, port, controllerPort }).join("\n"));
  const java = ["-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", join(libs, "*")];
  const id = randomBytes(16).toString("base64url");
  await run("java", [...java, "kafka.tools.StorageTool", "format", "-t", id, "-c", config]);
  const server = await startServerProcess(t, {
    ...{ path: "java", port, args: [...java, "kafka.Kafka", config], cwd: folder },
  });
  t.after(() => rm(folder, { recursive: true, force: true }));
  const bootstrap = { clientId: "test", bootstrapBrokers: [address] };
  return {
    address,
    get pid() {
      return server.pid;
    },
    ...{ start: server.start, stop: server.stop, pause: server.pause, resume: server.resume },
    async addTopic(topic, messageBytesMax) {
      const admin = new Admin({ ...bootstrap, retries: 10, retryDelay: 500 });
      const value = String(messageBytesMax ?? 1_048_588);
      try {
        await admin.createTopics({
          ...{ topics: [topic], partitions: 1, replicas: 1 },
          configs: [{ name: "max.message.bytes", value }],
        });
      } finally {
        await admin.close();
      }
    },
    async messages(topic, last) {
      const consumer = new Consumer({
        ...{ ...bootstrap, groupId: `test-${randomBytes(6).toString("hex")}` },
        deserializers: stringDeserializers,
      });
      const found: KafkaMessage[] = [];
      try {
        const stream = await consumer.consume({
          ...{ topics: [topic], mode: MessagesStreamModes.EARLIEST, autocommit: false },
          ...{ maxWaitTime: 200, sessionTimeout: 10_000, heartbeatInterval: 500 },
        });
        for await (const { headers, key, value } of stream) {
          found.push({ key, text: value, headers: Object.fromEntries(headers) });
          if (value === last) break;
        }
      } finally {
        await consumer.close(true);
      }
      return found;
    },
  };
}

function settings(of: {
  readonly folder: string;
  readonly port: number;
  readonly controllerPort: number;
}): readonly string[] {
  return [
    ...["process.roles=broker,controller", "node.id=1"],
    `controller.quorum.voters=1@127.0.0.1:${of.controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${of.port},CONTROLLER://127.0.0.1:${of.controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${of.port}`,
    "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    ...["controller.listener.names=CONTROLLER", `log.dirs=${join(of.folder, "data")}`],
    ...["offsets.topic.replication.factor=1", "offsets.topic.num.partitions=1"],
    ...["transaction.state.log.replication.factor=1", "transaction.state.log.min.isr=1"],
    // A node that was killed may register again as soon as its session is over.
    ...["broker.session.timeout.ms=1000", "broker.heartbeat.interval.ms=300"],
    ...["auto.create.topics.enable=false", "group.initial.rebalance.delay.ms=0"],
  ];
}

/** The folder of its jars. Rejects with what is missing, so that a suite that cannot run says why. */
async function findJars(): Promise<string> {
  const folder = join(toolsDir, `kafka-${version}`);
  const isThere = await access(join(folder, `kafka_2.13-${version}.jar`)).then(
    () => true,
    () => false,
  );
  if (!isThere) await fetchJars(folder);
  return folder;
}

/** Into a folder of its own first, so that whoever comes meanwhile finds all or nothing. */
async function fetchJars(folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  process.stderr.write(`fetching Kafka ${version}\n`);
  try {
    await mkdir(draft, { recursive: true });
    await writeFile(join(draft, "pom.xml"), project);
    await run(
      "mvn",
      [
        ...["-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime"],
        `-DoutputDirectory=${join(draft, "libs")}`,
      ],
      { cwd: draft, timeout: fetchMs },
    );
    await rename(join(draft, "libs"), folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    const message = `Cannot fetch Kafka ${version}; install Java 17 and Maven, or its jars into ${folder}`;
    throw new Error(message, { cause });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** `kafka-tools-api` is not in Maven Central, and nothing here needs it. */
const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>chancery.test</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version>
      <exclusions><exclusion>
        <groupId>org.apache.kafka</groupId><artifactId>kafka-tools-api</artifactId>
      </exclusion></exclusions>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;
