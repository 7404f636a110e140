// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

interface IVm {
    function assume(bool condition) external pure;
    function prank(address caller) external;
}

interface ISvm {
    function enableSymbolicStorage(address account) external;
    function createCalldata(string calldata contractName) external pure returns (bytes memory);
}

IVm constant VM = IVm(address(uint160(uint256(keccak256("hevm cheat code")))));
ISvm constant SVM = ISvm(address(uint160(uint256(keccak256("svm cheat code")))));
