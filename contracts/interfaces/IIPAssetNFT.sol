// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Intellectual-property assets as non-fungible tokens
/// @notice One token for each registered asset. The token id is the asset's UUID read as a number, so a second mint of
/// one asset is impossible and neither side needs a lookup table.
/// @dev The contract also answers ERC-165, ERC-721 with its metadata extension, ERC-2981 and ERC-4906.
///
/// A mint is announced by ERC-721's `Transfer(address(0), to, tokenId)` alone. It already names the recipient and,
/// through `assetIdOf`, the asset; an event of our own would repeat both for about 2,000 gas a token.
///
/// Roles: ADMIN is `owner()`, handed over in two steps (`requestOwnershipHandover` by the successor, then
/// `completeOwnershipHandover` by the admin within 48 hours). MINTER and PAUSER are bits given with `grantRoles` and
/// taken with `revokeRoles`. A caller without the role gets `Unauthorized()`.
interface IIPAssetNFT {
    /// @notice Standing of the certificate that a token stands for. Only a `Valid` token can move.
    enum Validity {
        Valid,
        Suspended,
        Revoked
    }

    /// @notice The standing of a token changed.
    /// @param tokenId The token.
    /// @param validity Its new standing.
    /// @param reasonHash Hash of the document that gives the reason; the document itself stays off chain.
    event ValidityChanged(uint256 indexed tokenId, Validity indexed validity, bytes32 reasonHash);

    /// @notice The metadata of a token is found in another directory from now on.
    /// @param tokenId The token.
    /// @param previousDigest Digest of the directory it left; zero when it had a URI of its own.
    /// @param directoryDigest Digest of the directory it is in.
    event DirectoryAmended(uint256 indexed tokenId, bytes32 previousDigest, bytes32 directoryDigest);

    /// @notice Minting and transfers stopped.
    /// @param account Who stopped them.
    event Paused(address account);

    /// @notice Minting and transfers go on.
    /// @param account Who resumed them.
    event Unpaused(address account);

    /// @notice The royalty of every token without one of its own changed.
    /// @param receiver Who is paid.
    /// @param royaltyBps Share of the sale price in basis points (1/10,000).
    event DefaultRoyaltyChanged(address indexed receiver, uint96 royaltyBps);

    /// @notice One token's own royalty changed; receiver zero means that the default applies again.
    /// @param tokenId The token.
    /// @param receiver Who is paid.
    /// @param royaltyBps Share of the sale price in basis points (1/10,000).
    event TokenRoyaltyChanged(uint256 indexed tokenId, address indexed receiver, uint96 royaltyBps);

    /// @notice ERC-4906: what is shown for this token is out of date. Follows each `ValidityChanged` and each
    /// `DirectoryAmended`.
    /// @param _tokenId The token.
    event MetadataUpdate(uint256 _tokenId);

    /// @notice ERC-4906: what is shown for a range of tokens is out of date. Declared for the standard; nothing emits
    /// it so far.
    /// @param _fromTokenId First token of the range.
    /// @param _toTokenId Last token of the range, included.
    event BatchMetadataUpdate(uint256 _fromTokenId, uint256 _toTokenId);

    /// @notice The asset has a token already, or stands twice in one batch.
    /// @param assetId The asset.
    error DuplicateAsset(bytes16 assetId);

    /// @notice The asset id is zero, which is no asset.
    error AssetIdIsZero();

    /// @notice The recipient is a contract that did not accept the token; nothing was minted or moved. With an empty
    /// answer it may be one that would have accepted: the transaction left too little gas for it. Try with more gas.
    /// @dev The only error that a recipient can cause: whatever it answered is wrapped here, so a hostile recipient
    /// cannot imitate another error of this contract.
    /// @param recipient The contract that refused.
    /// @param tokenId The token it was offered.
    /// @param answer The first 1,024 bytes of its revert data or its return data; empty when it has no
    /// `onERC721Received`, when it used up all gas, and when it got too little.
    error RecipientRefused(address recipient, uint256 tokenId, bytes answer);

    /// @notice A batch holds at least one asset.
    error EmptyBatch();

    /// @notice A batch holds at most `MAX_BATCH_SIZE` assets.
    /// @param size How many were given.
    error BatchTooLarge(uint256 size);

