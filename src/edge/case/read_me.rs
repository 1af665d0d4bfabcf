//! What is in a bundle, in words and with a list of hashes.

use super::Form;
use crate::dsig::hex;
use crate::edge::journal::Flow;
use openssl::sha::sha256;
use std::fmt::Write as _;

/// `LÆS-MIG.txt`
pub fn danish(flow: &Flow, form: Form, files: &[(String, Vec<u8>)]) -> String {
    let what = match form {
        Form::Masked => "\
Formen er maskeret: navne, CPR-numre, e-mail, uuid, id'er, IP-adresser, cookies og RelayState er erstattet, det samme med det
samme. Det, der ikke står på listen over det, der beholdes, er erstattet. Læs alligevel filerne, før du sender dem videre.
Underskrifter er fjernet eller passer ikke mere: brug formen plain, hvis de skal efterprøves.",
        Form::Hashed => "\
Formen er hashet: navne, CPR-numre, e-mail, uuid, id'er, IP-adresser, cookies og RelayState er erstattet af begyndelsen af en
SHA-256 med salt, det samme med det samme. Saltet er hubbens hemmelighed og er nyt for hvert forløb: uden det kan ingen prøve
alle CPR-numre igennem, og to pakker kan ikke holdes op mod hinanden. Underskrifter er fjernet eller passer ikke mere: brug
formen plain, hvis de skal efterprøves.",
        Form::Plain => "\
Formen er plain: INDHOLDER PERSONOPLYSNINGER, som de stod i beskederne, også det, der var krypteret. Send den kun til den, der
må se dem, og slet den, når sagen er slut.",
    };
    let mut out = format!(
        "Sagspakke for login {}\nVejviser {}: en uofficiel Context Handler 2 til test. Det er ikke KOMBITs.\n\n{what}\n",
        flow.id,
        env!("CARGO_PKG_VERSION")
    );
    out += "
sag.da.txt, case.en.txt   teksten til servicedesken
flow.json                 alt i ét, for programmer: vejviser flows replay læser den
messages/                 hver besked: .xml som den blev sendt, -decrypted.xml det, der var krypteret, -query.txt adressens parametre
checks.csv                hver kontrol: fundet og forventet
decisions.csv             hver afgørelse og hvor reglen kommer fra
visits.csv                det, browseren gjorde
environment.json          hubben, indstillingerne og de to parter, som de er registreret, da pakken blev lavet
";
    if flow.truncated {
        out += "\nNoget er udeladt: forløbet var større, end hubben gemmer.\n";
    }
    out + "\nSHA-256 af hver fil:\n" + &hashes(files)
}

/// `README.txt`
pub fn english(flow: &Flow, form: Form, files: &[(String, Vec<u8>)]) -> String {
    let what = match form {
        Form::Masked => "\
The form is masked: names, CPR numbers, e-mail, uuids, ids, IP addresses, cookies and RelayState are replaced, the same by the
same. What is not on the list of what is kept is replaced. Read the files all the same before you pass them on.
Signatures are gone or do not verify any more: use the form plain to verify them.",
        Form::Hashed => "\
The form is hashed: names, CPR numbers, e-mail, uuids, ids, IP addresses, cookies and RelayState are replaced by the beginning
of a salted SHA-256, the same by the same. The salt is the hub's secret and another one for every flow: without it nobody can
try all CPR numbers, and two bundles cannot be held against each other. Signatures are gone or do not verify any more: use the
form plain to verify them.",
        Form::Plain => "\
The form is plain: IT HOLDS PERSONAL DATA as it stood in the messages, also what was encrypted. Send it to nobody but those who
may see it, and delete it when the case is closed.",
    };
    let mut out = format!(
        "Case bundle of login {}\nVejviser {}: an unofficial Context Handler 2 for tests. It is not KOMBIT's.\n\n{what}\n",
        flow.id,
        env!("CARGO_PKG_VERSION")
    );
    out += "
case.en.txt, sag.da.txt   the text for the servicedesk
flow.json                 all in one, for programs: vejviser flows replay reads it
messages/                 every message: .xml as it was sent, -decrypted.xml what was encrypted, -query.txt the parameters of the address
checks.csv                every check: found and expected
decisions.csv             every decision and where the rule comes from
visits.csv                what the browser did
environment.json          the hub, the settings and the two parties as registered when the bundle was made
";
    if flow.truncated {
        out += "\nSomething was left out: the flow was larger than what the hub keeps.\n";
    }
    out + "\nSHA-256 of every file:\n" + &hashes(files)
}

fn hashes(files: &[(String, Vec<u8>)]) -> String {
    files.iter().fold(String::new(), |mut out, (name, bytes)| {
        let _ = writeln!(out, "{}  {name}", hex(&sha256(bytes)));
        out
    })
}
