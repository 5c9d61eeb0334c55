import { entry, type TypeEntry } from "./entry.ts";

/** Addresses of machines: rows 7 and 8. */
export const networkEntries: readonly TypeEntry[] = [
  entry(
    "IP_ADDRESS",
    [7, "network", 9],
    "IP|IP address|Client IP|Host",
    "ip|client_ip|remoteAddr|ip_address",
    "The requests came from {} again.",
    "Can you block {} at the edge?",
    "ping {} times out",
  ),
  entry(
    "MAC_ADDRESS",
    [8, "network", 3],
    "MAC|MAC address|Device MAC|Hardware address",
    "mac|mac_address|hwaddr|deviceMac",
    "The printer shows up as {} in the lease table.",
    "Whitelist {} on the guest network.",
  ),
];
