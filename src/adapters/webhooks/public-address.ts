// Tells addresses that anybody may be reached at from those of this machine and of private networks, which no webhook may call.
import { BlockList, isIPv6 } from "node:net";

/** IANA's special-purpose IPv4 addresses, multicast and what is reserved. */
const special4 = listOf("ipv4", [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
]);

/** Everything else is private, local, multicast, mapped or translated from IPv4, or given to nobody yet. */
const unicast6 = listOf("ipv6", ["2000::/3"]);

/** Within it: protocol assignments with Teredo, examples, and 6to4, behind which any IPv4 address can hide. */
const special6 = listOf("ipv6", ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]);

const loopback4 = listOf("ipv4", ["127.0.0.0/8"]);
const loopback6 = listOf("ipv6", ["::1/128"]);

function listOf(family: "ipv4" | "ipv6", networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Of an IP address in the form the resolver gives it. */
export function isPublicAddress(address: string): boolean {
  if (!isIPv6(address)) return !special4.check(address, "ipv4");
  // A zone, as in fe80::1%eth0, names a link of this machine.
  return !address.includes("%") && unicast6.check(address, "ipv6") && !special6.check(address, "ipv6");
}

export function isLoopbackAddress(address: string): boolean {
  if (!isIPv6(address)) return loopback4.check(address, "ipv4");
  return !address.includes("%") && loopback6.check(address, "ipv6");
}
