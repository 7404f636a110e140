// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The metadata address of an asset, built step by step from the standards
/// @dev Written for plainness, and apart from contracts/libraries/MetadataURI.sol so that the two can disagree.
library ReferenceURI {
    function build(bytes32 directoryDigest, bytes16 assetId) internal pure returns (string memory) {
        // CIDv1 (https://github.com/multiformats/cid): version 1, dag-pb, SHA-256 multihash of 32 bytes.
        bytes memory cid = bytes.concat(hex"01701220", directoryDigest);
        return string.concat("ipfs://b", base32(cid), "/", uuid(assetId), ".json");
    }

    /// @dev RFC 4648, section 6, in lower case and without padding: one digit for every five bits, zeros at the end.
    function base32(bytes memory data) internal pure returns (string memory text) {
        for (uint256 first; first < data.length * 8; first += 5) {
            uint256 digit;
            for (uint256 at = first; at < first + 5; ++at) {
                bool isSet = at < data.length * 8 && uint8(data[at / 8]) & (0x80 >> (at % 8)) != 0;
                digit = digit * 2 + (isSet ? 1 : 0);
            }
            text = string.concat(text, _letter("abcdefghijklmnopqrstuvwxyz234567", digit));
        }
    }

    /// @dev RFC 9562, section 4: groups of 4, 2, 2, 2 and 6 bytes.
    function uuid(bytes16 id) internal pure returns (string memory text) {
        string memory digits = "0123456789abcdef";
        for (uint256 i; i < 16; ++i) {
            if (i == 4 || i == 6 || i == 8 || i == 10) text = string.concat(text, "-");
            uint8 value = uint8(id[i]);
            text = string.concat(text, _letter(digits, value / 16), _letter(digits, value % 16));
        }
    }

    function _letter(string memory alphabet, uint256 index) private pure returns (string memory) {
        return string(bytes.concat(bytes(alphabet)[index]));
    }
}
