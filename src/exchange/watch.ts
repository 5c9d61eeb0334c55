import type { FaultCode } from "../base/index.ts";
import { decisionInput, type ExchangeCore, evaluateNow } from "./core.ts";
import { switchesFor } from "./live-switches.ts";

/**
 * Whether an exchange passes unread, as it came, when something is wrong with it: the platform only
 * watches its app (policy-model 7). Not where a kill switch acts, or where one stands that might act
 * if somebody could read what is asked for.
 */
export function passesUnread(core: ExchangeCore): boolean {
  return (core.knowledge.isWatched || isObservedApp(core)) && !mightBeStopped(core);
}

function isObservedApp(core: ExchangeCore): boolean {
  const { identity, requestFindings } = core.knowledge;
  const scope = identity && core.snapshot?.scopeOf(identity.tenant, identity.app);
  if (scope?.observedUntilMs === undefined) return false;
  const input = decisionInput(core, "request", requestFindings.groups());
  return evaluateNow(core, input).isObserved === true;
}

/** Unread, an answer may call any tool, and a request may ask for any model. */
function mightBeStopped({ deps, knowledge, snapshot }: ExchangeCore): boolean {
  if (snapshot === undefined) return true;
  return switchesFor(deps.killSwitches, snapshot).switches.some(({ isActive, target, tenant }) => {
    if (!isActive || (tenant ?? knowledge.identity?.tenant) !== knowledge.identity?.tenant) {
      return false;
    }
    const isAboutModels = target.models !== undefined || target.providers !== undefined;
    return target.tools !== undefined || (isAboutModels && knowledge.request === undefined);
  });
}

/**
 * True for faults that end a watched exchange as well: nothing can be passed on where the proxy and
 * we do not understand each other, and nothing passes that cannot be recorded.
 */
export function endsWatched(code: FaultCode): boolean {
  switch (code) {
    case "message_too_large":
    case "headers_too_large":
    case "message_compressed":
    case "message_malformed":
    case "message_out_of_order":
    case "body_mode_not_accepted":
    case "upgrade_refused":
    case "policy_unavailable":
    case "audit_unavailable":
    case "draining":
      return true;
    default:
      return false;
  }
}
