import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { testAbsences, testDetections } from "../../../test/support/detection-cases.ts";
import { createRuleDetector } from "../index.ts";
import { isIpV6 } from "./hex-groups.ts";

const detector = createRuleDetector();

testDetections("addresses of machines and interfaces", detector, {
  IP_ADDRESS: [
    "‹192.0.2.10›",
    "from ‹192.0.2.10›, port 80.",
    "http://‹198.51.100.7›:8080/path",
    "‹203.0.113.0›/24 and (‹203.0.113.9›)",
    '{"remote_addr":"‹192.0.2.10›"}',
    "::ffff:‹192.0.2.10›",
    "‹2001:db8::1›",
    "[‹2001:db8::1›]:443",
    "‹fe80::1ff:fe23:4567:890a›%eth0",
    "ip=‹2001:0db8:85a3:0000:0000:8a2e:0370:7334›/64.",
    '{"ip":"‹2001:DB8::8A2E:370:7334›"}',
    "‹2001:db8::ffff:192.0.2.33›",
    "client_ip,path\n‹192.0.2.10›,/a\n‹192.0.2.11›,/b",
  ],
  MAC_ADDRESS: [
    "‹00:00:5e:00:53:0a›",
    "mac ‹00-00-5E-00-53-0A›.",
    "‹0000.5e00.530a› is up",
    '{"hwaddr":"‹aa:bb:cc:00:11:22›"}',
    "mac address: ‹00005e00530a›",
    "dev ‹00:00:5e:00:53:0a› ‹00:00:5e:00:53:0b›",
  ],
});

testAbsences("versions, times, fingerprints and nobody's addresses", detector, {
  IP_ADDRESS: [
    "version 10.15.7.25",
    "v1.22.333.44",
    "Chrome/120.0.0.0 Safari/537.36.10.2 pkg-21.32.43.54",
    "v21.32.43.54 app_21.32.43.54",
    "OID 1.3.6.1.4.1.311",
    "section 1.2.3.4 and 4.18.2.3",
    "Clause: 14.18.12.3",
    "010.020.030.040",
    "256.1.1.1 and 1.2.3",
    "127.0.0.1 0.0.0.0 255.255.255.0",
    "12:30:45 10:20:30:40:50:60:70:80",
    "std::vector<int> a::b Abc::Add dead::",
    "1:2:3:4:5:6:7:8:9",
    "2001:db8:::1",
    "2001::db8::1",
  ],
  MAC_ADDRESS: [
    "mac 00:0:05e:00:53:0a",
    "00:00:5e:00:53",
    "SHA256:00:11:22:33:44:55:66:77",
    "00-00:5e-00:53-0a",
    "ff:ff:ff:ff:ff:ff 00:00:00:00:00:00",
    "550e8400-e29b-41d4-a716-446655440000",
    "00005e00530a",
    "2024-01-31 12:30:45",
  ],
});

describe("the grammar of IPv6", () => {
  it("takes eight groups, or fewer with one gap, and an IPv4 address at the end", () => {
    for (const written of [
      "2001:db8:0:0:1:0:0:1",
      "2001:db8::",
      "::2001:db8",
      "64:ff9b::192.0.2.33",
    ]) {
      assert.ok(isIpV6(written), written);
    }
    for (const written of [
      "2001:db8:0:0:1:0:0",
      "2001:db8:0:0:1:0:0:1:2",
      "2001:db8:0:0:1:0:0:1:",
      "2001:db8::1:",
      "2001:db8::1::2",
      "2001:db8::12345",
      "2001:db8::192.0.2.256",
      "192.0.2.33::2001:db8",
      "1:2:3:4:5:6:7::8:99999",
    ]) {
      assert.ok(!isIpV6(written), written);
    }
  });
});
