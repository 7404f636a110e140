// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";

/// @title Baseline A of the gas report: asset tokens as textbooks write them
/// @notice Only measured against, on chains that are thrown away. Nobody should deploy it elsewhere.
/// @dev Every choice is the usual one: OpenZeppelin's ERC721URIStorage, token ids counted from 1, the asset id as text
/// (a UUID, 36 characters), maps between the two in both directions, one URI as text a token (`ipfs://` and a CIDv1,
/// 66 characters), a batch as a loop. It has no royalty, pause or validity, which would make it dearer still.
contract CommonAssetNFT is ERC721URIStorage, Ownable {
    error AssetExists(string assetId);
    error LengthMismatch();

    uint256 private _lastTokenId;
    mapping(string assetId => uint256 tokenId) private _tokenIds;
    mapping(uint256 tokenId => string assetId) private _assetIds;

    constructor(address minter) ERC721("Common Assets", "COMMON") Ownable(minter) {}

    function mint(address to, string calldata assetId, string calldata uri) external onlyOwner {
        _mintOne(to, assetId, uri);
    }

    function batchMint(address to, string[] calldata assetIds, string[] calldata uris) external onlyOwner {
        if (assetIds.length != uris.length) revert LengthMismatch();
        for (uint256 i; i < assetIds.length; ++i) {
            _mintOne(to, assetIds[i], uris[i]);
        }
    }

    function batchMintTo(address[] calldata to, string[] calldata assetIds, string[] calldata uris)
        external
        onlyOwner
    {
        if (assetIds.length != uris.length || assetIds.length != to.length) revert LengthMismatch();
        for (uint256 i; i < assetIds.length; ++i) {
            _mintOne(to[i], assetIds[i], uris[i]);
        }
    }

    /// @return Zero for an asset without a token.
    function tokenIdOf(string calldata assetId) external view returns (uint256) {
        return _tokenIds[assetId];
    }

    function assetIdOf(uint256 tokenId) external view returns (string memory) {
        return _assetIds[tokenId];
    }

    function _mintOne(address to, string calldata assetId, string calldata uri) private {
        if (_tokenIds[assetId] != 0) revert AssetExists(assetId);
        uint256 tokenId = ++_lastTokenId;
        _tokenIds[assetId] = tokenId;
        _assetIds[tokenId] = assetId;
        _safeMint(to, tokenId);
        _setTokenURI(tokenId, uri);
    }
}
