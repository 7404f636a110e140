// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPAssetNFT} from "../../contracts/IPAssetNFT.sol";
import {SVM, VM} from "./Cheatcodes.sol";

/// @title An asset becomes a token at most once
/// @dev halmos runs every `check_` function with symbols for its arguments, on a contract whose storage is symbols too,
/// as if any history lay behind it. Together they are an induction over that history: a mint makes the tokens of its
/// assets and no other, a token that exists never ceases to, and an asset whose token exists is not minted. What
/// reverts is outside a property; halmos refuses a check of which every path reverts.
///
/// The caller is any account. So is each recipient, of which one has code: the token contract itself. Recipients that
/// run code of their own have a check of their own.
contract MintUniquenessTest {
    enum Way {
        One,
        WithURI,
        BatchToOne,
        BatchToMany
    }

    /// @dev The recipients of a batch take turns.
    struct Mint {
        uint8 size;
        address caller;
        address[2] to;
        bytes16[3] ids;
        bytes32 digest;
    }

    bytes4 private constant _SAFE_TRANSFER = bytes4(keccak256("safeTransferFrom(address,address,uint256)"));
    bytes4 private constant _SAFE_TRANSFER_WITH_DATA =
        bytes4(keccak256("safeTransferFrom(address,address,uint256,bytes)"));
    address private constant _HOLDER = address(0xA);
    address private constant _OTHER_HOLDER = address(0xB);

    IPAssetNFT private _nft;

    function setUp() public {
        _nft = new IPAssetNFT("IP", "IP", address(this), address(this), bytes32(uint256(1)), address(0), 0);
        SVM.enableSymbolicStorage(address(_nft));
    }

    function check_asset_and_token_ids_are_one_to_one(bytes16 a, bytes16 b, uint256 tokenId) public view {
        assert((_nft.tokenIdOf(a) == _nft.tokenIdOf(b)) == (a == b));
        assert(_nft.assetIdOf(_nft.tokenIdOf(a)) == a);
        assert(_nft.tokenIdOf(_nft.assetIdOf(tokenId)) == tokenId);
    }

    function check_assets_have_the_128_bit_token_ids(uint256 tokenId) public view {
        (bool done,) = address(_nft).staticcall(abi.encodeCall(_nft.assetIdOf, (tokenId)));
        assert(done == (tokenId <= type(uint128).max));
    }

    function check_mintAsset_makes_its_token_only(Mint memory mint, bytes16 other) public {
        _checkMakesItsTokensOnly(Way.One, mint, other);
    }

    function check_mintAssetWithURI_makes_its_token_only(Mint memory mint, bytes16 other) public {
        _checkMakesItsTokensOnly(Way.WithURI, mint, other);
    }

    function check_batchMint_makes_its_tokens_only(Mint memory mint, bytes16 other) public {
        _checkMakesItsTokensOnly(Way.BatchToOne, mint, other);
    }

    function check_batchMintTo_makes_its_tokens_only(Mint memory mint, bytes16 other) public {
        _checkMakesItsTokensOnly(Way.BatchToMany, mint, other);
    }

    function check_no_recipient_mints_from_within(Way way, Mint memory mint, bytes16 other) public {
        address smuggler = address(new Smuggler(_nft, other, mint.digest));
        mint.to = [smuggler, smuggler];
        _checkMakesItsTokensOnly(way, mint, other);
    }

    function check_an_asset_whose_token_exists_is_not_minted(Way way, Mint memory mint, uint8 place) public {
        VM.assume(place < mint.size);
        VM.assume(_exists(_at(mint, place)));
        assert(!_mint(way, mint));
    }

    function check_an_asset_is_not_twice_in_one_batch(
        Way way,
        Mint memory mint,
        uint8 place,
        uint8 again
    ) public {
        VM.assume(place < again && again < mint.size);
        VM.assume(_at(mint, place) == _at(mint, again));
        assert(!_mint(way, mint));
    }

    /// @dev Every function but the transfers, which have a check of their own.
    function check_no_call_ends_a_token(bytes16 id, address caller) public {
        VM.assume(_exists(id));
        bytes memory anyCall = SVM.createCalldata("IPAssetNFT");
        VM.assume(bytes4(anyCall) != _nft.transferFrom.selector);
        VM.assume(bytes4(anyCall) != _SAFE_TRANSFER && bytes4(anyCall) != _SAFE_TRANSFER_WITH_DATA);
        VM.assume(_call(caller, anyCall));
        assert(_exists(id));
    }

    /// @dev The two holders are numbers: where they are symbols, Solady writes the reason of a refusal to a symbolic
    /// place in memory, which halmos does not model.
    function check_no_transfer_ends_a_token(
        bytes16 id,
        address minter,
        bytes16 moved,
        bytes32 digest,
        address caller,
        uint8 way,
        bool toItself
    ) public {
        VM.assume(_call(minter, abi.encodeCall(_nft.mintAsset, (_HOLDER, moved, digest))));
        VM.assume(_exists(id));
        VM.assume(_call(caller, _transfer(way, toItself ? _HOLDER : _OTHER_HOLDER, uint128(moved))));
        assert(_exists(id));
    }

    function _checkMakesItsTokensOnly(Way way, Mint memory mint, bytes16 other) private {
        for (uint256 i; i < mint.ids.length; ++i) {
            VM.assume(other != mint.ids[i]);
        }
        bool existed = _exists(other);
        VM.assume(_mint(way, mint));
        for (uint256 i; i < mint.size; ++i) {
            assert(_exists(mint.ids[i]));
        }
        assert(_exists(other) == existed);
    }

    function _mint(Way way, Mint memory mint) private returns (bool minted) {
        if (way == Way.One) {
            VM.assume(mint.size == 1);
            return _call(mint.caller, abi.encodeCall(_nft.mintAsset, (mint.to[0], mint.ids[0], mint.digest)));
        }
        if (way == Way.WithURI) {
            VM.assume(mint.size == 1);
            string memory uri = string(abi.encodePacked(mint.digest));
            return _call(mint.caller, abi.encodeCall(_nft.mintAssetWithURI, (mint.to[0], mint.ids[0], uri)));
        }
        uint256 size = mint.size == 2 ? 2 : 3;
        VM.assume(mint.size == size);
        bytes16[] memory ids = new bytes16[](size);
        address[] memory to = new address[](size);
        for (uint256 i; i < size; ++i) {
            (ids[i], to[i]) = (mint.ids[i], mint.to[i % 2]);
        }
        if (way == Way.BatchToOne) return _call(mint.caller, abi.encodeCall(_nft.batchMint, (to[0], ids, mint.digest)));
        return _call(mint.caller, abi.encodeCall(_nft.batchMintTo, (to, ids, mint.digest)));
    }

    function _call(address caller, bytes memory data) private returns (bool done) {
        VM.prank(caller);
        (done,) = address(_nft).call(data);
    }

    function _exists(bytes16 id) private view returns (bool exists) {
        (exists,) = address(_nft).staticcall(abi.encodeCall(_nft.ownerOf, (uint128(id))));
    }

    function _transfer(uint8 way, address to, uint256 tokenId) private view returns (bytes memory) {
        if (way == 0) return abi.encodeWithSelector(_nft.transferFrom.selector, _HOLDER, to, tokenId);
        if (way == 1) return abi.encodeWithSelector(_SAFE_TRANSFER, _HOLDER, to, tokenId);
        return abi.encodeWithSelector(_SAFE_TRANSFER_WITH_DATA, _HOLDER, to, tokenId, "");
    }

    /// @dev Branches, because halmos does not model a symbolic place in calldata either.
    function _at(Mint memory mint, uint8 place) private pure returns (bytes16) {
        return place == 0 ? mint.ids[0] : place == 1 ? mint.ids[1] : mint.ids[2];
    }
}

/// @dev A recipient that accepts, after an attempt to mint another asset from within.
contract Smuggler {
    IPAssetNFT private immutable _nft;
    bytes16 private immutable _assetId;
    bytes32 private immutable _digest;

    constructor(IPAssetNFT nft, bytes16 assetId, bytes32 digest) {
        (_nft, _assetId, _digest) = (nft, assetId, digest);
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        try _nft.mintAsset(address(1), _assetId, _digest) {} catch {}
        return this.onERC721Received.selector;
    }
}
