"""What book/da/peers.md says, by what book/en/peers.md says. A text without its Danish ends the run."""

DANISH = {
    # -- what is said of each
    "identity provider": "identity provider",
    "system": "brugervendt system",
    "version": "version",
    "role": "rolle",
    "bindings": "bindings",
    "signs with": "signerer med",
    "encryption": "kryptering",
    "its metadata": "dets metadata",
    "nothing that the real hub would refuse": "intet, den rigtige hub ville afvise",
    "logout": "log ud",
    "certificate change": "certifikatskifte",
    "what we had to set": "det, vi måtte sætte op",
    "peer": "program",
    "cases passed by default": "bestået med standardopsætning",
    "set up with care": "bestået, omhyggeligt sat op",
    "by": "med",
    "with": "med",
    "and": "og",
    "yes": "ja",
    "no": "nej",
    "begins one": "begynder et",
    "takes part in one": "deltager i et",
    "its answer goes where requests go": "dets svar sendes til adressen for forespørgsler",
    "none. The hub's page names it, and whoever began is told `PartialLogout`":
        "intet. Hubbens side nævner det, og den, der begyndte, får `PartialLogout`",
    "overlap": "overlap",
    "hard swap": "hårdt skifte",
    "metadata first": "metadata først",
    "after the metadata was read again": "når metadata er læst igen",
    "with the new certificate in its file, while the hub decrypts with the old key too":
        "med det nye certifikat i sin fil, og mens hubben også dekrypterer med den gamle nøgle",
    "case": "prøve",
    "a good system": "et godt system",
    "what is missed": "det, der overses",
    "Left out, as it does not apply": "Udeladt, fordi det ikke er relevant",
    "As a system, by default, it passes all cases but these": "Som brugervendt system med standardopsætning består det alle prøver undtagen disse",
    "Set up with care, these are left": "Når det er omhyggeligt sat op, er disse tilbage",
    "with care": "omhyggeligt sat op",
    # -- what had to be set
    "`signing=\"true\"`; `sameSiteSession=\"None\"` where it has https":
        "`signing=\"true\"`; `sameSiteSession=\"None\"`, hvor der er https",
    "NameID format X509SubjectName, `assertion.encryption`; registered as OIOSAML2, since AES-CBC is what it encrypts with":
        "NameID-formatet X509SubjectName, `assertion.encryption`; registreret som OIOSAML2, fordi det krypterer med AES-CBC",
    "EncryptionMethod in its metadata, which names none; no `validUntil` there; `requestedAuthnContext` off; "
    "`singleLogoutService.responseUrl`, which its reader of metadata leaves out":
        "EncryptionMethod i dets metadata, som ingen nævner; intet `validUntil` i dem; `requestedAuthnContext` slået fra; "
        "`singleLogoutService.responseUrl`, som dets læser af metadata springer over",
    "`rsa-oaep-mgf1p` in its metadata, which names ciphers only; HTTP-Redirect for logout there; `signatureAlgorithm` "
    "(SHA-1 is its default), `disableRequestedAuthnContext`, `wantAuthnResponseSigned: false`, `validateInResponseTo`":
        "`rsa-oaep-mgf1p` i dets metadata, som kun nævner blokkrypteringer; HTTP-Redirect til log ud i dem; `signatureAlgorithm` "
        "(standarden er SHA-1), `disableRequestedAuthnContext`, `wantAuthnResponseSigned: false`, `validateInResponseTo`",
    "its metadata has an address for a logout that nobody asked for, calls the key for encryption one for signing, and names AES-CBC; "
    "where the Response is not signed, the assertion is decrypted before samael sees it, by its own functions, for it looks for a "
    "signature before it decrypts":
        "dets metadata har en adresse til log ud, som ingen har bedt om, kalder krypteringsnøglen en signeringsnøgle og nævner AES-CBC; "
        "er Response ikke signeret, dekrypteres assertion, før samael ser den, med dets egne funktioner, for det leder efter en "
        "signatur, før det dekrypterer",
    "NameID and attributes by macros, `samlNameIDFormatMapX509`, encryption mode `assertion`, `samlSPMetaDataOptionsSignSLOMessage` "
    "(its own logout is not signed otherwise); registered as OIOSAML2":
        "NameID og attributter med makroer, `samlNameIDFormatMapX509`, kryptering `assertion`, `samlSPMetaDataOptionsSignSLOMessage` "
        "(ellers er dets eget log ud ikke signeret); registreret som OIOSAML2",
    # -- what is set, and written around the library
    "requireSignedAssertions, blockUnsolicited, no SHA-1, maxTimeSinceAuthn, and the page demands a NameID and one level":
        "requireSignedAssertions, blockUnsolicited, ingen SHA-1, maxTimeSinceAuthn, og siden kræver et NameID og ét niveau",
    "every strict switch on; pending requests of a browser, used assertions and a fresh login are the supplier's":
        "alle strenge indstillinger slået til; ventende forespørgsler pr. browser, brugte assertions og et frisk login er leverandørens",
    # -- what is missed
    "no setting demands encryption: requireConfidentiality is about SOAP": "ingen indstilling kræver kryptering: requireConfidentiality handler om SOAP",
    "an Audience is compared where there is one; none is not missed": "Audience sammenlignes, hvor den er der; mangler den, opdages det ikke",
    "Conditions are judged where there are any; none are not missed": "Conditions bedømmes, hvor de er der; mangler de, opdages det ikke",
    "the Audiences of all restrictions are put into one list": "Audience fra alle AudienceRestriction lægges i én liste",
    "Recipient is compared where there is one": "Recipient sammenlignes kun, hvor den er der",
    "Recipient need only contain the address": "Recipient skal blot indeholde adressen",
    "the Version of the Response is looked at, that of the assertion is not": "Version kontrolleres på Response, men ikke på assertion",
    "no difference of clocks is borne unless acceptedClockSkewMs says so; its default is 0":
        "ure må ikke gå forskelligt, medmindre acceptedClockSkewMs siger det; standarden er 0",
    "`Require shib-attr` is content with one value that fits; `Require not` refuses the other":
        "`Require shib-attr` er tilfreds med én værdi, der passer; `Require not` afviser den anden",
    "AuthnInstant is compared only where maxTimeSinceAuthn says so": "AuthnInstant sammenlignes kun, hvor maxTimeSinceAuthn er sat",
    "a signature of the Response is enough; requireSignedAssertions demands the other":
        "en signatur på Response er nok; requireSignedAssertions kræver den anden",
    "answers that nobody asked for are taken; the policy's blockUnsolicited forbids them":
        "svar, som ingen har bedt om, tages der imod; blockUnsolicited i security-policy.xml forbyder dem",
    "a NameID is not demanded; `Require shib-attr nameid ~ .` does so": "NameID kræves ikke; det gør `Require shib-attr nameid ~ .`",
    "SHA-1 is taken unless rejectDeprecatedAlgorithm is on": "SHA-1 godtages, medmindre rejectDeprecatedAlgorithm er slået til",
    "a signature of the Response is enough; wantAssertionsSigned demands the other":
        "en signatur på Response er nok; wantAssertionsSigned kræver den anden",
    "an answer that nobody asked for is taken where no id of a request is given to compare with":
        "et svar, som ingen har bedt om, tages der imod, når der ikke gives en forespørgsels id at sammenligne med",
    "it keeps no list of what was used: the supplier must": "det husker ikke, hvad der er brugt: det må leverandøren gøre",
    "a LogoutRequest is taken without a signature unless wantMessagesSigned is on":
        "en LogoutRequest uden signatur godtages, medmindre wantMessagesSigned er slået til",
    "AuthnInstant is looked at by nobody": "ingen ser på AuthnInstant",
    "SHA-1 is taken, and no setting forbids it": "SHA-1 godtages, og ingen indstilling forbyder det",
    "a bad signature of the Response counts as none; wantAuthnResponseSigned would mend it, and refuse every answer of a hub that signs the assertion":
        "en forkert signatur på Response regnes for ingen; wantAuthnResponseSigned ville hjælpe, men afvise alle svar fra en hub, der signerer assertion",
    "no setting demands encryption": "ingen indstilling kræver kryptering",
    "Recipient is looked at by nobody": "ingen ser på Recipient",
    "Destination is looked at by nobody": "ingen ser på Destination",
    "the Issuer of an assertion is not compared; idpIssuer is for logout only": "Issuer i en assertion sammenlignes ikke; idpIssuer gælder kun log ud",
    "the Issuer of a Response is not compared; idpIssuer is for logout only": "Issuer i en Response sammenlignes ikke; idpIssuer gælder kun log ud",
    "Method is looked at by nobody": "ingen ser på Method",
    "no SubjectConfirmation is not missed": "mangler SubjectConfirmation, opdages det ikke",
    "Status is looked at only where there is no assertion": "Status ses der kun på, når der ingen assertion er",
    "Version is looked at by nobody": "ingen ser på Version",
    "conditions that it does not know are passed over": "betingelser, det ikke kender, springes over",
    "no AuthnStatement is not missed": "mangler AuthnStatement, opdages det ikke",
    "SessionNotOnOrAfter is looked at by nobody": "ingen ser på SessionNotOnOrAfter",
    "the requests that wait for an answer are the process's, not a browser's: the supplier must bind them to a cookie":
        "de forespørgsler, der venter på svar, er hele programmets og ikke én browsers: leverandøren må binde dem til en cookie",
    "a LogoutRequest by Redirect is taken without a signature, and no setting demands one":
        "en LogoutRequest med Redirect godtages uden signatur, og ingen indstilling kræver en",
    "every algorithm is taken unless allowed_signature_algorithms names some; it names none by itself":
        "alle algoritmer godtages, medmindre allowed_signature_algorithms nævner nogle; af sig selv nævner den ingen",
    "one AudienceRestriction that fits is enough": "én AudienceRestriction, der passer, er nok",
    "of an unsigned Response nothing is judged: Issuer neither": "i en Response uden signatur bedømmes intet, heller ikke Issuer",
    "of an unsigned Response nothing is judged: Status neither": "i en Response uden signatur bedømmes intet, heller ikke Status",
    "its metadata is not signed, and it has no logout that could stand there": "dets metadata er ikke signeret, og det har intet log ud, der kunne stå i dem",
    "the id of a request is a number of 32 bits": "en forespørgsels id er et tal på 32 bit",
    "SHA-1 is taken": "SHA-1 godtages",
    "a signature of the Response is enough": "en signatur på Response er nok",
    "an answer to an unknown request is taken as one that nobody asked for, and those are taken":
        "et svar på en ukendt forespørgsel regnes for et, ingen har bedt om, og dem tager det imod",
    "answers that nobody asked for are taken": "svar, som ingen har bedt om, tages der imod",
    "the Issuer of the Response chooses the key; that of the assertion is not compared":
        "Issuer i Response bestemmer nøglen; den i assertion sammenlignes ikke",
    "it keeps no list of what was used, and takes the second as one that nobody asked for":
        "det husker ikke, hvad der er brugt, og tager det andet som et, ingen har bedt om",
    "an answer to another browser's request is taken as one that nobody asked for":
        "et svar på en anden browsers forespørgsel regnes for et, ingen har bedt om",
    "plain http here": "her uden https",
}
