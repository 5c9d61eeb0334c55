import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near addresses of machines and numbers of devices. */
export const networkWords: TopicWords = [
  [
    topics.ip,
    "ip ips ipv4 ipv6 ipaddr ipaddress clientip remoteip sourceip srcip dstip remoteaddr addr host " +
      "xff forwarded inet inet6 peer gateway subnet nameserver resolver,ip address,ip addr," +
      "client ip,source ip,remote address,adresse ip,dirección ip,endereço ip,indirizzo ip,ip адрес",
  ],
  [
    topics.mac,
    "mac macs macaddress macaddr hwaddr ether ethernet bssid physicaladdress,mac address," +
      "hardware address,physical address,ethernet address,adresse mac",
  ],
  [
    topics.imei,
    "imei imeis imei1 imei2 imeisv imeinumber handset,device imei,imei number,imei no,equipment identity",
  ],
];
