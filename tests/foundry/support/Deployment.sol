// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IToken} from "./IToken.sol";
import {vm} from "./Vm.sol";

/// @title The token contract as Hardhat compiled it
/// @dev Compiling it here would need Hardhat's settings a second time, and a minute of the slow compiler.
library Deployment {
    function deploy(address admin, address minter) internal returns (IToken token) {
        string memory artifact = vm.readFile("artifacts/contracts/IPAssetNFT.sol/IPAssetNFT.json");
        bytes memory arguments = abi.encode("Assets", "IP", admin, minter, keccak256("instance"), address(0), 0);
        bytes memory creation = bytes.concat(vm.parseJsonBytes(artifact, ".bytecode"), arguments);
        assembly ("memory-safe") {
            token := create(0, add(creation, 32), mload(creation))
        }
        vm.assertTrue(address(token) != address(0), "the contract is deployed");
    }
}