    /// @notice Each asset of a batch needs exactly one recipient.
    /// @param recipients How many recipients were given.
    /// @param assetIds How many assets were given.
    error LengthMismatch(uint256 recipients, uint256 assetIds);

    /// @notice A metadata directory must be named.
    error DirectoryDigestIsZero();

    /// @notice Another directory with the same low 80 bits is in use; build the directory again with any change.
    /// @param existing Digest of the directory in use.
    /// @param offered Digest that was given.
    error DirectoryDigestClash(bytes32 existing, bytes32 offered);

    /// @notice A URI must be given.
    error URIIsEmpty();

    /// @notice No asset has this token id: it is wider than a UUID's 128 bits.
    /// @param tokenId The number given.
    error TokenIdOutOfRange(uint256 tokenId);

    /// @notice Suspended and revoked tokens do not move.
    /// @param tokenId The token.
    /// @param validity Its standing.
    error TokenNotTransferable(uint256 tokenId, Validity validity);

    /// @notice There is no such standing: `Validity` ends at 2.
    /// @param validity The number given.
    error ValidityOutOfRange(uint8 validity);

    /// @notice Minting and transfers are stopped.
    error ContractPaused();

    /// @notice Minting and transfers are not stopped.
    error ContractNotPaused();

    /// @notice The name and the symbol of the collection hold at most 32 bytes each.
    /// @param text What was given.
    error TextTooLong(string text);

    /// @notice The admin role moves in two steps only and cannot be given up without a successor.
    error HandoverNeedsTwoSteps();

    /// @notice Mints the token of one asset. Caller: MINTER.
    /// @dev Reverts: `Unauthorized`, `ContractPaused`, `Reentrancy`, `DirectoryDigestIsZero`, `DirectoryDigestClash`,
    /// `AssetIdIsZero`, `DuplicateAsset`, `TransferToZeroAddress`, `AccountBalanceOverflow`, `RecipientRefused`.
    /// @param to Who receives the token; a contract must accept it through `onERC721Received`.
    /// @param assetId The asset's UUID as 16 bytes.
    /// @param directoryDigest SHA-256 digest in the CIDv1 (dag-pb) of the IPFS directory that holds `<uuid>.json`.
    /// @return tokenId The new token.
    function mintAsset(address to, bytes16 assetId, bytes32 directoryDigest) external returns (uint256 tokenId);

    /// @notice Mints the token of one asset whose metadata is published elsewhere. Caller: MINTER.
    /// @dev The dearer way: the URI is stored with the token. Reverts as `mintAsset` does, with `URIIsEmpty` in place
    /// of the errors about directories.
    /// @param to Who receives the token; a contract must accept it through `onERC721Received`.
    /// @param assetId The asset's UUID as 16 bytes.
    /// @param uri What `tokenURI` answers, to the byte; only emptiness is checked.
    /// @return tokenId The new token.
    function mintAssetWithURI(address to, bytes16 assetId, string calldata uri) external returns (uint256 tokenId);

    /// @notice Mints several assets to one recipient: all of them or none. Caller: MINTER.
    /// @dev Reverts as `mintAsset` does, and with `EmptyBatch` or `BatchTooLarge`. The recipient is asked about each
    /// token after all exist.
    /// @param to Who receives the tokens.
    /// @param assetIds The assets' UUIDs.
    /// @param directoryDigest Digest of the one directory that holds the metadata of all of them.
    function batchMint(address to, bytes16[] calldata assetIds, bytes32 directoryDigest) external;

    /// @notice Mints several assets, each to its own recipient: all of them or none. Caller: MINTER.
    /// @dev Reverts as `batchMint` does, and with `LengthMismatch`.
    /// @param to The recipient of each asset, in the order of `assetIds`.
    /// @param assetIds The assets' UUIDs.
    /// @param directoryDigest Digest of the one directory that holds the metadata of all of them.
    function batchMintTo(address[] calldata to, bytes16[] calldata assetIds, bytes32 directoryDigest) external;

