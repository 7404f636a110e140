// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIPAssetNFT} from "../../../contracts/interfaces/IIPAssetNFT.sol";

/// @title Everything that these tests call on the token contract: its own interface, and the standards'
interface IToken is IIPAssetNFT {
    function ownerOf(uint256 tokenId) external view returns (address);
    function balanceOf(address owner) external view returns (uint256);
    function getApproved(uint256 tokenId) external view returns (address);
    function tokenURI(uint256 tokenId) external view returns (string memory);
    function royaltyInfo(uint256 tokenId, uint256 salePrice) external view returns (address receiver, uint256 amount);
    function transferFrom(address from, address to, uint256 tokenId) external;
    function approve(address account, uint256 tokenId) external;
    function setApprovalForAll(address operator, bool isApproved) external;

    function owner() external view returns (address);
    function rolesOf(address account) external view returns (uint256);
    function grantRoles(address account, uint256 roles) external;
    function revokeRoles(address account, uint256 roles) external;
    function renounceRoles(uint256 roles) external;
    function transferOwnership(address successor) external;
    function renounceOwnership() external;
    function requestOwnershipHandover() external;
    function cancelOwnershipHandover() external;
    function completeOwnershipHandover(address successor) external;
    function ownershipHandoverExpiresAt(address successor) external view returns (uint256);
}
