// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721Receiver} from "../interfaces/IERC721Receiver.sol";

/// @title A recipient that wants its caller to run out of gas
contract BurningReceiver is IERC721Receiver {
    /// @notice How it burns gas: at once, step by step, by an answer that is costly to copy (as a revert, and beside the
    /// acceptance), or step by step with just enough left to revert with the longest answer that is copied.
    enum Manner {
        Invalid,
        Loop,
        LongRevert,
        LongAcceptance,
        LoopThenRevert
    }

    /// @notice How this one burns gas.
    Manner public immutable manner;

    /// @notice Length of its long answers.
    uint256 public constant ANSWER_BYTES = 10_000;

    /// @notice Length of the longest answer that the token contract copies.
    uint256 public constant COPIED_BYTES = 1024;

    /// @param manner_ How to burn gas.
    constructor(Manner manner_) {
        manner = manner_;
    }

    /// @inheritdoc IERC721Receiver
    function onERC721Received(address, address, uint256, bytes calldata) external view override returns (bytes4) {
        if (manner == Manner.Loop) while (true) {}
        if (manner == Manner.Invalid) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (manner == Manner.LoopThenRevert) _burnAndRevert();
        bytes memory answer = new bytes(ANSWER_BYTES);
        bytes32 acceptance = bytes32(IERC721Receiver.onERC721Received.selector);
        bool accepts = manner == Manner.LongAcceptance;
        assembly ("memory-safe") {
            mstore(add(answer, 32), acceptance)
            switch accepts
            case 0 { revert(add(answer, 32), mload(answer)) }
            default { return(add(answer, 32), mload(answer)) }
        }
    }

    /// @dev In assembly, so that a turn of the loop costs little.
    function _burnAndRevert() private view {
        bytes memory answer = new bytes(COPIED_BYTES);
        assembly ("memory-safe") {
            for {} gt(gas(), 200) {} {}
            revert(add(answer, 32), mload(answer))
        }
    }
}
