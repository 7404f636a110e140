import { createRequire } from "node:module";
import process from "node:process";
import { defineConfig } from "hardhat/config";

const require = createRequire(import.meta.url);

// Hardhat reports its use over the network when it has a terminal; this project works without one.
process.env.HARDHAT_DISABLE_TELEMETRY = "true";

// The genesis date is fixed and blocks may share a timestamp, so that recorded transactions replayed onto a fresh node
// give the same block hashes. `default` serves the tests in process, `node` is what the desktop program starts.
const localChain = {
  type: "edr-simulated",
  chainType: "l1",
  chainId: 31337,
  hardfork: "prague",
  accounts: {
    mnemonic: "test test test test test test test test test test test junk",
    count: 20,
    accountsBalance: 10n ** 22n,
  },
  initialDate: new Date("2024-01-01T00:00:00Z"),
  allowBlocksWithSameTimestamp: true,
  mining: { auto: true, interval: 0, mempool: { order: "fifo" } },
};

export default defineConfig({
  solidity: {
    version: require("solc/package.json").version,
    // The compiler comes from npm: naming its path keeps Hardhat from downloading one.
    path: require.resolve("solc/soljson.js"),
    settings: {
      optimizer: { enabled: true, runs: 200 },
      viaIR: false,
      evmVersion: "prague",
      // Without the hash of its metadata the bytecode depends on code alone, not on comments or file paths.
      metadata: { bytecodeHash: "none" },
      outputSelection: { "*": { "*": ["metadata", "storageLayout"] } },
    },
  },
  networks: { default: localChain, node: localChain },
});
