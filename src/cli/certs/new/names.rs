//! What parties and files are called.

use crate::cli::certs::args::NewArgs;
use crate::mint::Fault;
use crate::oiosaml::Cvr;

/// A number without a company: its check digit is wrong.
pub fn nobodys_cvr() -> Cvr {
    Cvr::parse("99999999").expect("eight digits")
}

/// The name of a system of an organisation that was given none, as in the shipped test PKI.
pub fn common_name(organisation: &str) -> String {
    let mut name = format!("VEJVISER_TEST_{}", ascii(organisation, '_'));
    // The two characters of the number, within X.520's 64.
    name.truncate(62);
    name + "_1"
}

/// The name of all files of a run, without what tells them apart.
pub fn base(args: &NewArgs, common_name: &str) -> String {
    let name = args.name.clone().unwrap_or_else(|| ascii(common_name, '-'));
    match args.upcoming {
        true => format!("new_{name}"),
        false => name,
    }
}

/// The name of the files of one certificate.
pub fn of(base: &str, fault: Option<Fault>) -> String {
    match fault {
        Some(fault) => format!("{base}-{}", fault.about().name),
        None => base.to_owned(),
    }
}

/// Letters, digits, hyphens, underscores and dots; Danish letters as one writes them without, and everything
/// else as one `other`.
fn ascii(text: &str, other: char) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            'æ' | 'ä' => out.push_str("ae"),
            'ø' | 'ö' => out.push_str("oe"),
            'å' => out.push_str("aa"),
            'Æ' | 'Ä' => out.push_str("Ae"),
            'Ø' | 'Ö' => out.push_str("Oe"),
            'Å' => out.push_str("Aa"),
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') => out.push(c),
            _ if out.ends_with(other) => {}
            _ => out.push(other),
        }
    }
    // Neither hidden, nor an option, nor a path.
    let name = out.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    match name.is_empty() {
        true => "certificate".to_owned(),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_whatever_the_party_is_called() {
        for (text, safe) in [
            ("Prøvekøbing Kommune", "Proevekoebing-Kommune"),
            ("ADG_PROD_Adgangsstyring_2", "ADG_PROD_Adgangsstyring_2"),
            ("../../etc/passwd", "etc-passwd"),
            ("..", "certificate"),
            ("-rf /", "rf"),
            ("A/S; rm *\n", "A-S-rm"),
            ("Ærø & Å", "Aeroe-Aa"),
            ("日本", "certificate"),
        ] {
            assert_eq!(ascii(text, '-'), safe);
        }
        let long = common_name(&"ø".repeat(64));
        assert_eq!((long.len(), long.ends_with("_1")), (64, true));
    }
}
