// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721Receiver} from "../interfaces/IERC721Receiver.sol";

/// @title A recipient that calls the token contract back and passes on the error it gets
contract BubblingReceiver is IERC721Receiver {
    bytes private _call;

    /// @notice Sets the call to make when a token arrives.
    /// @param call_ Encoded call for the token contract.
    function arm(bytes calldata call_) external {
        _call = call_;
    }

    /// @inheritdoc IERC721Receiver
    function onERC721Received(address, address, uint256, bytes calldata) external override returns (bytes4) {
        (bool succeeded, bytes memory answer) = msg.sender.call(_call);
        if (!succeeded) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
        return IERC721Receiver.onERC721Received.selector;
    }
}
