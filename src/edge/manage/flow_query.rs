//! What an address asks of the journal, in words that the API, its clients and the pages share.

use crate::edge::journal::{Filter, State};
use crate::hub::{Actor, Federation};
use crate::oiosaml::{Cvr, RequestProfile};
use std::collections::BTreeSet;

/// What can be asked for. `lang` is the pages' and says nothing of flows.
const WORDS: [&str; 11] = [
    "outcome",
    "system",
    "idp",
    "organisation",
    "profile",
    "actor",
    "id",
    "known",
    "before",
    "limit",
    "lang",
];

/// Everybody who can have to act, by the word that a verdict says.
const ACTORS: [(&str, Actor); 7] = [
    ("system", Actor::System),
    ("identity-provider", Actor::IdentityProvider),
    ("role-administration", Actor::RoleAdministration),
    ("registration", Actor::Registration),
    ("user", Actor::User),
    ("hub", Actor::Hub),
    ("sender", Actor::Sender),
];

/// Short names that an error lists; a federation may have hundreds.
const MOST_NAMES: usize = 20;

impl Filter {
    /// Reads the query of an address. A parameter without a value, as an empty field of a form sends it, does not
    /// matter. An error names the parameter and what may stand there, in Danish and English.
    pub fn of_query(query: &str, federation: &Federation) -> Result<Self, String> {
        let mut filter = Self::default();
        let mut seen = BTreeSet::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if !WORDS.contains(&&*name) {
                let words = WORDS.join(", ");
                return Err(wrong(
                    &name,
                    &format!("findes ikke; der er {words}"),
                    &format!("there is no such parameter; there are {words}"),
                ));
            }
            if value.is_empty() {
                continue;
            }
            if !seen.insert(name.clone()) {
                return Err(wrong(&name, "står to gange", "stands twice"));
            }
            filter.set(&name, &value, federation)?;
        }
        Ok(filter)
    }

    fn set(&mut self, name: &str, value: &str, federation: &Federation) -> Result<(), String> {
        match name {
            "outcome" => {
                let word = |state: State| (state.word(), state);
                self.outcome = Some(one_of(name, value, State::ALL.map(word))?);
            }
            "system" => {
                let systems = federation.systems.iter().chain(&federation.test_systems);
                let names = systems.map(|system| (system.name.as_str(), system.id.as_str()));
                self.system = Some(party(name, value, names.collect())?);
            }
            "idp" => {
                let idps = federation.identity_providers.iter();
                let names = idps.map(|idp| (idp.name.as_str(), idp.id.as_str()));
                self.idp = Some(party(name, value, names.collect())?);
            }
            "organisation" => {
                let cvr = Cvr::parse(value);
                self.organisation = Some(cvr.ok_or_else(|| {
                    wrong(name, "skriv otte cifre (CVR)", "write eight digits (CVR)")
                })?);
            }
            "profile" => {
                let word = |profile: RequestProfile| (profile.as_str(), profile);
                self.profile = Some(one_of(name, value, RequestProfile::ALL.map(word))?);
            }
            "actor" => self.actor = Some(one_of(name, value, ACTORS)?),
            "id" => self.id = Some(beginning(name, value)?),
            "known" => self.known_only = one_of(name, value, [("1", true), ("0", false)])?,
            "before" => {
                let number = value.parse();
                self.before = Some(number.map_err(|_| {
                    let (da, en) = (
                        "skriv svarets next, et tal",
                        "write the answer's next, a number",
                    );
                    wrong(name, da, en)
                })?);
            }
            "limit" => {
                let limit = value.parse().ok();
                let limit = limit.filter(|limit| (1..=Self::MOST).contains(limit));
                self.limit = Some(limit.ok_or_else(|| {
                    let most = Self::MOST;
                    wrong(
                        name,
                        &format!("skriv 1 til {most}"),
                        &format!("write 1 to {most}"),
                    )
                })?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// What a word stands for.
fn one_of<T: Copy, const N: usize>(
    name: &str,
    value: &str,
    words: [(&str, T); N],
) -> Result<T, String> {
    let found = words.iter().find(|(word, _)| *word == value);
    found.map(|(_, meant)| *meant).ok_or_else(|| {
        let words = words.map(|(word, _)| word).join(", ");
        wrong(
            name,
            &format!("skriv et af {words}"),
            &format!("write one of {words}"),
        )
    })
}

/// The entityID of a party: of one that is registered by its short name or entityID, and of any other by its
/// entityID, which is a URI; strangers have flows too.
fn party(name: &str, value: &str, known: Vec<(&str, &str)>) -> Result<String, String> {
    let found = known
        .iter()
        .find(|(short, id)| *short == value || *id == value);
    if let Some((_, id)) = found {
        return Ok((*id).to_owned());
    }
    if value.contains(':') {
        return Ok(value.to_owned());
    }
    let mut names: Vec<&str> = known
        .iter()
        .take(MOST_NAMES)
        .map(|(short, _)| *short)
        .collect();
    if known.len() > MOST_NAMES {
        names.push("…");
    }
    let names = names.join(", ");
    Err(wrong(
        name,
        &format!("skriv et entityID eller et af de korte navne {names}"),
        &format!("write an entityID or one of the short names {names}"),
    ))
}

/// What the id of a flow may begin with.
fn beginning(name: &str, value: &str) -> Result<String, String> {
    let upper = value.trim().to_ascii_uppercase();
    let fits = upper.len() <= 26
        && (upper.bytes())
            .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() && !b"ILOU".contains(&b));
    fits.then_some(upper).ok_or_else(|| {
        wrong(
            name,
            "skriv begyndelsen af et forløbs id: højst 26 cifre og bogstaver, ikke I, L, O og U",
            "write what a flow's id begins with: at most 26 digits and letters, not I, L, O and U",
        )
    })
}

fn wrong(name: &str, da: &str, en: &str) -> String {
    format!("{name}: {da} / {en}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::testing::{IDP, idp};

    fn read(query: &str) -> Result<Filter, String> {
        let federation = Federation {
            identity_providers: vec![idp()],
            ..Federation::default()
        };
        Filter::of_query(query, &federation)
    }

    #[test]
    fn every_word_is_understood() {
        let all = "outcome=logged-in&system=https%3A%2F%2Fs.example&idp=idp&organisation=11111111&profile=OIOSAML3\
                   &actor=identity-provider&id=ab1&known=1&before=7&limit=20&lang=en";
        let expected = Filter {
            outcome: Some(State::LoggedIn),
            system: Some("https://s.example".to_owned()),
            idp: Some(IDP.to_owned()),
            organisation: Cvr::parse("11111111"),
            profile: Some(RequestProfile::Oiosaml3),
            actor: Some(Actor::IdentityProvider),
            id: Some("AB1".to_owned()),
            known_only: true,
            before: Some(7),
            limit: Some(20),
        };
        assert_eq!(read(all), Ok(expected));
        for nothing in ["", "outcome=&system=&known=0", "lang=da"] {
            assert_eq!(read(nothing), Ok(Filter::default()), "{nothing}");
        }
    }

    #[test]
    fn what_is_not_understood_is_named_with_what_may_stand_there() {
        for (query, words) in [
            ("outcom=refused", "outcome, system, idp"),
            ("outcome=ok", "pending, logged-in, refused, abandoned"),
            ("outcome=refused&outcome=pending", "twice"),
            ("system=nobody", "entityID"),
            ("idp=adfs", "short names idp"),
            ("organisation=1234", "eight digits"),
            ("profile=oiosaml3", "OIOSAML3_ADFS_RELAY_STATE"),
            ("actor=nobody", "role-administration, registration"),
            ("id=AU", "at most 26"),
            ("id=ABCDEFGH01ABCDEFGH01ABCDEFGH01", "at most 26"),
            ("known=yes", "1, 0"),
            ("before=x", "next"),
            ("before=-1", "next"),
            ("limit=0", "1 to 1000"),
            ("limit=1001", "1 to 1000"),
        ] {
            let why = read(query).expect_err(query);
            let name = query.split('=').next().unwrap();
            assert!(why.starts_with(&format!("{name}: ")), "{query}: {why}");
            assert!(why.contains(words) && why.contains(" / "), "{query}: {why}");
        }
    }

    #[test]
    fn actors_are_called_as_in_a_verdict() {
        for (word, actor) in ACTORS {
            assert_eq!(serde_json::json!(actor), word);
        }
        let all = crate::hub::Check::ALL
            .iter()
            .map(|check| check.info().actor);
        for actor in all {
            assert!(ACTORS.iter().any(|(_, known)| *known == actor), "{actor:?}");
        }
    }
}
