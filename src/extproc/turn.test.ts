import assert from "node:assert/strict";
import { test } from "node:test";
import { answerEach, type Script, startFixture } from "../../test/support/ext-proc-fixture.ts";
import { toRequestFrame } from "../../test/support/raw-grpc-client.ts";
import { Turn, type TurnMember } from "./turn.ts";

const headers = { requestHeaders: { headers: { headers: [] } } };
const refusal = {
  kind: "immediate",
  status: 503,
  headers: [],
  body: Buffer.from("audit"),
  details: "audit",
} as const;

class Member implements TurnMember {
  readonly #log: string[];
  readonly #name: string;

  constructor(log: string[], name: string) {
    this.#log = log;
    this.#name = name;
  }

  failAudit(): void {
    this.#log.push(`${this.#name} failAudit`);
  }

  flush(): void {
    this.#log.push(`${this.#name} flush`);
  }
}

test("a turn commits once, before any stream writes", () => {
  const log: string[] = [];
  const turn = new Turn(() => log.push("commit"));
  turn.add(new Member(log, "a"));
  turn.add(new Member(log, "b"));
  turn.end();
  assert.deepEqual(log, ["commit", "a flush", "b flush"]);
});

test("a turn ends by itself when the callback returns", async () => {
  const log: string[] = [];
  const turn = new Turn(() => log.push("commit"));
  turn.add(new Member(log, "a"));
  turn.add(new Member(log, "b"));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(log, ["commit", "a flush", "b flush"]);
});

test("a turn in which nothing happened commits nothing", () => {
  let commits = 0;
  new Turn(() => {
    commits += 1;
  }).end();
  assert.equal(commits, 0);
});

test("when records cannot be written every stream of the turn is asked before any writes", () => {
  const log: string[] = [];
  const turn = new Turn(() => {
    log.push("commit");
    throw new Error("disk full");
  });
  turn.add(new Member(log, "a"));
  turn.add(new Member(log, "b"));
  turn.end();
  assert.deepEqual(log, ["commit", "a failAudit", "b failAudit", "a flush", "b flush"]);
});

test("a stream that joins while its turn ends belongs to the next turn", () => {
  const log: string[] = [];
  const turn = new Turn(() => log.push("commit"));
  const late = new Member(log, "late");
  turn.add({ failAudit: () => undefined, flush: () => turn.add(late) });
  turn.end();
  assert.deepEqual(log, ["commit"]);
  turn.end();
  assert.deepEqual(log, ["commit", "commit", "late flush"]);
});

test("answers sent in one turn are committed once and leave in one write", async (t) => {
  let commits = 0;
  const fixture = await startFixture(t, answerEach, {
    commit: () => {
      commits += 1;
    },
  });
  const call = fixture.client.call();
  const chunks: Buffer[] = [];
  call.stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const body = { requestBody: { endOfStream: true } };
  call.sendBytes(Buffer.concat([toRequestFrame(headers), toRequestFrame(body)]));
  await call.next();
  await call.next();
  assert.equal(commits, 1);
  assert.equal(chunks.length, 1);
});

test("an exchange that cannot be recorded takes its answer back and refuses instead", async (t) => {
  const takeBack: Script = (event, exchange) => {
    if (event.kind !== "audit_failed") return answerEach(event, exchange);
    exchange.sink.discard();
    exchange.sink.send(refusal);
  };
  let commits = 0;
  const fixture = await startFixture(t, takeBack, {
    commit: () => {
      commits += 1;
      throw new Error("disk full");
    },
  });
  const call = fixture.client.call();
  call.send(headers);
  const answer = await call.next();
  assert.equal(answer?.immediateResponse?.status?.code, 503);
  assert.equal(commits, 1, "the refusal needs no record of its own to leave");
  call.finish();
  assert.equal((await call.end).code, 0);
});

test("an exchange that is not recorded may let its answer leave", async (t) => {
  const fixture = await startFixture(t, answerEach, {
    commit: () => {
      throw new Error("disk full");
    },
  });
  const call = fixture.client.call();
  call.send(headers);
  assert.notEqual((await call.next())?.requestHeaders, undefined);
  assert.deepEqual(fixture.exchanges[0]?.kinds, ["request_headers", "audit_failed"]);
});

test("an exchange that takes its last answer back can still send another", async (t) => {
  const fixture = await startFixture(
    t,
    (event, { sink }) => {
      if (event.kind === "request_headers") sink.send({ ...refusal, status: 403 });
      if (event.kind !== "audit_failed") return;
      sink.discard();
      sink.send({ kind: "error", status: "UNAVAILABLE", message: "audit" });
    },
    {
      commit: () => {
        throw new Error("disk full");
      },
    },
  );
  const call = fixture.client.call();
  call.send(headers);
  const end = await call.end;
  assert.deepEqual([end.code, end.message], [14, "audit"]);
  assert.equal(await call.next(), undefined);
});

test("a last answer that has left cannot be taken back for another", async (t) => {
  let isBroken = false;
  const fixture = await startFixture(
    t,
    (event, { sink }) => {
      if (event.kind === "request_headers") sink.send(refusal);
      if (event.kind !== "audit_failed") return;
      sink.discard();
      sink.send(refusal);
    },
    {
      commit: () => {
        if (isBroken) throw new Error("disk full");
      },
    },
  );
  const call = fixture.client.call();
  call.send(headers);
  assert.notEqual((await call.next())?.immediateResponse, undefined);
  isBroken = true;
  call.finish();
  assert.equal((await call.end).code, 0);
  assert.deepEqual(fixture.exchanges[0]?.kinds, ["request_headers", "peer_ended", "audit_failed"]);
  assert.equal(await call.next(), undefined);
});

test("an exchange that takes its answer back and says nothing ends with an error", async (t) => {
  const fixture = await startFixture(
    t,
    (event, exchange) => {
      if (event.kind === "audit_failed") exchange.sink.discard();
      else answerEach(event, exchange);
    },
    {
      commit: () => {
        throw new Error("disk full");
      },
    },
  );
  const call = fixture.client.call();
  call.send(headers);
  assert.equal((await call.end).code, 14);
  assert.equal(await call.next(), undefined);
});

test("what an exchange records without sending anything is committed too", async (t) => {
  let commits = 0;
  const fixture = await startFixture(t, () => undefined, {
    commit: () => {
      commits += 1;
    },
  });
  const call = fixture.client.call();
  call.send(headers);
  const exchange = await fixture.opened(0);
  await exchange.heard("request_headers");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(commits, 1);
  call.reset();
  await exchange.heard("peer_reset");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(commits, 2);
});
