// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721Receiver} from "../interfaces/IERC721Receiver.sol";

/// @title A recipient that accepts every token and counts them
contract AcceptingReceiver is IERC721Receiver {
    /// @notice How many tokens arrived.
    uint256 public received;

    /// @inheritdoc IERC721Receiver
    function onERC721Received(address, address, uint256, bytes calldata) external override returns (bytes4) {
        ++received;
        return IERC721Receiver.onERC721Received.selector;
    }
}
