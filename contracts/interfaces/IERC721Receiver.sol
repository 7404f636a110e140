// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title ERC-721 token receiver
/// @notice What a contract must answer to accept tokens (https://eips.ethereum.org/EIPS/eip-721).
interface IERC721Receiver {
    /// @notice Called after a token arrived.
    /// @param operator Who caused the mint or the transfer.
    /// @param from Previous owner; zero for a mint.
    /// @param tokenId The token.
    /// @param data Free data of the caller.
    /// @return The selector of this function, when the token is accepted.
    function onERC721Received(address operator, address from, uint256 tokenId, bytes calldata data)
        external
        returns (bytes4);
}
