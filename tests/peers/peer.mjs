// An IPFS peer that runs offline: the parts of the npm `ipfs` daemon that answer Kubo's RPC calls, without its
// command line. It knows no other peer, speaks on loopback only, and leaves when its input closes.
import process from "node:process";

import { create } from "ipfs-core";
import { HttpApi } from "ipfs-http-server";

const [folder] = process.argv.slice(2);
const ipfs = await create({
  repo: folder,
  silent: true,
  offline: true,
  preload: { enabled: false },
  init: { algorithm: "Ed25519", emptyRepo: true },
  config: {
    Addresses: { Swarm: [], API: "/ip4/127.0.0.1/tcp/0", Gateway: [], Delegates: [], RPC: "" },
    Bootstrap: [],
    Discovery: { MDNS: { Enabled: false }, webRTCStar: { Enabled: false } },
    Pubsub: { Enabled: false },
  },
});
const api = new HttpApi(ipfs);
await api.start();
process.stdout.write(`${api._apiServers[0].info.uri}\n`);
const leave = () => process.exit(0);
process.stdin.on("end", leave).on("close", leave).resume();
