// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721Receiver} from "../interfaces/IERC721Receiver.sol";

/// @title A recipient that refuses every token
contract RefusingReceiver is IERC721Receiver {
    /// @notice How it refuses. `RevertWithAcceptance` reverts with the very bytes that would mean acceptance if they
    /// were returned; `ShortAcceptance` returns them without the 28 bytes that fill the word.
    enum Manner {
        Revert,
        WrongAnswer,
        RevertWithAcceptance,
        ShortAcceptance
    }

    /// @notice The reason it gives.
    error NotWelcome();

    /// @notice How this one refuses.
    Manner public immutable manner;

    /// @param manner_ How to refuse.
    constructor(Manner manner_) {
        manner = manner_;
    }

    /// @inheritdoc IERC721Receiver
    function onERC721Received(address, address, uint256, bytes calldata) external view override returns (bytes4) {
        if (manner == Manner.Revert) revert NotWelcome();
        if (manner == Manner.WrongAnswer) return 0xffffffff;
        bytes memory acceptance = abi.encode(IERC721Receiver.onERC721Received.selector);
        bool reverts = manner == Manner.RevertWithAcceptance;
        assembly ("memory-safe") {
            if iszero(reverts) { return(add(acceptance, 32), 4) }
            revert(add(acceptance, 32), mload(acceptance))
        }
    }
}
