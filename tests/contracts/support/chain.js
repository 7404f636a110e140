// A fresh chain inside the test process, and contracts on it: calls, transactions, logs and decoded reverts.
import assert from "node:assert/strict";
import { Interface } from "ethers";
import hre from "hardhat";

export const ZERO_ADDRESS = "0x" + "00".repeat(20);

let shared;

/**
 * The chain at its genesis block. There is one for all tests, because starting one takes longer than most tests: whatever
 * happened on it before is undone, so a test must not use what it got from an earlier call.
 * @returns {Promise<Chain>}
 */
export async function startChain() {
  if (shared === undefined) {
    const { provider } = await hre.network.create("default");
    shared = { chain: new Chain(provider, await provider.request({ method: "eth_accounts" })) };
  } else {
    assert.equal(await shared.chain.request("evm_revert", shared.genesisSnapshot), true);
  }
  shared.genesisSnapshot = await shared.chain.request("evm_snapshot");
  return shared.chain;
}

export class Chain {
  constructor(provider, accounts) {
    this.provider = provider;
    this.accounts = accounts;
  }

  request(method, ...params) {
    return this.provider.request({ method, params });
  }

  async deploy(contractName, args, from) {
    const { abi, bytecode } = await hre.artifacts.readArtifact(contractName);
    const contractInterface = new Interface(abi);
    const data = bytecode + contractInterface.encodeDeploy(args).slice(2);
    const hash = await this.request("eth_sendTransaction", { from, data });
    const receipt = await this.request("eth_getTransactionReceipt", hash);
    return new Contract(this, contractInterface, receipt.contractAddress, receipt);
  }

  async increaseTime(seconds) {
    await this.request("evm_increaseTime", seconds);
    await this.request("evm_mine");
  }
}

export class Contract {
  constructor(chain, contractInterface, address, deployment) {
    this.chain = chain;
    this.interface = contractInterface;
    this.address = address;
    this.deployment = deployment;
  }

  encode(method, args) {
    return this.interface.encodeFunctionData(method, args);
  }

  /** Reads without a transaction. A single result comes bare, several as an array. */
  async read(method, ...args) {
    const data = await this.chain.request("eth_call", { to: this.address, data: this.encode(method, args) }, "latest");
    const results = this.interface.decodeFunctionResult(method, data);
    return results.length === 1 ? results[0] : results.toArray();
  }

  /** Sends a transaction that must succeed. Gives the gas used and the decoded logs of this contract. */
  async send(from, method, ...args) {
    const hash = await this.chain.request("eth_sendTransaction", { from, to: this.address, data: this.encode(method, args) });
    const receipt = await this.chain.request("eth_getTransactionReceipt", hash);
    assert.equal(receipt.status, "0x1");
    const logs = receipt.logs
      .filter((log) => log.address === this.address)
      .map((log) => this.interface.parseLog(log))
      .map((log) => ({ name: log.name, args: log.args.toArray() }));
    return { gasUsed: Number(receipt.gasUsed), logs };
  }
}

/** Asserts that a call or transaction reverts with exactly this typed error of the contract. */
export async function assertReverts(contract, action, errorName, ...errorArgs) {
  const failure = await action.then(
    () => assert.fail(`expected ${errorName}, but it went through`),
    (error) => error,
  );
  if (failure instanceof assert.AssertionError) throw failure;
  assert.match(failure.data ?? "", /^0x[0-9a-f]{8}/, `no revert data in: ${failure.message}`);
  const decoded = contract.interface.parseError(failure.data);
  assert.ok(decoded, `unknown error ${failure.data}`);
  assert.equal(decoded.name, errorName);
  assert.deepEqual(decoded.args.toArray(), errorArgs);
}
