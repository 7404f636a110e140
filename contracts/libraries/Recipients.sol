// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {LibCall} from "solady/src/utils/LibCall.sol";

import {IERC721Receiver} from "../interfaces/IERC721Receiver.sol";
import {IIPAssetNFT} from "../interfaces/IIPAssetNFT.sol";

/// @title Asking a contract whether it accepts a token
library Recipients {
    /// @dev Kept back from the recipient, so that one that burns all its gas is still answered by a typed error. Enough
    /// to encode `RecipientRefused` with the longest answer at the end of the longest batch, whose other recipients all
    /// answered at length: memory is dearest then.
    uint256 private constant _RESERVED_GAS = 5_000;

    /// @dev How much of an answer is copied: a hostile one could be long enough to use up our own gas.
    uint16 private constant _MAX_ANSWER_BYTES = 1024;

    /// @notice Reverts with `RecipientRefused` unless `recipient` accepts the token.
    /// @dev A low-level call, because a high-level one would revert without our error when the answer cannot be
    /// decoded.
    /// @param recipient A contract; it owns the token already.
    /// @param from The previous owner; zero for a mint.
    /// @param tokenId The token.
    /// @param data What the caller of a transfer has to say to the recipient.
    function ask(address recipient, address from, uint256 tokenId, bytes memory data) internal {
        bytes memory question = abi.encodeCall(IERC721Receiver.onERC721Received, (msg.sender, from, tokenId, data));
        uint256 gasLimit = FixedPointMathLib.zeroFloorSub(gasleft(), _RESERVED_GAS);
        // That an answer was too long to be copied whole is not asked for: its first word decides.
        // slither-disable-next-line unused-return
        (bool accepted,, bytes memory answer) = LibCall.tryCall(recipient, 0, gasLimit, _MAX_ANSWER_BYTES, question);
        bytes32 acceptance = bytes32(IERC721Receiver.onERC721Received.selector);
        if (!accepted || answer.length < 32 || bytes32(answer) != acceptance) {
            revert IIPAssetNFT.RecipientRefused(recipient, tokenId, answer);
        }
    }
}
