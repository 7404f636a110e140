<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="en_GB">
<context>
    <name>AccountsTab</name>
    <message numerus="yes">
        <source>%Ln accounts</source>
        <translation>
            <numerusform>%Ln account</numerusform>
            <numerusform>%Ln accounts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ActivityPresenter</name>
    <message numerus="yes">
        <source>%Ln mints were written to {0}</source>
        <translation>
            <numerusform>%Ln mint was written to {0}</numerusform>
            <numerusform>%Ln mints were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ActivityView</name>
    <message numerus="yes">
        <source>%Ln mints</source>
        <translation>
            <numerusform>%Ln mint</numerusform>
            <numerusform>%Ln mints</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints read, more below</source>
        <translation>
            <numerusform>%Ln mint read, more below</numerusform>
            <numerusform>%Ln mints read, more below</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>One transaction mints %Ln assets; all of them are cancelled.</source>
        <translation>
            <numerusform>One transaction mints %Ln asset; it is cancelled.</numerusform>
            <numerusform>One transaction mints %Ln assets; all of them are cancelled.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Retry %Ln failed</source>
        <translation>
            <numerusform>Retry %Ln failed</numerusform>
            <numerusform>Retry %Ln failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Retry %Ln failed mints? Each of them gets another attempt.</source>
        <translation>
            <numerusform>Retry the one failed mint in view? It gets another attempt.</numerusform>
            <numerusform>Retry %Ln failed mints? Each of them gets another attempt.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AddressesPresenter</name>
    <message numerus="yes">
        <source>%Ln addresses taken in</source>
        <translation>
            <numerusform>%Ln address taken in</numerusform>
            <numerusform>%Ln addresses taken in</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses written to {0}</source>
        <translation>
            <numerusform>%Ln address written to {0}</numerusform>
            <numerusform>%Ln addresses written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Alerts</name>
    <message numerus="yes">
        <source>%Ln findings</source>
        <translation>
            <numerusform>%Ln finding</numerusform>
            <numerusform>%Ln findings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are open for more than ten minutes</source>
        <translation>
            <numerusform>%Ln mint is open for more than ten minutes</numerusform>
            <numerusform>%Ln mints are open for more than ten minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln retries in a row failed</source>
        <translation>
            <numerusform>%Ln retry failed</numerusform>
            <numerusform>%Ln retries in a row failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It is recorded and sent, and no block takes it: it may offer too little. What has a later nonce waits with it, mints too. When this was noticed, %Ln transactions waited behind it.</source>
        <translation>
            <numerusform>It is recorded and sent, and no block takes it: it may offer too little. What has a later nonce waits with it, mints too. When this was noticed, %Ln transaction waited behind it.</numerusform>
            <numerusform>It is recorded and sent, and no block takes it: it may offer too little. What has a later nonce waits with it, mints too. When this was noticed, %Ln transactions waited behind it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Retries do not help: %Ln in a row failed</source>
        <translation>
            <numerusform>Retries do not help: %Ln failed</numerusform>
            <numerusform>Retries do not help: %Ln in a row failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>When this was noticed, {0} of the latest %Ln mints had ended with a token.</source>
        <translation>
            <numerusform>When this was noticed, {0} of the latest %Ln mint had ended with a token.</numerusform>
            <numerusform>When this was noticed, {0} of the latest %Ln mints had ended with a token.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} and %Ln more</source>
        <translation>
            <numerusform>{0} and %Ln more</numerusform>
            <numerusform>{0} and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AssetDetail</name>
    <message numerus="yes">
        <source>{0} gas for %Ln tokens</source>
        <translation>
            <numerusform>{0} gas for %Ln token</numerusform>
            <numerusform>{0} gas for %Ln tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln confirmations · {1}</source>
        <translation>
            <numerusform>{0} of %Ln confirmation · {1}</numerusform>
            <numerusform>{0} of %Ln confirmations · {1}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Audit</name>
    <message numerus="yes">
        <source>%Ln rows are from before rows were sealed.</source>
        <translation>
            <numerusform>%Ln row is from before rows were sealed.</numerusform>
            <numerusform>%Ln rows are from before rows were sealed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are sealed with a key that is gone.</source>
        <translation>
            <numerusform>%Ln row is sealed with a key that is gone.</numerusform>
            <numerusform>%Ln rows are sealed with a key that is gone.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln sealed rows are as they were written.</source>
        <translation>
            <numerusform>The one sealed row is as it was written.</numerusform>
            <numerusform>All %Ln sealed rows are as they were written.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AuditPresenter</name>
    <message numerus="yes">
        <source>%Ln rows were written to {0}</source>
        <translation>
            <numerusform>%Ln row was written to {0}</numerusform>
            <numerusform>%Ln rows were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AuditView</name>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows read, more below</source>
        <translation>
            <numerusform>%Ln row read, more below</numerusform>
            <numerusform>%Ln rows read, more below</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BackupsCard</name>
    <message numerus="yes">
        <source>%Ln earlier ones in the profile folder</source>
        <translation>
            <numerusform>%Ln earlier one in the profile folder</numerusform>
            <numerusform>%Ln earlier ones in the profile folder</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchPresenter</name>
    <message numerus="yes">
        <source>%Ln rows copied</source>
        <translation>
            <numerusform>%Ln row copied</numerusform>
            <numerusform>%Ln rows copied</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>More than %Ln assets cannot be ticked at once.</source>
        <translation>
            <numerusform>More than %Ln asset cannot be ticked at once.</numerusform>
            <numerusform>More than %Ln assets cannot be ticked at once.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchView</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln asset</numerusform>
            <numerusform>%Ln assets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Mint %Ln assets</source>
        <translation>
            <numerusform>Mint %Ln asset</numerusform>
            <numerusform>Mint %Ln assets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>first {0} of more than %Ln matches</source>
        <translation>
            <numerusform>first {0} of more than %Ln match</numerusform>
            <numerusform>first {0} of more than %Ln matches</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BlockPanel</name>
    <message numerus="yes">
        <source>From block {0} to block {1}: %Ln transactions.</source>
        <translation>
            <numerusform>From block {0} to block {1}: %Ln transaction.</numerusform>
            <numerusform>From block {0} to block {1}: %Ln transactions.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Only the first %Ln were looked at.</source>
        <translation>
            <numerusform>Only the first one was looked at.</numerusform>
            <numerusform>Only the first %Ln were looked at.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BlocksPresenter</name>
    <message numerus="yes">
        <source>%Ln blocks were written to {0}</source>
        <translation>
            <numerusform>%Ln block was written to {0}</numerusform>
            <numerusform>%Ln blocks were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BlocksTab</name>
    <message numerus="yes">
        <source>%Ln blocks</source>
        <translation>
            <numerusform>%Ln block</numerusform>
            <numerusform>%Ln blocks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln blocks read</source>
        <translation>
            <numerusform>%Ln block read</numerusform>
            <numerusform>%Ln blocks read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CallsPresenter</name>
    <message numerus="yes">
        <source>%Ln calls were written to {0}</source>
        <translation>
            <numerusform>%Ln call was written to {0}</numerusform>
            <numerusform>%Ln calls were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CallsTab</name>
    <message numerus="yes">
        <source>%Ln calls</source>
        <translation>
            <numerusform>%Ln call</numerusform>
            <numerusform>%Ln calls</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CertificatePanel</name>
    <message numerus="yes">
        <source>%Ln earlier ones</source>
        <translation>
            <numerusform>%Ln earlier one</numerusform>
            <numerusform>%Ln earlier ones</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CertificatePresenter</name>
    <message numerus="yes">
        <source>%Ln certificates changed.</source>
        <translation>
            <numerusform>%Ln certificate changed.</numerusform>
            <numerusform>%Ln certificates changed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln stood so already.</source>
        <translation>
            <numerusform>%Ln stood so already.</numerusform>
            <numerusform>%Ln stood so already.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were left as they are.</source>
        <translation>
            <numerusform>%Ln was left as it is.</numerusform>
            <numerusform>%Ln were left as they are.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckPanel</name>
    <message numerus="yes">
        <source>%Ln new assets</source>
        <translation>
            <numerusform>One new asset</numerusform>
            <numerusform>%Ln new assets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation>
            <numerusform>One problem</numerusform>
            <numerusform>%Ln problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are left out: these assets are in the register already, or were deleted.</source>
        <translation>
            <numerusform>%Ln row is left out: this asset is in the register already, or was deleted.</numerusform>
            <numerusform>%Ln rows are left out: these assets are in the register already, or were deleted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The first %Ln are listed.</source>
        <translation>
            <numerusform>The first is listed.</numerusform>
            <numerusform>The first %Ln are listed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ContractsTab</name>
    <message numerus="yes">
        <source>%Ln contracts</source>
        <translation>
            <numerusform>%Ln contract</numerusform>
            <numerusform>%Ln contracts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CreateKeystoreDialog</name>
    <message numerus="yes">
        <source>%Ln characters: enough; longer is safer</source>
        <translation>
            <numerusform>%Ln character: enough; longer is safer</numerusform>
            <numerusform>%Ln characters: enough; longer is safer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln characters: good</source>
        <translation>
            <numerusform>%Ln character: good</numerusform>
            <numerusform>%Ln characters: good</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln characters: strong, unless it can be guessed</source>
        <translation>
            <numerusform>%Ln character: strong, unless it can be guessed</numerusform>
            <numerusform>%Ln characters: strong, unless it can be guessed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>At least %Ln characters: {0} more</source>
        <translation>
            <numerusform>At least %Ln character: {0} more</numerusform>
            <numerusform>At least %Ln characters: {0} more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeletedDialog</name>
    <message numerus="yes">
        <source>Delete %Ln assets for good? They cannot be restored.</source>
        <translation>
            <numerusform>Delete %Ln asset for good? It cannot be restored.</numerusform>
            <numerusform>Delete %Ln assets for good? They cannot be restored.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeletionPresenter</name>
    <message numerus="yes">
        <source>%Ln assets deleted</source>
        <translation>
            <numerusform>%Ln asset deleted</numerusform>
            <numerusform>%Ln assets deleted</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets restored</source>
        <translation>
            <numerusform>%Ln asset restored</numerusform>
            <numerusform>%Ln assets restored</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DifferenceList</name>
    <message numerus="yes">
        <source>%Ln become what they were</source>
        <translation>
            <numerusform>%Ln becomes what it was</numerusform>
            <numerusform>%Ln become what they were</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln come back</source>
        <translation>
            <numerusform>%Ln comes back</numerusform>
            <numerusform>%Ln come back</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln disappear</source>
        <translation>
            <numerusform>%Ln disappears</numerusform>
            <numerusform>%Ln disappear</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DoctorDialog</name>
    <message numerus="yes">
        <source>%Ln good</source>
        <translation>
            <numerusform>%Ln good</numerusform>
            <numerusform>%Ln good</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln not known</source>
        <translation>
            <numerusform>%Ln not known</numerusform>
            <numerusform>%Ln not known</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln to look at</source>
        <translation>
            <numerusform>%Ln to look at</numerusform>
            <numerusform>%Ln to look at</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln wrong</source>
        <translation>
            <numerusform>%Ln wrong</numerusform>
            <numerusform>%Ln wrong</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EventsPresenter</name>
    <message numerus="yes">
        <source>%Ln events were written to {0}</source>
        <translation>
            <numerusform>%Ln event was written to {0}</numerusform>
            <numerusform>%Ln events were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EventsTab</name>
    <message numerus="yes">
        <source>%Ln events</source>
        <translation>
            <numerusform>%Ln event</numerusform>
            <numerusform>%Ln events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EvidencePresenter</name>
    <message numerus="yes">
        <source>%Ln bundles written</source>
        <translation>
            <numerusform>%Ln bundle written</numerusform>
            <numerusform>%Ln bundles written</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cancelled; %Ln bundles are finished</source>
        <translation>
            <numerusform>Cancelled; %Ln bundle is finished</numerusform>
            <numerusform>Cancelled; %Ln bundles are finished</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message numerus="yes">
        <source>All that match, more than %Ln assets, in the order of the list.</source>
        <translation>
            <numerusform>All that match, more than %Ln asset, in the order of the list.</numerusform>
            <numerusform>All that match, more than %Ln assets, in the order of the list.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The %Ln assets in view, in the order of the list.</source>
        <translation>
            <numerusform>The one asset in view.</numerusform>
            <numerusform>The %Ln assets in view, in the order of the list.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportEvidenceDialog</name>
    <message numerus="yes">
        <source>%Ln selected cards</source>
        <translation>
            <numerusform>%Ln selected card</numerusform>
            <numerusform>%Ln selected cards</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln listed</source>
        <translation>
            <numerusform>The one listed</numerusform>
            <numerusform>All %Ln listed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln assets</source>
        <translation>
            <numerusform>{0} of %Ln asset</numerusform>
            <numerusform>{0} of %Ln assets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln certificates</source>
        <translation>
            <numerusform>{0} of %Ln certificate</numerusform>
            <numerusform>{0} of %Ln certificates</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportPresenter</name>
    <message numerus="yes">
        <source>%Ln assets exported to {0}</source>
        <translation>
            <numerusform>%Ln asset exported to {0}</numerusform>
            <numerusform>%Ln assets exported to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FigureCards</name>
    <message numerus="yes">
        <source>%Ln tokens are left out of the first saving: no single mint was measured before them.</source>
        <translation>
            <numerusform>%Ln token is left out of the first saving: no single mint was measured before it.</numerusform>
            <numerusform>%Ln tokens are left out of the first saving: no single mint was measured before them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens in them</source>
        <translation>
            <numerusform>%Ln token in them</numerusform>
            <numerusform>%Ln tokens in them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %Ln transactions</source>
        <translation>
            <numerusform>in %Ln transaction</numerusform>
            <numerusform>in %Ln transactions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FiguresPresenter</name>
    <message numerus="yes">
        <source>%Ln batches were written to {0}</source>
        <translation>
            <numerusform>%Ln batch was written to {0}</numerusform>
            <numerusform>%Ln batches were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FiguresTab</name>
    <message numerus="yes">
        <source>%Ln batches</source>
        <translation>
            <numerusform>%Ln batch</numerusform>
            <numerusform>%Ln batches</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln batches read, more below</source>
        <translation>
            <numerusform>%Ln batch read, more below</numerusform>
            <numerusform>%Ln batches read, more below</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FindingsPresenter</name>
    <message numerus="yes">
        <source>%Ln findings were written to {0}</source>
        <translation>
            <numerusform>%Ln finding was written to {0}</numerusform>
            <numerusform>%Ln findings were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Following</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln asset</numerusform>
            <numerusform>%Ln assets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets are tried again.</source>
        <translation>
            <numerusform>%Ln asset is tried again.</numerusform>
            <numerusform>%Ln assets are tried again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets cannot be tried again: {0}</source>
        <translation>
            <numerusform>%Ln asset cannot be tried again: {0}</numerusform>
            <numerusform>%Ln assets cannot be tried again: {0}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets were written to {0}</source>
        <translation>
            <numerusform>%Ln asset was written to {0}</numerusform>
            <numerusform>%Ln assets were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GalleryCard</name>
    <message numerus="yes">
        <source>All %Ln facts agree · {0}</source>
        <translation>
            <numerusform>The one fact agrees · {0}</numerusform>
            <numerusform>All %Ln facts agree · {0}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>for %Ln tokens</source>
        <translation>
            <numerusform>for %Ln token</numerusform>
            <numerusform>for %Ln tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln facts differ · {1}</source>
        <translation>
            <numerusform>{0} of %Ln fact differs · {1}</numerusform>
            <numerusform>{0} of %Ln facts differ · {1}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message numerus="yes">
        <source>Verify %Ln selected…</source>
        <translation>
            <numerusform>Verify %Ln selected…</numerusform>
            <numerusform>Verify %Ln selected…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Gas</name>
    <message numerus="yes">
        <source>%Ln sizes, {0} to {1}</source>
        <translation>
            <numerusform>%Ln size, {0} to {1}</numerusform>
            <numerusform>%Ln sizes, {0} to {1}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln token</numerusform>
            <numerusform>%Ln tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0}: %Ln tokens at once</source>
        <translation>
            <numerusform>{0}: %Ln token at once</numerusform>
            <numerusform>{0}: %Ln tokens at once</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message numerus="yes">
        <source>Import %Ln assets</source>
        <translation>
            <numerusform>Import one asset</numerusform>
            <numerusform>Import %Ln assets</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobDecisions</name>
    <message numerus="yes">
        <source>%Ln mints are tried again</source>
        <translation>
            <numerusform>%Ln mint is tried again</numerusform>
            <numerusform>%Ln mints are tried again</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are tried again, {0} could not be: {1}</source>
        <translation>
            <numerusform>%Ln mint is tried again, {0} could not be: {1}</numerusform>
            <numerusform>%Ln mints are tried again, {0} could not be: {1}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobDetail</name>
    <message numerus="yes">
        <source>%Ln enterprises</source>
        <translation>
            <numerusform>%Ln enterprise</numerusform>
            <numerusform>%Ln enterprises</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>One transaction · %Ln assets</source>
        <translation>
            <numerusform>One transaction · %Ln asset</numerusform>
            <numerusform>One transaction · %Ln assets</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>KuboPresenter</name>
    <message numerus="yes">
        <source>%Ln addresses asked for</source>
        <translation>
            <numerusform>%Ln address asked for</numerusform>
            <numerusform>%Ln addresses asked for</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses go out to the IPFS node</source>
        <translation>
            <numerusform>%Ln address goes out to the IPFS node</numerusform>
            <numerusform>%Ln addresses go out to the IPFS node</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets looked at</source>
        <translation>
            <numerusform>%Ln asset looked at</numerusform>
            <numerusform>%Ln assets looked at</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The IPFS node has all %Ln addresses</source>
        <translation>
            <numerusform>The IPFS node has the one address</numerusform>
            <numerusform>The IPFS node has all %Ln addresses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The IPFS node lacks {0} of %Ln addresses; Publish all brings them back.</source>
        <translation>
            <numerusform>The IPFS node lacks {0} of %Ln address; Publish all brings it back.</numerusform>
            <numerusform>The IPFS node lacks {0} of %Ln addresses; Publish all brings them back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LaboratoryPresenter</name>
    <message numerus="yes">
        <source>%Ln measurements were written to {0}</source>
        <translation>
            <numerusform>%Ln measurement was written to {0}</numerusform>
            <numerusform>%Ln measurements were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LaboratoryTab</name>
    <message numerus="yes">
        <source>%Ln kept</source>
        <translation>
            <numerusform>%Ln kept</numerusform>
            <numerusform>%Ln kept</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LocalChain</name>
    <message numerus="yes">
        <source>%Ln blocks are gone.</source>
        <translation>
            <numerusform>%Ln block is gone.</numerusform>
            <numerusform>%Ln blocks are gone.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln blocks go.</source>
        <translation>
            <numerusform>%Ln block goes.</numerusform>
            <numerusform>%Ln blocks go.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln later snapshots are lost.</source>
        <translation>
            <numerusform>%Ln later snapshot is lost.</numerusform>
            <numerusform>%Ln later snapshots are lost.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints lose their block.</source>
        <translation>
            <numerusform>%Ln mint loses its block.</numerusform>
            <numerusform>%Ln mints lose their block.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln other calls lose theirs.</source>
        <translation>
            <numerusform>%Ln other call loses its block.</numerusform>
            <numerusform>%Ln other calls lose theirs.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>a block every %Ln seconds</source>
        <translation>
            <numerusform>a block every second</numerusform>
            <numerusform>a block every %Ln seconds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LocalChainPresenter</name>
    <message numerus="yes">
        <source>%Ln blocks mined</source>
        <translation>
            <numerusform>%Ln block mined</numerusform>
            <numerusform>%Ln blocks mined</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MetadataDialog</name>
    <message numerus="yes">
        <source>%Ln bytes</source>
        <translation>
            <numerusform>%Ln byte</numerusform>
            <numerusform>%Ln bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MintContext</name>
    <message numerus="yes">
        <source>Mint %Ln NFTs</source>
        <translation>
            <numerusform>Mint %Ln NFT</numerusform>
            <numerusform>Mint %Ln NFTs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MintDialog</name>
    <message numerus="yes">
        <source>%Ln assets wait for others, and go in {0} at the latest.</source>
        <translation>
            <numerusform>%Ln asset waits for others, and goes in {0} at the latest.</numerusform>
            <numerusform>%Ln assets wait for others, and go in {0} at the latest.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets wait, and go once the environment is started.</source>
        <translation>
            <numerusform>%Ln asset waits, and goes once the environment is started.</numerusform>
            <numerusform>%Ln assets wait, and go once the environment is started.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln attempts failed; an administrator goes on</source>
        <translation>
            <numerusform>%Ln attempt failed; an administrator goes on</numerusform>
            <numerusform>%Ln attempts failed; an administrator goes on</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln enterprises</source>
        <translation>
            <numerusform>%Ln enterprise</numerusform>
            <numerusform>%Ln enterprises</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of these wait for others already.</source>
        <translation>
            <numerusform>%Ln of these waits for others already.</numerusform>
            <numerusform>%Ln of these wait for others already.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens minted in one transaction</source>
        <translation>
            <numerusform>%Ln token minted in one transaction</numerusform>
            <numerusform>%Ln tokens minted in one transaction</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It waits with %Ln others, and goes in {0} at the latest.</source>
        <translation>
            <numerusform>It waits with %Ln other, and goes in {0} at the latest.</numerusform>
            <numerusform>It waits with %Ln others, and goes in {0} at the latest.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>One transaction · %Ln assets</source>
        <translation>
            <numerusform>One transaction · %Ln asset</numerusform>
            <numerusform>One transaction · %Ln assets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The mint was faster: %Ln tokens exist</source>
        <translation>
            <numerusform>The mint was faster: the token exists</numerusform>
            <numerusform>The mint was faster: %Ln tokens exist</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MintNotices</name>
    <message numerus="yes">
        <source>%Ln assets minted</source>
        <translation>
            <numerusform>%Ln asset minted</numerusform>
            <numerusform>%Ln assets minted</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints failed</source>
        <translation>
            <numerusform>A mint failed</numerusform>
            <numerusform>%Ln mints failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints were cancelled; no tokens exist</source>
        <translation>
            <numerusform>A mint was cancelled; no token exists</numerusform>
            <numerusform>%Ln mints were cancelled; no tokens exist</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MintPresenter</name>
    <message numerus="yes">
        <source>%Ln assets wait no more; nothing was sent.</source>
        <translation>
            <numerusform>%Ln asset waits no more; nothing was sent.</numerusform>
            <numerusform>%Ln assets wait no more; nothing was sent.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MintStages</name>
    <message numerus="yes">
        <source>%Ln transactions sent</source>
        <translation>
            <numerusform>%Ln transaction sent</numerusform>
            <numerusform>%Ln transactions sent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OmissionsDialog</name>
    <message numerus="yes">
        <source>%Ln assets are left out</source>
        <translation>
            <numerusform>%Ln asset is left out</numerusform>
            <numerusform>%Ln assets are left out</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PlanCard</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln asset</numerusform>
            <numerusform>%Ln assets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln left out…</source>
        <translation>
            <numerusform>%Ln left out…</numerusform>
            <numerusform>%Ln left out…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln transactions</source>
        <translation>
            <numerusform>%Ln transaction</numerusform>
            <numerusform>%Ln transactions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PublicationPresenter</name>
    <message numerus="yes">
        <source>The IPFS node has all %Ln</source>
        <translation>
            <numerusform>The IPFS node has it</numerusform>
            <numerusform>The IPFS node has all %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The IPFS node lacks {0} of %Ln</source>
        <translation>
            <numerusform>The IPFS node lacks it</numerusform>
            <numerusform>The IPFS node lacks {0} of %Ln</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecordTab</name>
    <message numerus="yes">
        <source>%Ln entries</source>
        <translation>
            <numerusform>%Ln entry</numerusform>
            <numerusform>%Ln entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln entries</source>
        <translation>
            <numerusform>{0} of %Ln entry</numerusform>
            <numerusform>{0} of %Ln entries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RegisterPresenter</name>
    <message numerus="yes">
        <source>%Ln rows copied</source>
        <translation>
            <numerusform>%Ln row copied</numerusform>
            <numerusform>%Ln rows copied</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Select at most %Ln assets for this.</source>
        <translation>
            <numerusform>Select at most %Ln asset for this.</numerusform>
            <numerusform>Select at most %Ln assets for this.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RegisterView</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln asset</numerusform>
            <numerusform>%Ln assets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln matches</source>
        <translation>
            <numerusform>%Ln match</numerusform>
            <numerusform>%Ln matches</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln assets? They can be restored.</source>
        <translation>
            <numerusform>Delete %Ln asset? It can be restored.</numerusform>
            <numerusform>Delete %Ln assets? They can be restored.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Mint %Ln NFTs</source>
        <translation>
            <numerusform>Mint NFT</numerusform>
            <numerusform>Mint %Ln NFTs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>One transaction mints %Ln assets; all of them are cancelled.</source>
        <translation>
            <numerusform>One transaction mints %Ln asset; it is cancelled.</numerusform>
            <numerusform>One transaction mints %Ln assets; all of them are cancelled.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>first {0} of more than %Ln matches</source>
        <translation>
            <numerusform>first {0} of more than %Ln match</numerusform>
            <numerusform>first {0} of more than %Ln matches</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RehearsalDialog</name>
    <message numerus="yes">
        <source>%Ln steps would have failed.</source>
        <translation>
            <numerusform>%Ln step would have failed.</numerusform>
            <numerusform>%Ln steps would have failed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln token</numerusform>
            <numerusform>%Ln tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln works</source>
        <translation>
            <numerusform>%Ln work</numerusform>
            <numerusform>%Ln works</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RepairDialog</name>
    <message numerus="yes">
        <source>%Ln more fields</source>
        <translation>
            <numerusform>%Ln more field</numerusform>
            <numerusform>%Ln more fields</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RestoreDialog</name>
    <message numerus="yes">
        <source>%Ln lines of the audit log are only in the backup made now.</source>
        <translation>
            <numerusform>%Ln line of the audit log is only in the backup made now.</numerusform>
            <numerusform>%Ln lines of the audit log are only in the backup made now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are not in the backup.</source>
        <translation>
            <numerusform>%Ln mint is not in the backup.</numerusform>
            <numerusform>%Ln mints are not in the backup.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are taken up where the backup has them.</source>
        <translation>
            <numerusform>%Ln mint is taken up where the backup has it.</numerusform>
            <numerusform>%Ln mints are taken up where the backup has them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens stay on the chain; the start behind the restore takes them in again.</source>
        <translation>
            <numerusform>%Ln token stays on the chain; the start behind the restore takes it in again.</numerusform>
            <numerusform>%Ln tokens stay on the chain; the start behind the restore takes them in again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens vanish: this computer's own chain goes back with the register.</source>
        <translation>
            <numerusform>%Ln token vanishes: this computer's own chain goes back with the register.</numerusform>
            <numerusform>%Ln tokens vanish: this computer's own chain goes back with the register.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReturnDialog</name>
    <message numerus="yes">
        <source>%Ln lines of the audit log are only in the checkpoint made now.</source>
        <translation>
            <numerusform>%Ln line of the audit log is only in the checkpoint made now.</numerusform>
            <numerusform>%Ln lines of the audit log are only in the checkpoint made now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are taken up where the checkpoint has them.</source>
        <translation>
            <numerusform>%Ln mint is taken up where the checkpoint has it.</numerusform>
            <numerusform>%Ln mints are taken up where the checkpoint has them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mints are undone.</source>
        <translation>
            <numerusform>%Ln mint is undone.</numerusform>
            <numerusform>%Ln mints are undone.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunCard</name>
    <message numerus="yes">
        <source>Assets (%Ln)</source>
        <translation>
            <numerusform>Assets (%Ln)</numerusform>
            <numerusform>Assets (%Ln)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Transactions (%Ln)</source>
        <translation>
            <numerusform>Transactions (%Ln)</numerusform>
            <numerusform>Transactions (%Ln)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SettingTexts</name>
    <message numerus="yes">
        <source>%n asset(s)</source>
        <translation>
            <numerusform>%n asset</numerusform>
            <numerusform>%n assets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n block(s)</source>
        <translation>
            <numerusform>%n block</numerusform>
            <numerusform>%n blocks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SettingsPresenter</name>
    <message numerus="yes">
        <source>%n change(s) hold from the next start of the environment.</source>
        <translation>
            <numerusform>%n change holds from the next start of the environment.</numerusform>
            <numerusform>%n changes hold from the next start of the environment.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) have their default again.</source>
        <translation>
            <numerusform>%n setting has its default again.</numerusform>
            <numerusform>%n settings have their default again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) taken from {0}.</source>
        <translation>
            <numerusform>%n setting taken from {0}.</numerusform>
            <numerusform>%n settings taken from {0}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) written to {0}.</source>
        <translation>
            <numerusform>%n setting written to {0}.</numerusform>
            <numerusform>%n settings written to {0}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Give %n setting(s) their default again? Those a variable decides stay.</source>
        <translation>
            <numerusform>Give %n setting its default again? Those a variable decides stay.</numerusform>
            <numerusform>Give %n settings their default again? Those a variable decides stay.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message numerus="yes">
        <source>%Ln open alerts</source>
        <translation>
            <numerusform>%Ln open alert</numerusform>
            <numerusform>%Ln open alerts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SuccessPanel</name>
    <message numerus="yes">
        <source>%Ln assets were left out of the transaction</source>
        <translation>
            <numerusform>%Ln asset was left out of the transaction</numerusform>
            <numerusform>%Ln assets were left out of the transaction</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>And %Ln more; the Activity page lists them.</source>
        <translation>
            <numerusform>And %Ln more; the Activity page lists it.</numerusform>
            <numerusform>And %Ln more; the Activity page lists them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TransactionPanel</name>
    <message numerus="yes">
        <source>and %Ln more events</source>
        <translation>
            <numerusform>and %Ln more event</numerusform>
            <numerusform>and %Ln more events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TransactionsPanel</name>
    <message numerus="yes">
        <source>%Ln transactions signed under number {0}; the chain mines one of them.</source>
        <translation>
            <numerusform>%Ln transaction signed under number {0}.</numerusform>
            <numerusform>%Ln transactions signed under number {0}; the chain mines one of them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TransactionsPresenter</name>
    <message numerus="yes">
        <source>%Ln transactions were written to {0}</source>
        <translation>
            <numerusform>%Ln transaction was written to {0}</numerusform>
            <numerusform>%Ln transactions were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TransactionsTab</name>
    <message numerus="yes">
        <source>%Ln transactions</source>
        <translation>
            <numerusform>%Ln transaction</numerusform>
            <numerusform>%Ln transactions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln transactions read</source>
        <translation>
            <numerusform>%Ln transaction read</numerusform>
            <numerusform>%Ln transactions read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>None in %Ln more blocks, down to block {0}.</source>
        <translation>
            <numerusform>None in %Ln more block, down to block {0}.</numerusform>
            <numerusform>None in %Ln more blocks, down to block {0}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The newest %Ln blocks, down to block {0}, are empty.</source>
        <translation>
            <numerusform>The newest block, {0}, is empty.</numerusform>
            <numerusform>The newest %Ln blocks, down to block {0}, are empty.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UnlockDialog</name>
    <message numerus="yes">
        <source>This password does not open the keystore. %Ln attempts are left before it locks for a while.</source>
        <translation>
            <numerusform>This password does not open the keystore. One attempt is left before it locks for a while.</numerusform>
            <numerusform>This password does not open the keystore. %Ln attempts are left before it locks for a while.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ValidityDialog</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln asset</numerusform>
            <numerusform>%Ln assets</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VerifyAllDialog</name>
    <message numerus="yes">
        <source>All %Ln NFTs agree</source>
        <translation>
            <numerusform>%Ln NFT agrees</numerusform>
            <numerusform>All %Ln NFTs agree</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not all were verified: {0} of %Ln NFTs differ</source>
        <translation>
            <numerusform>Not all were verified: {0} of %Ln NFT differs</numerusform>
            <numerusform>Not all were verified: {0} of %Ln NFTs differ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Register, chain and content are compared for the first %Ln NFTs of the list.</source>
        <translation>
            <numerusform>Register, chain and content are compared for the first %Ln NFT of the list.</numerusform>
            <numerusform>Register, chain and content are compared for the first %Ln NFTs of the list.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Verify %Ln selected NFTs</source>
        <translation>
            <numerusform>Verify %Ln selected NFT</numerusform>
            <numerusform>Verify %Ln selected NFTs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln NFTs differ</source>
        <translation>
            <numerusform>{0} of %Ln NFT differs</numerusform>
            <numerusform>{0} of %Ln NFTs differ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln NFTs differ so far</source>
        <translation>
            <numerusform>{0} of %Ln NFT differs so far</numerusform>
            <numerusform>{0} of %Ln NFTs differ so far</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VerifyAllPresenter</name>
    <message numerus="yes">
        <source>%Ln verdicts were written to {0}</source>
        <translation>
            <numerusform>%Ln verdict was written to {0}</numerusform>
            <numerusform>%Ln verdicts were written to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WaitingCard</name>
    <message numerus="yes">
        <source>%Ln wait</source>
        <translation>
            <numerusform>%Ln waits</numerusform>
            <numerusform>%Ln wait</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WaitingPresenter</name>
    <message numerus="yes">
        <source>%Ln assets are on their way.</source>
        <translation>
            <numerusform>%Ln asset is on its way.</numerusform>
            <numerusform>%Ln assets are on their way.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln assets wait no more; nothing was sent.</source>
        <translation>
            <numerusform>%Ln asset waits no more; nothing was sent.</numerusform>
            <numerusform>%Ln assets wait no more; nothing was sent.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Workspaces</name>
    <message numerus="yes">
        <source>%Ln assets</source>
        <translation>
            <numerusform>%Ln asset</numerusform>
            <numerusform>%Ln assets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln token</numerusform>
            <numerusform>%Ln tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_DonePanel</name>
    <message numerus="yes">
        <source>%Ln assets imported</source>
        <translation>
            <numerusform>One asset imported</numerusform>
            <numerusform>%Ln assets imported</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>They are drafts: look at them, then mint. %Ln rows were left out.</source>
        <translation>
            <numerusform>They are drafts: look at them, then mint. %Ln row was left out.</numerusform>
            <numerusform>They are drafts: look at them, then mint. %Ln rows were left out.</numerusform>
        </translation>
    </message>
</context>
</TS>
