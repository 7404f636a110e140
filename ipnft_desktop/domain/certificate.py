"""What a printed certificate of a token says, in English, Chinese or both: the facts of its evidence bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from ipnft_desktop.domain.assets import LicenceTerms
from ipnft_desktop.domain.licence_summary import Sentence, licence_summary


class CertificateLanguage(StrEnum):
    """What a certificate is written in."""

    ENGLISH = "en"
    CHINESE = "zh"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A name and its value; `is_code` for what is compared letter by letter."""

    name: str
    value: str
    is_code: bool = False


TITLE = Sentence("Certificate of a token for intellectual property", "知识产权代币证书")
LICENCE = Sentence("Licence", "许可")
TOKEN_CODE = Sentence("The token on its chain (CAIP-19)", "链上代币（CAIP-19）")
BUNDLE_CODE = Sentence("SHA-256 of the evidence bundle", "证据包的 SHA-256")
REMARK = Sentence(
    "This page is a picture of the evidence bundle named above, which anybody can check: python3 -m ipnft_verify FILE",
    "本页是上述证据包的图示，任何人都可核验该证据包：python3 -m ipnft_verify 文件",
)
DEMONSTRATION = Sentence(
    "DEMONSTRATION: signed with a key that is published. Anybody may have made this; it proves nothing to others.",
    "演示：签名所用的密钥是公开的。任何人都可能制作本页；对他人不构成证明。",
)
STATED = Sentence(
    "Owner and validity are stated by the register, not proved by the chain.",
    "持有人与有效性为登记簿的陈述，未由链证明。",
)
_NAMES: Mapping[str, Sentence] = {
    "type": Sentence("Type", "类型"),
    "application_number": Sentence("Number", "编号"),
    "creator": Sentence("Creator", "创作者"),
    "enterprise": Sentence("Enterprise", "企业"),
    "owner": Sentence("Owner of the token", "代币持有人"),
    "validity": Sentence("Validity", "有效性"),
    "token": Sentence("Token id", "代币 ID"),
    "contract": Sentence("Contract", "合约"),
    "chain": Sentence("Chain id", "链 ID"),
    "block": Sentence("Block", "区块"),
    "transaction": Sentence("Transaction", "交易"),
    "time": Sentence("Block time of the mint (UTC)", "铸造的区块时间（UTC）"),
    "recorded": Sentence("Recorded by the register (UTC)", "登记簿记录时间（UTC）"),
    "metadata": Sentence("CID of the metadata", "元数据的 CID"),
    "as_of": Sentence("As of block, at (UTC)", "截至区块，时间（UTC）"),
}
_TYPES: Mapping[str, Sentence] = {
    "PATENT": Sentence("Patent", "专利"),
    "TRADEMARK": Sentence("Trademark", "商标"),
    "COPYRIGHT": Sentence("Copyright", "著作权"),
    "DESIGN": Sentence("Design", "外观设计"),
    "TRADE_SECRET": Sentence("Trade secret", "商业秘密"),
    "SOFTWARE": Sentence("Software", "软件"),
    "OTHER": Sentence("Other", "其他"),
}
_VALIDITIES: Mapping[str, Sentence] = {
    "VALID": Sentence("valid", "有效"),
    "SUSPENDED": Sentence("suspended", "暂停"),
    "REVOKED": Sentence("revoked", "吊销"),
}
_ABSENT = "-"
_SECONDS = len("2026-01-01 00:00:00")


def said(sentence: Sentence, language: CertificateLanguage, joint: str = " / ") -> str:
    """A sentence in a language; in both, English first."""
    if language is CertificateLanguage.BOTH:
        return f"{sentence.en}{joint}{sentence.zh}"
    return sentence.zh if language is CertificateLanguage.CHINESE else sentence.en


def caveats(facts: Mapping[str, Any], *, is_demonstration: bool) -> tuple[Sentence, ...]:
    """What must not be overlooked: that anybody may have signed, and that nothing proves owner and validity."""
    told = (DEMONSTRATION, is_demonstration), (STATED, not facts["state"]["is_proved"])
    return tuple(sentence for sentence, is_so in told if is_so)


def certificate_lines(
    facts: Mapping[str, Any], language: CertificateLanguage, recorded_at: str = ""
) -> tuple[CertificateLine, ...]:
    """The facts of a manifest, in the order of the page. `recorded_at` is when the register noted the mint, which is
    another time than the block's where the chain keeps a clock of its own; empty where no audit row tells it."""
    asset, chain, token, mint, state = (facts[name] for name in ("asset", "chain", "token", "mint", "state"))
    kind = _TYPES.get(asset["type"], Sentence(asset["type"], asset["type"]))

    def line(name: str, value: str, *, is_code: bool = False) -> CertificateLine:
        return CertificateLine(said(_NAMES[name], language), value or _ABSENT, is_code)

    return (
        line("type", said(kind, language)),
        line("application_number", asset["application_number"]),
        line("creator", asset["creator"]),
        line("enterprise", asset["enterprise"]),
        line("owner", state["owner"], is_code=True),
        line("validity", said(_VALIDITIES[state["validity"]], language)),
        line("as_of", f"{state['block_number']}, {_moment(state['block_time'])}"),
        line("token", token["id"], is_code=True),
        line("contract", chain["contract"], is_code=True),
        line("chain", str(chain["chain_id"])),
        line("block", f"{mint['block_number']} {mint['block_hash']}", is_code=True),
        line("transaction", mint["transaction_hash"], is_code=True),
        line("time", _moment(mint["block_time"])),
        *((line("recorded", _moment(recorded_at)),) if recorded_at else ()),
        line("metadata", token["metadata_cid"], is_code=True),
    )


def licence_lines(facts: Mapping[str, Any], language: CertificateLanguage) -> Sequence[str]:
    """The licence in plain words, a sentence a term."""
    terms: Mapping[str, Any] = facts["licence"]
    end = terms["expires_on"]
    licence = LicenceTerms(
        terms["transferable"],
        terms["commercial_use"],
        terms["derivatives"],
        terms["attribution"],
        terms["revenue_share_bp"],
        date.fromisoformat(end) if end else None,
    )
    return [said(sentence, language, " ") for sentence in licence_summary(licence)]


def token_address(facts: Mapping[str, Any]) -> str:
    """Which token it is among all chains (CAIP-19: chain of EIP-155, asset of ERC-721)."""
    chain = facts["chain"]
    return f"eip155:{chain['chain_id']}/erc721:{chain['contract']}/{int(facts['token']['id'], 16)}"


def _moment(text: str) -> str:
    return text.replace("T", " ")[:_SECONDS]