    /// @notice Moves a token's metadata to another directory; its validity stays. A token with a URI of its own gives
    /// it up and is found in the directory from then on. Caller: ADMIN. Emits `DirectoryAmended` and `MetadataUpdate`.
    /// @dev Reverts: `Unauthorized`, `TokenDoesNotExist`, `DirectoryDigestIsZero`, `DirectoryDigestClash`. Works while
    /// paused.
    /// @param tokenId The token.
    /// @param directoryDigest SHA-256 digest in the CIDv1 (dag-pb) of the IPFS directory that holds `<uuid>.json`.
    function amendDirectory(uint256 tokenId, bytes32 directoryDigest) external;

    /// @notice Sets the standing of a token. Caller: ADMIN. Emits `ValidityChanged` and `MetadataUpdate`.
    /// @dev Reverts: `Unauthorized`, `TokenDoesNotExist`, `ValidityOutOfRange`. Works while paused.
    /// @param tokenId The token.
    /// @param validity Its new standing, a `Validity`; a number, so that one that is out of range is answered by a
    /// typed error.
    /// @param reasonHash Hash of the document that gives the reason.
    function setValidity(uint256 tokenId, uint8 validity, bytes32 reasonHash) external;

    /// @notice Stops minting and transfers. Caller: PAUSER or ADMIN. Emits `Paused`.
    /// @dev Reverts: `Unauthorized`, `ContractPaused`.
    function pause() external;

    /// @notice Lets minting and transfers go on. Caller: PAUSER or ADMIN. Emits `Unpaused`.
    /// @dev Reverts: `Unauthorized`, `ContractNotPaused`.
    function unpause() external;

    /// @notice Sets the royalty of every token without one of its own. Caller: ADMIN. Emits `DefaultRoyaltyChanged`.
    /// @dev Reverts: `Unauthorized`, `RoyaltyOverflow` above 10,000, `RoyaltyReceiverIsZeroAddress`.
    /// @param receiver Who is paid.
    /// @param royaltyBps Share of the sale price in basis points (1/10,000).
    function setDefaultRoyalty(address receiver, uint96 royaltyBps) external;

    /// @notice Gives one token a royalty of its own. Caller: ADMIN. Emits `TokenRoyaltyChanged`.
    /// @dev Reverts as `setDefaultRoyalty` does, and with `TokenDoesNotExist`.
    /// @param tokenId The token.
    /// @param receiver Who is paid.
    /// @param royaltyBps Share of the sale price in basis points (1/10,000).
    function setTokenRoyalty(uint256 tokenId, address receiver, uint96 royaltyBps) external;

    /// @notice Takes a token's own royalty away, so that the default applies. Caller: ADMIN. Emits
    /// `TokenRoyaltyChanged`.
    /// @dev Reverts: `Unauthorized`, `TokenDoesNotExist`.
    /// @param tokenId The token.
    function resetTokenRoyalty(uint256 tokenId) external;

    /// @notice Bit of the role that may mint.
    function MINTER_ROLE() external view returns (uint256);

    /// @notice Bit of the role that may pause.
    function PAUSER_ROLE() external view returns (uint256);

    /// @notice The most assets that one batch can hold.
    function MAX_BATCH_SIZE() external view returns (uint256);

    /// @notice Random number given at deployment. It tells this deployment from any other one, even at the same address
    /// of a chain with the same id.
    function instanceId() external view returns (bytes32);

    /// @notice Number of the block that deployed this contract: no event of it is older.
    function deployedAtBlock() external view returns (uint256);

    /// @notice Whether minting and transfers are stopped.
    function paused() external view returns (bool);

    /// @notice Standing of a token.
    /// @param tokenId The token; reverts with `TokenDoesNotExist` when it was never minted.
    function validityOf(uint256 tokenId) external view returns (Validity);

    /// @notice SHA-256 digest in the CIDv1 (dag-pb) of the IPFS directory that holds the token's metadata; zero when
    /// the token has a URI of its own.
    /// @param tokenId The token; reverts with `TokenDoesNotExist` when it was never minted.
    function directoryDigestOf(uint256 tokenId) external view returns (bytes32);

    /// @notice Token id of an asset, whether it is minted or not.
    /// @param assetId The asset's UUID as 16 bytes.
    function tokenIdOf(bytes16 assetId) external pure returns (uint256);

    /// @notice Asset of a token id, whether it is minted or not.
    /// @param tokenId The token; reverts with `TokenIdOutOfRange` when it is wider than 128 bits.
    function assetIdOf(uint256 tokenId) external pure returns (bytes16);
}
