import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../test/support/fake-clock.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";

function breakerOf() {
  const clock = new FakeClock();
  return { clock, breaker: new CircuitBreaker({ failures: 3, openMs: 1000 }, clock) };
}

test("a breaker opens after failures in a row, and one success begins the count anew", () => {
  const { breaker } = breakerOf();
  breaker.failed();
  breaker.failed();
  breaker.succeeded();
  breaker.failed();
  breaker.failed();
  assert.equal(breaker.admits(), true);
  breaker.failed();
  assert.equal(breaker.isClosed, false);
  assert.equal(breaker.admits(), false);
});

test("after its time an open one admits one call, and closes if that goes well", () => {
  const { breaker, clock } = breakerOf();
  for (let count = 0; count < 3; count += 1) breaker.failed();
  clock.advance(999);
  assert.equal(breaker.admits(), false);
  clock.advance(1);
  assert.equal(breaker.admits(), true);
  assert.equal(breaker.admits(), false, "only one finds out");
  breaker.succeeded();
  assert.equal(breaker.admits(), true);
  assert.equal(breaker.admits(), true);
});

test("a trial that fails opens it again for its whole time, and one nobody hears of is repeated", () => {
  const { breaker, clock } = breakerOf();
  for (let count = 0; count < 3; count += 1) breaker.failed();
  clock.advance(1000);
  assert.equal(breaker.admits(), true);
  clock.advance(500);
  breaker.failed();
  clock.advance(999);
  assert.equal(breaker.admits(), false);
  clock.advance(1);
  assert.equal(breaker.admits(), true);
  clock.advance(1000);
  assert.equal(breaker.admits(), true);
});
