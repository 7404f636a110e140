<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_GB">
<context>
    <name>Access</name>
    <message>
        <source>It belongs to an enterprise you are no member of.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are signed in as {0}; this takes the role {1}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Activity</name>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch of {0} · {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CANCELLED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CANCELLING</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FAILED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MINTED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MINTING</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>WAITING</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>superseded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} d {1} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ActivityCommands</name>
    <message>
        <source>Cancel mint…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy job id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy recipient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy row</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy transaction hash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the mints in view…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the search back to the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No failed mint in view can be tried again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is in view.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is signed yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing narrows the list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only a mint that failed or is held up can be tried again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open asset in the register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry the failed mints in view…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the mints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the mints for “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a mint first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show every mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the mint of this transaction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the environment first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The mint cannot be cancelled any more.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ActivityPresenter</name>
    <message numerus="yes">
        <source>%Ln mints were written to {0}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The export was stopped; no file was written</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ActivityView</name>
    <message numerus="yes">
        <source>%Ln mints</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints read, more below</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Activity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asset, transaction, recipient…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the mint of “{0}”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every mint and batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It failed and is not tried again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was sent yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>One transaction mints %Ln assets; all of them are cancelled.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Retry %Ln failed</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Retry %Ln failed mints? Each of them gets another attempt.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Retry failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain decides: a cancellation is sent under the same number; if the mint is mined first, the token exists.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words of an asset, or what begins a transaction hash, an address or a token id with 0x.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>↑↓ browse · Enter open · R retry · Del cancel · Ctrl+C copy · Ctrl+F find · F5 reload</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AddressForm</name>
    <message>
        <source>0x and 40 hexadecimal digits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add an address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the address is shown, its label stands before it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AddressImport</name>
    <message>
        <source>AS IT IS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CHANGED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ENTERPRISE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps its name “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NEW</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>So far “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>WRONG</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrong lines: {0}. Correct the file and choose it again; nothing is taken in before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} new, {1} with another label or note, {2} as they are.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AddressImportDialog</name>
    <message>
        <source>Import addresses from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines of the file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AddressesPresenter</name>
    <message numerus="yes">
        <source>%Ln addresses taken in</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses written to {0}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Addresses (*.csv *.xlsx *.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import addresses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} was added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} was removed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AddressesTab</name>
    <message>
        <source>ADDRESS BOOK</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add an address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An address with a label is recognised wherever it is shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ENTERPRISE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter edit · Del remove · Ctrl+N add · Ctrl+F find · click an address to copy it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label, address, note…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No address has a name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The wallet of an enterprise is changed with the enterprise.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AdminView</name>
    <message>
        <source>Accounts, enterprises, addresses and the audit log are shown to people who are signed in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Admin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parts of the Admin page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>People, enterprises, addresses and the audit log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start it to open the register: accounts, enterprises and addresses are kept there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The environment is not running</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AgreementButton</name>
    <message>
        <source>Document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is: {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AgreementType</name>
    <message>
        <source>Assignment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Collaboration agreement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidentiality agreement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence agreement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other agreement</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AlertDetail</name>
    <message>
        <source>Alert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OPEN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PASSED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to do next</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AlertList</name>
    <message>
        <source>Alerts</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AlertListModel</name>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AlertNotices</name>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AlertPanel</name>
    <message>
        <source>Alerts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alerts are kept in the register. They are read as soon as the environment is started.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alerts name assets. Sign in to read them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mints that fail too often, stay open for too long or fail again at every retry are told here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No alerts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody is signed in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not known yet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AlertPresenter</name>
    <message>
        <source>Alerts</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Alerts</name>
    <message numerus="yes">
        <source>%Ln mints are open for more than ten minutes</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln retries in a row failed</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>A later retry succeeded, or the failures are not among the latest mints any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A mint is open for more than ten minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A mint that failed three times needs an administrator.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A mint was open for more than ten minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All mints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the node and the content store on the Environment page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the node on the Environment page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each of them ended without a token, so trying once more is unlikely to help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If the key is lost, put your copy of keys/ back and start again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is still watched and completes by itself once the chain confirms it. Nothing is sent twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep a copy of the register as it is, and compare it with its backups and anchors.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Latest failure: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint in the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing needs doing: it passed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open audit log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open for more than ten minutes: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open latest failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the audit log on the Admin page and verify all of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the latest failure and correct its cause before anything is tried again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the latest failure and read its reason.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the mint: it says what it waits for, and what can be done about it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passed</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Retries do not help: %Ln in a row failed</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Row {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Since</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The audit log is not proved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The audit log was not proved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The mint has ended since.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The success rate is below 95 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The success rate was below 95 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>When this was noticed, {0} of the latest %Ln mints had ended with a token.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} and %Ln more</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{0} open · {1} passed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AnchorsDialog</name>
    <message>
        <source>An anchor writes the seal of the last row into the chain. From then on not even somebody who stole the key can change what was written before, unseen. Keep its transaction hash outside this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anchor now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anchoring…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anchors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anchors of the audit log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Block's time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an anchor, or paste the hash that you kept elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on a chain that was given up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting for a block</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AssetColumn</name>
    <message>
        <source>Application number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asset ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attribution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commercial use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creation date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Derivatives</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence expires on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revenue share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transferable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Web page</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AssetDetail</name>
    <message>
        <source>Accepted by node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Completed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metadata CID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint requested</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Web page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} gas</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{0} gas for %Ln tokens</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln confirmations · {1}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AssetField</name>
    <message>
        <source>Application or registration number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commercial use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Further field “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence ends on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May be adapted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May be passed on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name the creator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revenue share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Web page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>confidential</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AssetFilesPresenter</name>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The files of “{0}” cannot be changed any more.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AssetForm</name>
    <message>
        <source>Application or registration number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attachments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an enterprise.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created on *</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creator *</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard what you changed?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprise *</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Further fields</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep editing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legal status *</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name *</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of confidential files only the hash is published.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as a new asset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storing files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storing {0} · {1} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type *</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Web page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you typed can be saved as a new asset.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{0}” is used twice.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AssetFormPresenter</name>
    <message>
        <source>Edit asset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made after “{0}”; its files are not copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New asset</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AssetTable</name>
    <message>
        <source>Assets</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AssetTableModel</name>
    <message>
        <source>Changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AssetType</name>
    <message>
        <source>Copyright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Design</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Software</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trade secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trademark</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AttachmentList</name>
    <message>
        <source>Confidential: only its hash is published</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy CID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy SHA-256</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More about {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Public</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save {0} as…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Audit</name>
    <message numerus="yes">
        <source>%Ln rows are from before rows were sealed.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are sealed with a key that is gone.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln sealed rows are as they were written.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Block {1} shows the seal of row {0}, which the log does not have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {0} bears another seal than block {1} shows: the log was written anew since.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {0} bears the seal that block {1} shows: up to it nothing was changed since.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {0} cannot be judged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {0} has no seal although rows before it have one: it was put there past the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {0} is missing: it was removed past the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {0} is not what was sealed: it was changed, or put there, past the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {0} is sealed with another key. Programs that share a register must share its key folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain has no such transaction: it is not mined yet, or was sent on another chain.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key was missing and another one was made. Only rows from {0} on can be judged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last rows are missing: they were removed past the program. Noticed at row {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The note of the last row was missing. Whether rows behind {0} were removed cannot be told.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This transaction anchors no audit log.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AuditDetail</name>
    <message>
        <source>(nothing)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a row to see what it says in full.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row of the audit log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {0} · {1} · {2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none: from before rows were sealed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AuditInWindow</name>
    <message>
        <source>Audit log</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AuditModel</name>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AuditPresenter</name>
    <message numerus="yes">
        <source>%Ln rows were written to {0}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>A transaction hash is 0x and 64 hexadecimal digits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AGREES</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>BROKEN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DIFFERS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NOT VERIFIED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PROVES NOTHING</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {0} is anchored in block {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {0} is on its way into the chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SOUND</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The export was stopped; no file was written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log could not be verified.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The verification was stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verifying</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verifying: {0} of {1} rows</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AuditView</name>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows read, more below</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anchors of the audit log…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anchors…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the row in focus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+F find · Ctrl+C copy · F5 reload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything that is done here leaves a row. Look for less, or for another time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the audit log…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From YYYY-MM-DD</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NOT VERIFIED YET</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New rows are verified at every start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other work is under way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>People</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Person, action, id, value…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the audit log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the audit log for “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show every row</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the verification or the export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To YYYY-MM-DD</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify the audit log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the date as YYYY-MM-DD.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BackupReason</name>
    <message>
        <source>automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before a restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before an update of the register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>last of its day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>last of its week</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BackupsCard</name>
    <message numerus="yes">
        <source>%Ln earlier ones in the profile folder</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backups are shown to people who are signed in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No backup was made yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BackupsPresenter</name>
    <message>
        <source>Backup made and checked, {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The register was brought back; starting again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CardGrid</name>
    <message>
        <source>NFT cards</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CardPanel</name>
    <message>
        <source>Attachments · {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a card to see it in full and verify it on chain.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export CAR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minted metadata, image and public files as an IPFS archive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NFT card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No card is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture of {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChangePasswordDialog</name>
    <message>
        <source>Change the password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of the account of {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Present password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not the present password.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CheckPanel</name>
    <message numerus="yes">
        <source>%Ln new assets</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are left out: these assets are in the register already, or were deleted.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is imported until the file is without them. Correct it and choose it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the list…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The first %Ln are listed.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>These are the first rows as they were understood.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChipButton</name>
    <message>
        <source>Remove the filter {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>Not possible now.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>↑↓ choose · Enter do it · Esc close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ConfirmPanel</name>
    <message>
        <source>All to one recipient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assets to mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each to its own enterprise's wallet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimate again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipients</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the enterprise's wallet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is published…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was minted cannot be edited any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>for each unit of gas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} a token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} left out: minted already or being minted</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Confirmation</name>
    <message>
        <source>Recording the request…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting the environment…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ConflictDialog</name>
    <message>
        <source>Back to the form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed by both of you: {0}, marked. Decide whose value to take.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep all of mine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep mine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody saved it at {0}. What only one of you changed is merged already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take all of theirs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take theirs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theirs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This asset was changed meanwhile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: whose value to take</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CopyableText</name>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies the full text when pressed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CreateKeystoreDialog</name>
    <message numerus="yes">
        <source>%Ln characters: enough; longer is safer</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln characters: good</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln characters: strong, unless it can be guessed</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>A few unrelated words are easy to keep.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A new random key, encrypted with your password in a file only you can read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>At least %Ln characters: {0} more</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create a signing key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create the key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encrypting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a copy of this file now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Neither can be restored: keep a copy of the file, and the password, in a safe place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file will be written to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program signs with it from its next start on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same password again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without this file and its password nobody can mint from this account.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CustomFieldsEditor</name>
    <message>
        <source>Add field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1} · names up to {2}, values up to {3} characters</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DeletedDialog</name>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln assets for good? They cannot be restored.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete “{0}” for good? It cannot be restored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name or person…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recently deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restored assets are drafts with their files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is deleted on the Register page can be restored here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DeletionPresenter</name>
    <message numerus="yes">
        <source>%Ln assets deleted</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets restored</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take back the latest deletion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{0}” deleted</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DetailPanel</name>
    <message>
        <source>Asset details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attachments · {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint history</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture of {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to draft…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select an asset to see all about it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Watch progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is published…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>Browse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide what stands here</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EnterpriseForm</name>
    <message>
        <source>0x and 40 hexadecimal digits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A new wallet receives what is minted from now on; tokens that exist stay where they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add an enterprise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address of the wallet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It owns assets, and their tokens are minted to its wallet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the wallet is called</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EnterprisesPresenter</name>
    <message>
        <source>{0} was added</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EnterprisesTab</name>
    <message>
        <source>Add an enterprise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add enterprise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter edit · Ctrl+N add · Ctrl+F find · click an address to copy it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every asset belongs to an enterprise, and its token goes to that enterprise's wallet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Members</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name, wallet, member…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no enterprise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wallet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} (closed)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} people</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EnvironmentCommands</name>
    <message>
        <source>Back up the register now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No node is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is starting.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart the node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulate a crash of the node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start a new chain…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start or restart everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start with the program, or not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain is not lost.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EnvironmentPresenter</name>
    <message>
        <source>A local Ethereum chain on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocks of metadata, images and attachments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brings every unfinished mint to its end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chain node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Content store</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contract</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Database</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Demonstration data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each stage is checked; what still stands is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environment ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Identity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is this the chain the register knows?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node, Hardhat, disk space and port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is half done: starting again is safe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One click starts node, database, content store, contract and demonstration data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open, check and bring up to date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preflight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading goes on. Restore replays the recorded blocks; a new chain begins empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading goes on. What to do stands under the stage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Real assets to look at and to mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recovery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start everything restores the chain from its journal.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The NFT contract, deployed and verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The node has ended by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The node was ended without warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Took {0} · started {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to do stands under the stage; the stages before it are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing is frozen: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} did not succeed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EnvironmentView</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything the program stands on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the old one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the stage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start a new chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start a new chain…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start with the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens of the old chain count as vanished; their assets become drafts again. All files stay.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>All that match, more than %Ln assets, in the order of the list.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Custom fields</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export assets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The %Ln assets in view, in the order of the list.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Writing the file…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExportPresenter</name>
    <message numerus="yes">
        <source>%Ln assets exported to {0}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>There is nothing in view to export.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Faces</name>
    <message>
        <source>Every mint and every batch stands here, from the request to the receipt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for less, for something else, or for another state or time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for less, or for something else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mints and batches are shown to people who are signed in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New asset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No asset matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No mint matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was minted yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patents, trademarks, works and designs stand here, ready to be minted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start it to open the register of assets, to mint them and to look at their tokens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start it to see every mint and batch: what runs, what waits, what failed and what came of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The environment is not running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The register is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The register shows its assets to people who are signed in.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FailurePanel</name>
    <message>
        <source>Change and mint again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to draft</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to draft…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain is asked first; where a token exists nothing changes. The reason is kept for good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why is it reset to a draft?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FileDialogs</name>
    <message>
        <source>Save file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilePreviewDialog</name>
    <message>
        <source>Access</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First lines of {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It says to be of this kind, but cannot be shown: it may be damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Media type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page 1 of {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview of {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>confidential</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>confidential: stored encrypted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>public</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilePreviewPresenter</name>
    <message>
        <source>Files of this kind have no preview. Save it to open it elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It takes too long to draw.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger than {0}: too large for a preview.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilesEditor</name>
    <message>
        <source>Add files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidential</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move {0} up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several at once, or drop them here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two files are called {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>copying {0} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is confidential</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is listed already.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Filter</name>
    <message>
        <source>Enterprise: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legal status: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Clear all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Narrow the list (Ctrl+Shift+F)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing saved yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save or change filters…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved filters</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilterPopup</name>
    <message>
        <source>Clear all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legal status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing ticked means all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilterPresenter</name>
    <message>
        <source>Now listed: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all assets</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FirstAdminDialog</name>
    <message>
        <source>Create the account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It stays: the audit log names it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody can sign in to this register yet. This account may do everything; it adds the others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shown as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signs in as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first administrator</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FormDialog</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard what you entered?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep editing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GalleryCard</name>
    <message numerus="yes">
        <source>All %Ln facts agree · {0}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Contract</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas / fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mined at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minted to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No revenue share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Royalty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suspended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valid</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>for %Ln tokens</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>on every sale (ERC-2981)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln facts differ · {1}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{0} revenue share</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GalleryCommands</name>
    <message>
        <source>Choose an NFT first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No NFT is listed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reload the gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the NFT {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GalleryPresenter</name>
    <message>
        <source>{0} saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} saved, {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <source>By name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every asset you mint gets its card here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for less, or for something else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NFT gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No NFT matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No NFTs yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search name, number, creator…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start it to see your NFTs and to verify them on the chain.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The environment is not running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The gallery shows its NFTs to people who are signed in.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GroupBar</name>
    <message>
        <source>State of the mints in view</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HoldPanel</name>
    <message>
        <source>Pay up to {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock key</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImagePicker</name>
    <message>
        <source>Choose picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose picture…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PNG, JPEG, SVG… or drop one here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.svg);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove picture</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Import %Ln assets</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Import assets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the file…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImportPresenter</name>
    <message>
        <source>Checking the rows…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spreadsheets (*.csv *.tsv *.txt *.xlsx);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storing the assets…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>problems.csv</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobActions</name>
    <message>
        <source>Open card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open in the register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Watch progress</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobDecisions</name>
    <message numerus="yes">
        <source>%Ln mints are tried again</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are tried again, {0} could not be: {1}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Cancellation sent; the chain decides</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint cancelled; no token exists</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No failed mint in view can be tried again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retrying: {0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The mint is tried again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobDetail</name>
    <message numerus="yes">
        <source>%Ln enterprises</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Accepted by node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An administrator resets it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asked by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attempt {0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancellation signed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct it, then mint again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas was spent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes on once that has passed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metadata CID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint it again from the register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No gas spent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nonce</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None: it goes on by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None: it is done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None: its assets went on without it</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>One transaction · %Ln assets</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Recipient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requested</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry: the chain is asked first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mined · {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, attempt {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>· {0} a token</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobModel</name>
    <message>
        <source>Asked by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requested</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobPanel</name>
    <message>
        <source>Assets of the batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assets · {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a mint to see all about it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobTable</name>
    <message>
        <source>Mints and batches</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeyCard</name>
    <message>
        <source>Another signing key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the demonstration key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create a new key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Demonstration key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock the signing key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signing account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signing key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the environment first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock the signing key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlocked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a keystore file…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeyLines</name>
    <message>
        <source>Close; what was typed is asked about first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the line in focus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do what the dialog is for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the search field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a dialog</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the focus; with Shift select as well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the button, tick the box, copy the value in focus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore, or apply, the line in focus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save a form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the next control, and back</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeyPresenter</name>
    <message>
        <source>Demonstration key of the local chain. Everybody knows it; it signs nowhere else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Locks after {0} min without a signature.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mints wait until it is unlocked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program signs with the demonstration key from its next start on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program signs with this keystore from its next start on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a keystore file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key, action, page…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The command palette finds every action by its name, also those without keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KuboCard</name>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also as /ip4/127.0.0.1/tcp/5001</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check what is on IPFS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export CAR of everything…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPFS node (Kubo)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More about publishing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No IPFS node is set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other work is under way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peer id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Public content stays in this register. A node would keep it for others to fetch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Publish all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Publish everything to IPFS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Publish what is minted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set the address…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in to see what is published.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use no IPFS node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waits: {0}. It goes on by itself.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KuboPresenter</name>
    <message numerus="yes">
        <source>%Ln addresses asked for</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses go out to the IPFS node</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets looked at</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Everything is published or on its way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The IPFS node has all %Ln addresses</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The IPFS node lacks {0} of %Ln addresses; Publish all brings them back.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Working…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>local</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>local + Kubo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>local + Kubo, {0} to come</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>local, Kubo away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} saved, {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} written</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LegalStatus</name>
    <message>
        <source>Disputed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unregistered</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Licence</name>
    <message>
        <source>commercial use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>may be adapted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>may be passed on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name the creator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no adaptations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no commercial use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stays with the first owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} revenue share</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LicenceEditor</name>
    <message>
        <source>Commercial use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ends on (empty: never)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May be adapted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May be passed on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name the creator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revenue share in %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a share from 0 to 100, with two decimals at most.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the date as YYYY-MM-DD.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LicenceSummaryView</name>
    <message>
        <source>In Chinese · 中文</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In English</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LogCard</name>
    <message>
        <source>Copy the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainMenu</name>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MappingPanel</name>
    <message>
        <source>(no name)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More than one column is read as: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Still needed: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What column {0} is read as</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Measure</name>
    <message>
        <source>{0} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MetadataDialog</name>
    <message numerus="yes">
        <source>%Ln bytes</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Asset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidential, only the hash is published:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies the metadata as it is stored, without the layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minting now would publish this, byte for byte. After that it cannot be changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture in the metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Public, anybody can fetch it:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Schema</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The metadata that the token was minted with, byte for byte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token URI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is published</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>version {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MetadataPreviewPresenter</name>
    <message>
        <source>Saved {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MintActions</name>
    <message>
        <source>Cancel mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to draft…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MintContext</name>
    <message numerus="yes">
        <source>Mint %Ln NFTs</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Mint NFT – {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The environment is not started.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MintControlPresenter</name>
    <message>
        <source>Cancellation sent; the chain decides</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint cancelled; nothing was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to a draft</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no mint of this asset is open</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MintDialog</name>
    <message numerus="yes">
        <source>%Ln attempts failed; an administrator goes on</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln enterprises</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens minted in one transaction</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancellation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled · no token exists</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled · no tokens exist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the cause first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas spent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Given up; it is not tried again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LOCAL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metadata CID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not a wallet of the enterprise · check it twice, a token cannot be called back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not minted · no token exists</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>One transaction · %Ln assets</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded; nothing is lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Safe to retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain mined the cancellation in place of the mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain on this computer; its coins are worth nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The mint was faster: %Ln tokens exist</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The mint was faster: the token exists</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yes · {0} gas, {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>against single mints of {0} gas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one of {0} signed under number {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>took {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} · wallet of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} · {1} a token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MintHistory</name>
    <message>
        <source>An administrator resets it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attempt {0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct it, then mint again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas spent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas was spent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last attempt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No gas spent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None: it goes on by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry: the chain is asked first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Safe to retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yes · {0} gas, {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MintHold</name>
    <message>
        <source>Mined; the confirmations are counted on as soon as the node answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needed now: {0}; your cap: {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not confirmed for 10 minutes; still being watched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was sent; it goes on by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed; being sent again with the same bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed; what the chain says is recorded as soon as the register can be written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for a free number of the signing account.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for free disk space.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for lower prices.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the content store.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the node.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the register's database.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the signing account.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the signing key to be unlocked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting until the contract is resumed.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MintNotices</name>
    <message numerus="yes">
        <source>%Ln assets minted</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints failed</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints were cancelled; no tokens exist</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Open card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The mint was faster than its cancellation; the token exists</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MintStages</name>
    <message numerus="yes">
        <source>%Ln transactions sent</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirmed {0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirming</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finalizing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metadata {0} stored and verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mined in #{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mined in block #{0} · confirmations {1} of {2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mined, then confirmed by more blocks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Record token, gas and block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded · waiting for its turn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign, write to the journal, then send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed and journalled · nonce {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storing the metadata and reading it back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Submitting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token, block and {0} gas recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for a block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the block that holds the mint or its cancellation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>node accepted {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>simulation passed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NewPassword</name>
    <message>
        <source>At least {0} characters; a few unrelated words are easy to keep.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same password again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NodeCard</name>
    <message>
        <source>Accounts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ends the node without warning, as a power cut would</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No node is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RPC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reconnect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulate crash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} MB</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>A backup is being made; try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the dialog “{0}” first: what stands in it would be lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain node ended. Start everything restores it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile is the folder {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PasswordField</name>
    <message>
        <source>Hide the password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>People</name>
    <message>
        <source>Administrator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything, for every enterprise: people, chain, keys and backups too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Operator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reads and exports; changes nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registers and mints the assets of the enterprises chosen below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PeopleInWindow</name>
    <message>
        <source>Addresses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>People</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PeoplePresenter</name>
    <message>
        <source>The account of {0} is open again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The account of {0} was closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} can sign in again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} has a new password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} was added</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PeopleTab</name>
    <message>
        <source>Add a person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CLOSED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DEMONSTRATION</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter edit · Ctrl+N add · Ctrl+F find · F5 reload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everybody who works with this register signs in with an own name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LOCKED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last sign-in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name, role, enterprise…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody has an account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OPEN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>People</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reopen account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set password…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signs in as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Phrase</name>
    <message>
        <source>"{column}" of entry {row} is no text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All libraries can be loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another program holds the profile; the system does not name it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close programs that you do not need.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close them to others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contract, fonts, icons, translations and migrations are there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies all of this as plain text, for whoever helps.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies of a damaged register are kept until somebody has looked at them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies the register into the folder backups and reads the copy through.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Demonstration assets: {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploying IPAssetNFT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disk space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End it; until then the node uses another port.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End {name}, PID {pids}? It is a node that this program started; the program is gone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files and folders left over: {count}, {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files of the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that are missing or cannot be read: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free some space on this volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give yourself the right to write there, or open another profile with --profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gives settings.json another name; the next start uses the defaults.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hardhat {found} is used; 3 is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hardhat {version} at {rpc_url}, PID {pid}, chain {chain_id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Holder of the profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPAssetNFT at {address}, code verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPNFT Desktop {program}, Python {python}, Qt {qt}, Node {node}, Hardhat {hardhat}, SQLite {sqlite}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install them again; what is not on this computer is fetched over the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Installed. Close the program and start it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Installs what the lock files name; without a network it may not succeed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instance {instance} restored: {blocks} blocks, {transactions} transactions, hashes equal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instance {instance} unchanged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It could not be looked at: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps port {port} as the setting node_port; the next start uses it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys that others on this computer may read: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leftovers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the firewall or the protection software allow connections to 127.0.0.1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lets only their owner read these; files and folders: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lets this program have {wanted} files open until it ends.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Local blocks: {count} CIDs, {megabytes} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make one now; it is also made by itself while you work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mend the value, or go on with the defaults.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New chain; the contract comes next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No answer within {seconds} s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No mint was left open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No node of an earlier run is left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No program holds the profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node and Hardhat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node and Hardhat are installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node and Hardhat are there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node of others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node {found} is used; 24 is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nodes left behind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nodes of an earlier run still work, although their program is gone: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is left over from earlier runs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Old backups removed, {size} freed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only their owner can read the keys now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only their owner can read the keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only {limit} files may be open at once; {needed} are needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it with the newer version of the program that wrote it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open mints taken up: {count}, settled: {settled}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open mints taken up: {count}, settled: {settled}, taken back by the chain: {reopened}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open mints to follow: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Our own node answers at port {ours}; port {port} is free again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Our own node answers at port {port}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port of the node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port {port} is free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port {port} is held by a node that this program left behind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port {port} is used by a program that the system does not name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port {port} is used by {name}, PID {pid}, user {user}: {command}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processes ended: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Programs on this computer do not reach each other over 127.0.0.1: {problem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Programs on this computer reach each other over 127.0.0.1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the program's folder in place anew. Your register is elsewhere and stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Python libraries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Python {found} is used; 3.11, 3.12 or 3.13 is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Qt {found} is used; 6.11 is needed: others crash after some time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise it for this run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise the limit, for good with ulimit -n {wanted} where the program is started.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register {register}, content {content}, backups {backups}, log {logs}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove damaged copies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove for good, {size}? {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove leftovers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove old backups, {count} of {size} together? The last of each day and week stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removed, {size} freed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart everything: the newest backup that verifies takes its place, the damaged file is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restoring the chain: block {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revision {revision}, {size}, every page looked at.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revision {revision}, {size}; the next start brings it to {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revision {revision}, {size}; too large to look at every page in passing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQLite {found} is used; 3.35 with full-text search is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set the clock of this computer, or let it be set over the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows the profile folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start that node, mend the way to it, or empty the setting rpc_url to use a node of your own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the program with start.py, which keeps to the versions it was made for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting the node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the right from them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Talk on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backup was made and checked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain node cannot be started: {problem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clock says {now}, but the register has a record of {newest}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clock says {now}, which cannot be.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The latest backup could not be made: {code}, {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The newest is {days} days old, {size}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The newest is {hours} h old, {size}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next start of the node uses port {port}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The node uses any free port instead. For an address that stays, end that program or choose a port.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The old settings are kept as {name}; start the program again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The process does not end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The register is damaged: {damage}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The register is of revision {revision}; this program knows {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The register is on a server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server's administrator keeps them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings can be read and used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings cannot be used: {problem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no backup of this register.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no limit to open files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no register yet; the first start makes it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing to back up yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These libraries cannot be loaded: {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They come with the program: get its folder anew. Your register is elsewhere and stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They hold memory and perhaps the port; nothing uses them any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thin the backups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This program holds the profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use port {port}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the defaults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Versions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work in its window, or close it there; one program at a time writes a register.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a later mint or a new chain took the place of this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a mint of this asset is open already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a mint of this enterprise is under way; its name is in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a sheet has 1,048,576 rows, 16,384 columns and 32,767 characters a cell at most; export fewer assets, or as CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a signed transaction of ours holds this nonce</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a token was there a moment ago and is not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a transaction hash is 0x and 64 hexadecimal digits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a transaction of this mint is mined already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>above 100 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an address looks like http://127.0.0.1:5001 or /ip4/127.0.0.1/tcp/5001</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an archive holds at most {most} addresses, these are {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an asset of the file was added meanwhile; check the file again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an asset of the mint cannot become {target}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an asset of this request is not in the register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an enterprise of the file was removed; check the file again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program bound this register to a new chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program has it open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program sends from {signer}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program works on this register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>backup of revision {revision}, this program knows {head}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>block {number} came out with another hash than recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>block {number} was replaced by another</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>chain id, code or instance differs from the register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>disconnected meanwhile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>entry {row} is no object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>good</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it belongs to an enterprise you are no member of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it ended with code {code}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it had a token on a former chain; that record is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it was signed meanwhile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more than one column is read as: {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more than {most} addresses; split the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no address is set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no block of ours ended this mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no column is read as: {missing}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no contract is in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no contract is recorded for this register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no contract of ours there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no event of ours for asset {asset_id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no metadata address is named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no metadata directory is named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no node is connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no owner is shown yet for asset {asset_id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no readable answer to {function}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no row of the audit log is sealed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nobody works on this job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nonce {nonce} was used by {tx_hash}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not 0x and 40 hexadecimal digits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing is minted that could be exported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing is sent before the environment is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one of several mints cannot take this step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only a signed mint that is not mined can be replaced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only what is minted is published</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paid to the zero address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>port 8545</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>revision {revision}, this program knows {head}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>row {row} is not right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>set contract_address, or allow_deployment to deploy one on this network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the anchor would cost more than max_fee_eth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the asset changed after its content was frozen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the asset is {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the backup needs {needed} MB, {free} MB are free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the call needs {needed} gas, above the limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the chain does not tell all of a token that it holds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the chain has a token of this asset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the chain has it already, or the mint has ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the chain has not mined the cancellation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the column "{column}" is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the content store was closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the contract is gone from the chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the contract is gone, and this chain is not ours to restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the contract of this register stands on its chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the demonstration user has no password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the deployment {tx_hash} is signed and not mined yet; the next start goes on with it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the environment is not started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is a database, but not of this program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is damaged: {finding}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is larger than {most} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file name {name} is not valid Unicode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the journal does not lead back to the recorded chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the journal has no block {first}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the keystore was not written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the mint has ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the mint is {stage}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the mint {job_id} has another worker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the next address serves another chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node answered with HTTP status {status}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node answered {method} with an error: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node holds a block {number} that this register never recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node process ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node shows no mint event of {asset_id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node shows no receipt for it yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node's answer to {what} could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the open workspace and the profile itself cannot be deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the profile folder: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the register does not know this mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the register has this token already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the register is not open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the signing key is locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the start was cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the token that exists is not confirmed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the token was minted by another program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the transaction deployed nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the transaction is signed already, or the mint has ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are more than {most} rows; split the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no address in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no backup {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no demonstration user here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no failed mint to retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no row below the header</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no row in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no such account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no such mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this asset has no token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this file tells its account only after it is unlocked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is no JSON in UTF-8: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is no list of addresses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is the zero address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this key is published with Hardhat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this node is not ours to end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this register has an administrator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this request was recorded already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to look at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>until {until} UTC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wider than 128 bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wrong checksum: a character may be mistyped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{available} of {total} are available.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{available} of {total} are available; the program and its node need {needed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{balance} wei &lt; {needed} wei</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} assets, {enterprises} enterprises</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} files are too many for one directory; use smaller batches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{database}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file_name} is not what was attached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} holds no key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} was removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} can be written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} cannot be written: {problem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{free} MB free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{free} of {total} are free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{free} of {total} are free; a backup and an update of this register need {needed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{limit} files may be open at once now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{limit} files may be open at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} cannot be the name of a file in a directory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} cannot be written: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} changed while it was read; add it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is not a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was not written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, PID {pid}, user {user}, holds the profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, PID {pid}, user {user}: {command}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: the asset is {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{needed} wei &gt; {cap} wei</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{now}, {zone}; no record is later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{role} may not {permission}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{versions} · {free} GB free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{version} at {rpc_url}, chain {chain_id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} is not installed; {hint}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} · tokens found on the chain and taken into the register: {adopted}, nonce gaps filled: {filled}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{where} takes connections.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{where} takes no connection: {problem}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProblemKind</name>
    <message>
        <source>A shared register needs a shared network: set the address of the node first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At least {limit} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At most {limit} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At most {limit} entries.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one of the listed values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contains control or direction characters that could mislead a reader.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Must be from {limit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Must not be the name that signs in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No enterprise has this name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {limit} has the same id.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several enterprises have this name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The date lies in the future.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be read: {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file changed or went away while it was read; add it again: {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is empty: {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file name holds control or direction characters that could mislead a reader: {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file name is longer than 255 characters: {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The header has no name for this cell.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The shared register needs a shared network: clear the address of the register first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The two entries differ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a file in its place: {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such file: {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This field is required.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a folder or link, not a file: {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no id of an asset.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is taken already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write 0x and 40 hexadecimal digits with a correct checksum; not the zero address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a web address such as https://example.org/page; other letters than ASCII as %-codes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a whole number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write an address such as http://127.0.0.1:5001 or /ip4/127.0.0.1/tcp/5001.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write an address such as http://127.0.0.1:8545; it begins with http:// or https://.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write one of: {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write postgresql+psycopg://user:password@host/database.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the date as YYYY-MM-DD.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the share in percent with its sign, such as 2.5%.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write yes or no.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are no member of this enterprise.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Program</name>
    <message>
        <source>A setting cannot be used: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Activity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Admin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The translation {0} is missing.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProgressPanel</name>
    <message>
        <source>Attempt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closing this window does not stop the mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Elapsed {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep minting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not in a block yet; a higher fee may help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offering a higher fee…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run in background</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the cancellation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signs the same mint under the same number with a higher fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain decides: a cancellation is sent under the same number; if the mint is mined first, the token exists.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too late: the chain has decided already</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PublicationPanel</name>
    <message>
        <source>Check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On IPFS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Publish</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Publish again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PublicationPresenter</name>
    <message>
        <source>The IPFS node has all {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The IPFS node lacks {0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Publications</name>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is minted yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Published</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} only here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} published</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} waiting</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Menu (F10)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReasonForm</name>
    <message>
        <source>Ctrl+Enter</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecordTab</name>
    <message numerus="yes">
        <source>%Ln entries</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Back to the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for less, or for something else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No line is in focus.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln entries</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecordTable</name>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the line in focus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No line is in focus.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the line in focus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the line in focus</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RegisterCommands</name>
    <message>
        <source>Copy asset id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy token id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export what is in view…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the search back to the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import from a spreadsheet…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has no token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Narrow the list by type, owner, day…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing narrows the list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing selected can be deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing selected can be minted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save or change filters…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the register for “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select an asset first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show every asset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the environment first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The asset's state does not allow it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RegisterPresenter</name>
    <message numerus="yes">
        <source>%Ln rows copied</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing selected here can be minted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Select at most %Ln assets for this.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RegisterView</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln matches</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>All states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln assets? They can be restored.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Import, export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Intellectual-property assets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep minting</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Mint %Ln NFTs</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Mint NFT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New asset</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>One transaction mints %Ln assets; all of them are cancelled.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Recently deleted…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search everything…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain decides: a cancellation is sent under the same number; if the mint is mined first, the token exists.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words of name, number, creator or description; “in quotes” what belongs together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>counting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>first {0} of more than %Ln matches</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{0} · {1} selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>↑↓ browse · Enter open · M mint · R retry · X cancel · Ctrl+F find · Ctrl+N new</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ResetDialog</name>
    <message>
        <source>Its attempts count anew and it can be edited again. The chain is asked first: where a token exists, nothing is changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept in the audit log for good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason *</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to draft</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset “{0}” to a draft</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RestoreDialog</name>
    <message numerus="yes">
        <source>%Ln become what they were</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln come back</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln disappear</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines of the audit log are only in the backup made now.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are not in the backup.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are taken up where the backup has them.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens stay on the chain; the start behind the restore takes them in again.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring back the register of {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing it with the present register…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enterprises</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the present register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last change of the register: {0}. Last change in the backup: {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mints and tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>People</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore the backup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restoring…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backup holds the very same; a restore would change nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The environment stops and starts again; the present register is kept as a backup. Everybody signs in anew. {0}, checked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What would change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What would change cannot be told.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SavedFiltersDialog</name>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gives the chosen filter the name that is written above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing saved yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved filters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same name again replaces what it held.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>{0} {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SetPasswordForm</name>
    <message>
        <source>For {0}. The old one ends at once; tell the new one in person.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set a password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set the password</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Setting</name>
    <message>
        <source>A PostgreSQL database that several operators share, together with a network they share. Empty keeps the register in a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A node that runs already, such as http://127.0.0.1:8545. Empty starts a local one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours of the window. Ctrl+Shift+L changes them too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns of the Register page by name, separated by spaces; empty shows the usual ones.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploy, and pay for, a contract where the network is not local and none is named.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill an empty register with thirty demonstration assets. Only with a node and a register file of the program's own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder in workspaces/ of the workspace that is opened at the start; empty is the profile itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Further nodes of the same network, separated by spaces, asked when the first one does not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hand the public files of an asset to the IPFS node as soon as it is minted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long nothing may be signed before the key asks for its password again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long one answer of the node may take before it counts as unreachable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long the first answer of the node may take before the start counts as failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many blocks below its head a network of others is not asked again about a finished mint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many blocks must show a mint before it counts. 6 lets an audience see it count.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How often the local node mines a block while a mint waits for more than one confirmation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In which language the window speaks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No transaction may offer more in total unless it was allowed to for that one mint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the environment by itself as soon as the program starts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The IPAssetNFT contract to use on that network. Empty keeps or deploys one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain that node must serve; any other is refused. 0 takes whichever it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The encrypted file (version 3) that signs. Empty uses the demonstration key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The node that keeps public content for others: http://127.0.0.1:5001 or /ip4/127.0.0.1/tcp/5001. Empty publishes nowhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What a newly deployed contract asks of a resale; 100 basis points are 1 %.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the keys lie that encrypt confidential files and seal the audit log. Empty is keys in the profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the local chain node listens on this computer; another port if it is taken.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Next start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The environment variable {0} decides. Start the program without it to choose here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>default: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>holds at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>holds from the next start on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingTexts</name>
    <message>
        <source>{0} to {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsCommands</name>
    <message>
        <source>Export settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing waits for a restart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what was changed, or everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the profile folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset all settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsPresenter</name>
    <message numerus="yes">
        <source>%n change(s) hold from the next start of the environment.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) have their default again.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) taken from {0}.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) written to {0}.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Everything is already as {0} has it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything that you may change has its default.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Give %n setting(s) their default again? Those a variable decides stay.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Import settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out, for they hold a secret: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody can sign in yet, so whoever works at this computer may choose.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What others depend on can be looked at only. {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} has its default again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsView</name>
    <message>
        <source>Changed only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More about settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No setting matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart the environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search looks in titles, sentences and names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the program does is yours to choose</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Sheets</name>
    <message>
        <source>CSV: opens in every spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Custom field “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON: for other programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stands there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>XLSX: a workbook of Excel</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SignInDialog</name>
    <message>
        <source>Go on as the demonstration user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name and password do not belong together. After five wrong passwords in a row it is locked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too many wrong passwords. Try again in {0}, or ask an administrator to unlock it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without signing in nothing of the register can be seen.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SignInPresenter</name>
    <message>
        <source>Change the password…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody is signed in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in (start the environment first)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in as somebody else…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed in as {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the environment first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The demonstration user has no password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The password was changed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SignedOut</name>
    <message>
        <source>Nobody is signed in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusFeed</name>
    <message>
        <source>LOCAL CHAIN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PUBLIC CHAIN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>WRITING BLOCKED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>local</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message numerus="yes">
        <source>%Ln open alerts</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Content</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Database</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No open alerts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queue</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SuccessPanel</name>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minted tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded in the register and on the chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token id</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TabPresenter</name>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TransactionsPanel</name>
    <message numerus="yes">
        <source>%Ln transactions signed under number {0}; the chain mines one of them.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Cancellation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mint, higher fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sped up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chain has decided</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} · mined</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>UnlockDialog</name>
    <message>
        <source>Account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mints that wait for it go on by themselves. Without a signature it locks after {0} min.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password of the keystore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This password does not open the keystore.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>This password does not open the keystore. %Ln attempts are left before it locks for a while.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Too many wrong passwords. Try again in {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock the signing key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlocking…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>UserForm</name>
    <message>
        <source>Acts for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the account of {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It stays: the audit log names it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shown as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signs in as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who signs in, and what they may do.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>VerifyTable</name>
    <message>
        <source>Block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chain, content</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token URI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Validity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verification</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>content store</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1} agrees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1} differs</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WindowCommands</name>
    <message>
        <source>Find a command…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WorkLine</name>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_BackupRow</name>
    <message>
        <source>Restore the backup of {0}, {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>checked</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_Boxes</name>
    <message>
        <source>Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find: {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_Days</name>
    <message>
        <source>Before the first day.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the date as YYYY-MM-DD.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>YYYY-MM-DD</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_DonePanel</name>
    <message numerus="yes">
        <source>%Ln assets imported</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Import in the audit log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are drafts: look at them, then mint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>They are drafts: look at them, then mint. %Ln rows were left out.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Line</name>
    <message>
        <source>Move up (Alt+Up)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value of the field</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_Toast</name>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
