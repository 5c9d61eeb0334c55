import { createHash } from "node:crypto";
import { slotsPerWindow } from "../quota/index.ts";

/** A script of the server, called by its digest and sent whole only where it is not known there. */
export interface RedisScript {
  readonly text: string;
  /** SHA-1 in hex, which is how EVALSHA names it. */
  readonly sha: string;
}

/** Arguments of the scripts for one key: amount, limit, soft, kind, and two of the kind. */
export const argumentsPerCharge = 6;

// Time is the server's, so that all processes slide along one scale. Lua's numbers are doubles, and
// `%.0f` writes whole ones without an exponent.
const common = `
local slots = ${slotsPerWindow}
local time = redis.call('TIME')
local micros = tonumber(time[1]) * 1000000 + tonumber(time[2])
local ms = math.floor(micros / 1000)

local function whole(number) return string.format('%.0f', number) end

local function argument(index, offset) return ARGV[(index - 1) * ${argumentsPerCharge} + offset] end

local function chargeAt(index)
  return {
    key = KEYS[index],
    amount = tonumber(argument(index, 1)),
    limit = tonumber(argument(index, 2)),
    soft = argument(index, 3) == '1',
    kind = argument(index, 4),
    first = tonumber(argument(index, 5)),
    second = tonumber(argument(index, 6)),
  }
end

local function add(charge, amount)
  if charge.kind == 'fixed' then
    redis.call('INCRBY', charge.key, whole(amount))
    redis.call('PEXPIRE', charge.key, whole(math.max(0, charge.first) + 60000))
  elseif charge.kind == 'sliding' then
    redis.call('HINCRBY', charge.key, whole(math.floor(ms / charge.first)), whole(amount))
    redis.call('PEXPIRE', charge.key, whole((slots + 2) * charge.first))
  else
    local arrival = tonumber(redis.call('GET', charge.key) or '0')
    arrival = math.max(arrival, micros) + math.ceil(amount * charge.first / charge.limit)
    redis.call('SET', charge.key, whole(arrival), 'PX', whole((arrival - micros) / 1000 + 1000))
  end
end
`;

const reserveText = `${common}
local tries = {}

function tries.fixed(charge)
  local used = tonumber(redis.call('GET', charge.key) or '0')
  local retry = -1
  if charge.amount <= charge.limit then retry = math.max(1, charge.first) end
  return used + charge.amount <= charge.limit, retry, 0
end

function tries.sliding(charge)
  local current = math.floor(ms / charge.first)
  local used, kept = 0, {}
  local found = redis.call('HGETALL', charge.key)
  for at = 1, #found, 2 do
    local slot = tonumber(found[at])
    if slot < current - slots then
      redis.call('HDEL', charge.key, found[at])
    else
      local amount = tonumber(found[at + 1])
      used = used + amount
      kept[#kept + 1] = { slot, amount }
    end
  end
  if used + charge.amount <= charge.limit then return true, -1, current end
  table.sort(kept, function(a, b) return a[1] < b[1] end)
  for _, entry in ipairs(kept) do
    used = used - entry[2]
    if used + charge.amount <= charge.limit then
      return false, (entry[1] + slots + 1) * charge.first - ms, current
    end
  end
  return false, -1, current
end

function tries.gcra(charge)
  local arrival = tonumber(redis.call('GET', charge.key) or '0')
  local step = math.ceil(charge.amount * charge.first / charge.limit)
  local tolerance = math.floor(charge.second * charge.first / charge.limit)
  local over = math.max(arrival, micros) + step - micros - tolerance
  local retry = -1
  if step <= tolerance then retry = math.ceil(over / 1000) end
  return over <= 0, retry, 0
end

local reply = { 1 }
for index = 1, #KEYS do
  local charge = chargeAt(index)
  local within, retry, slot = tries[charge.kind](charge)
  if not within and not charge.soft then reply[1] = 0 end
  reply[#reply + 1] = within and 1 or 0
  reply[#reply + 1] = retry
  reply[#reply + 1] = slot
end
if reply[1] == 1 then
  for index = 1, #KEYS do
    local charge = chargeAt(index)
    add(charge, charge.amount)
  end
end
return reply
`;

// A key that is gone belongs to a window that is over, and is not made again for less.
const correctText = `${common}
for index = 1, #KEYS do
  local charge = chargeAt(index)
  if charge.amount > 0 then
    add(charge, charge.amount)
  elseif redis.call('EXISTS', charge.key) == 1 then
    if charge.kind == 'fixed' then
      redis.call('INCRBY', charge.key, whole(charge.amount))
    elseif charge.kind == 'sliding' then
      if redis.call('HEXISTS', charge.key, whole(charge.second)) == 1 then
        redis.call('HINCRBY', charge.key, whole(charge.second), whole(charge.amount))
      end
    else
      local arrival = tonumber(redis.call('GET', charge.key))
      arrival = arrival - math.ceil(-charge.amount * charge.first / charge.limit)
      redis.call('SET', charge.key, whole(arrival), 'KEEPTTL')
    end
  end
end
return 1
`;

/** Reserves: 1 or 0 for taken, then for each key whether it fits, milliseconds to wait or -1, and slot. */
export const reserveScript = toScript(reserveText);
/** Corrects what was reserved. */
export const correctScript = toScript(correctText);

function toScript(text: string): RedisScript {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}
