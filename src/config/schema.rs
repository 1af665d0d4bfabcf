//! The keys of the file as a table: what may stand where. Serde stops at the first thing it does not know;
//! this table is walked to the end, so that all of them are told at once. A test holds it together with the
//! types of [`super::file`].

use super::persona;
use crate::hub::trace::RULES;

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    Text,
    /// A text that names something: not empty, and without white space.
    Id,
    Bool,
    Number(&'static [i64]),
    /// A whole number from one to this.
    UpTo(i64),
    Word(&'static [&'static str]),
    Cvr,
    /// SHA-256 in hex.
    Sha256,
    Ip,
    Network,
    Date,
    /// Date, time and offset.
    Moment,
    List(&'static Value),
    Table(&'static Table),
    Tables(&'static Table),
}

/// What a table may hold.
#[derive(Debug)]
pub(super) struct Table {
    pub keys: &'static [Key],
}

/// One key.
#[derive(Debug)]
pub(super) struct Key {
    pub name: &'static str,
    pub value: Value,
    pub required: bool,
}

use Value::{Bool, Cvr, Date, Id, Ip, List, Moment, Network, Number, Text, UpTo, Word};

const fn must(name: &'static str, value: Value) -> Key {
    Key {
        name,
        value,
        required: true,
    }
}

const fn may(name: &'static str, value: Value) -> Key {
    Key {
        name,
        value,
        required: false,
    }
}

const NIST: Value = Number(&[1, 2, 3, 4]);
const NSIS: Value = Word(&["Low", "Substantial", "High"]);

pub(super) const FILE: Table = Table {
    keys: &[
        may("hub", Value::Table(&HUB)),
        may("settings", Value::Table(&SETTINGS)),
        may("observed", Value::Tables(&OBSERVED)),
        may("objects", Text),
        may("organisation", Value::Tables(&ORGANISATION)),
        may("identity_provider", Value::Tables(&IDENTITY_PROVIDER)),
        may("user_facing_system", Value::Tables(&USER_FACING_SYSTEM)),
    ],
};

pub(super) const HUB: Table = Table {
    keys: &[
        may("public_url", Text),
        may("entity_id", Text),
        may("organisation", Text),
        may("keys", Value::Tables(&HUB_KEYS)),
        may("tls_certificate", Text),
        may("tls_key", Text),
        may("manage_tls_certificate", Text),
        may("manage_tls_key", Text),
        may("manage_certificates", List(&Text)),
        may("memory_key", Text),
        may("trusted_proxies", List(&Network)),
        may("test_systems", Bool),
        may("trusted_cas", List(&Text)),
        may("fetch_roots", Text),
        may("ask_cas", Bool),
        may("test_ca", Text),
        may("test_ca_key", Text),
    ],
};

pub(super) const HUB_KEYS: Table = Table {
    keys: &[
        must("certificate", Text),
        must("key", Text),
        may("generation", GENERATION),
        may("role", Word(&["idp", "sp"])),
        may("use", Word(&["signing", "encryption"])),
    ],
};

const GENERATION: Value = Word(&["previous", "active", "next"]);

const COMPARISON: Value = Word(&["none", "exact", "minimum"]);

pub(super) const SETTINGS: Table = Table {
    keys: &[
        may("multipleauthn_from", Word(&["3", "2"])),
        may("level_comparison", COMPARISON),
        may("multipleauthn_comparison", COMPARISON),
        may("relay_state_template", Text),
        may("relay_state_words", Word(&["danish", "english", "uri"])),
        may("request_conditions", Bool),
        may(
            "requester_id",
            Word(&["entity_id", "service_provider_cvr_app"]),
        ),
        may("requested_level", Word(&["higher", "registered_only"])),
        may("nsis_need_at_oiosaml2_idp", Word(&["refuse", "ask"])),
        may("under_assured_logins", Bool),
        may("assurance_level_for_oiosaml3", Bool),
        may("honour_idp_list", Bool),
        may("unsigned_status", Bool),
        may("require_x509_subject_name", Bool),
        may("authn_instant", Word(&["issue_time", "identity_provider"])),
        may("remembered_choice", Word(&["ch2", "safe"])),
        may("remembered_choice_days", UpTo(3650)),
        may("single_sign_on", Bool),
        may("session_idle_minutes", UpTo(1440)),
        may("session_minutes", UpTo(1440)),
        may("mobile_filter", Bool),
        may("roles", Value::Table(&ROLE_SETTINGS)),
    ],
};

pub(super) const ROLE_SETTINGS: Table = Table {
    keys: &[
        may("unregistered_job_function_role", OR_DROP),
        may("role_of_another_context", OR_DROP),
        may("parametric_values", Word(&["scope", "group"])),
        may("parametric_attributes", Bool),
        may("missing_constraint_value", OR_DROP),
        may("constraint_values", Word(&["repeated", "joined"])),
        may("unused_constraints", Word(&["ignore", "drop"])),
        may("privilege_order", Word(&["mapping", "group"])),
        may("no_roles", Word(&["omit", "refuse"])),
        may("unreadable_privileges", Word(&["refuse", "ignore"])),
        may("privileges_of_idp_without_roles", OR_DROP),
        may("user_claims", Word(&["fill", "override", "ignore"])),
    ],
};

const OR_DROP: Value = Word(&["drop", "translate"]);

pub(super) const OBSERVED: Table = Table {
    keys: &[
        must("rule", Word(&RULES)),
        may("input", Text),
        must("capture", Value::Sha256),
        may("date", Date),
        may("note", Text),
    ],
};

pub(super) const ORGANISATION: Table = Table {
    keys: &[
        must("cvr", Cvr),
        must("name", Text),
        may("email_domains", List(&Text)),
    ],
};

pub(super) const IDENTITY_PROVIDER: Table = Table {
    keys: &[
        must("name", Text),
        may("id", Text),
        must("presentation_name", Text),
        may("description", Text),
        must(
            "oiosaml_profile",
            Word(&[
                "OIOSAML2",
                "OIOSAML2_ADFS_MULTIPLEAUTHN",
                "OIOSAML2_WITHOUT_REQUESTED_LOA",
                "OIOSAML3",
                "OIOSAML3_ADFS_MULTIPLEAUTHN",
                "OIOSAML3_ADFS_RELAY_STATE",
            ]),
        ),
        must("assurance_level", NIST),
        may("nsis_assurance_level", NSIS),
        may("user_contexts", List(&Cvr)),
        may("ip_addresses", List(&Ip)),
        may("knows_roles", Bool),
        may("mobile_friendly", Bool),
        may("supports_scope", Bool),
        may("supports_step_up", Bool),
        may("saml_metadata", Text),
        may("saml_metadata_url", Text),
        may("rotated_out", List(&Text)),
        may("replaced_by", Text),
        may("product", Word(persona::KINDS)),
        may("login", Value::Table(&LOGIN)),
        may("trust", Value::Table(&TRUST)),
        may("persona", Value::Table(&PERSONA)),
    ],
};

pub(super) const LOGIN: Table = Table {
    keys: &[
        must("user_field", Text),
        must("password_field", Text),
        must("user", Text),
        must("password_file", Text),
        may("submit", Text),
    ],
};

pub(super) const PERSONA: Table = Table {
    keys: &[
        must("kind", Word(persona::KINDS)),
        must("key", Text),
        must("people", Value::Tables(&PERSON)),
        may("traits", List(&Word(persona::TRAITS))),
        may("without", List(&Word(persona::TRAITS))),
        may("subsystems", Value::Tables(&SUBSYSTEM)),
        may("delay_seconds", UpTo(3600)),
        may("skew_seconds", UpTo(86_400)),
        may("logout", Word(persona::LOGOUT)),
    ],
};

pub(super) const SUBSYSTEM: Table = Table {
    keys: &[
        must("id", Text),
        may("nsis", NSIS),
        may("second_factor", Bool),
    ],
};

pub(super) const PERSON: Table = Table {
    keys: &[
        must("id", Text),
        must("name", Text),
        must("uuid", Text),
        must("email", Text),
        may("second_factor", Bool),
        may("nsis", NSIS),
        may("roles", Value::Tables(&PERSON_ROLE)),
    ],
};

pub(super) const PERSON_ROLE: Table = Table {
    keys: &[
        must("role", Id),
        may("scope", Cvr),
        may("constraints", Value::Tables(&ROLE_CONSTRAINT)),
    ],
};

pub(super) const ROLE_CONSTRAINT: Table = Table {
    keys: &[must("name", Id), must("value", Text)],
};

pub(super) const USER_FACING_SYSTEM: Table = Table {
    keys: &[
        must("name", Text),
        may("id", Text),
        may("presentation_name", Text),
        must("cvr", Cvr),
        must("oiosaml_profile", Word(&["OIOSAML2", "OIOSAML3"])),
        may("assurance_level", NIST),
        may("nsis_assurance_level", NSIS),
        may(
            "attribute_profile",
            Word(&["KOMBIT", "SEB", "KOMBIT_WITHOUT_PERSONAL_DATA"]),
        ),
        may("saml_metadata", Text),
        may("saml_metadata_url", Text),
        may("rotated_out", List(&Text)),
        may("generation", Number(&[1, 2])),
        may("generation_2_from", Date),
        may("encryption", Value::Table(&ENCRYPTION)),
        may("trust", Value::Table(&TRUST)),
        may("demo", Value::Table(&DEMO)),
    ],
};

pub(super) const ENCRYPTION: Table = Table {
    keys: &[
        may("cipher", Text),
        may("key_transport", Text),
        may("digest", Text),
        may("encrypt", Bool),
    ],
};

pub(super) const TRUST: Table = Table {
    keys: &[
        must("source", Word(&["polled", "restart", "manual", "pinned"])),
        may("poll_hours", UpTo(720)),
        may("polled_at", Text),
        may("acts", List(&Moment)),
        may("certificates", Word(&["all", "first", "last"])),
        may("checks_signatures", Bool),
        may("checks_dates", Bool),
        may("compares", Word(&["key", "certificate"])),
        may("encrypts", Bool),
        may("reads_missing_use", Bool),
        may("contact", Text),
    ],
};

/// A plan of a change of certificates.
pub(super) const PLAN: Table = Table {
    keys: &[
        may("name", Text),
        may("environment", Text),
        may("subject", Text),
        may("strategy", STRATEGY),
        may("order", Word(&["signing-first", "metadata-first", "both"])),
        must("window", Value::Table(&WINDOW)),
        may("metadata_at", Moment),
        may("keep_old_decryption_key", Bool),
        may("overlap_days", UpTo(365)),
        may("notice_days", UpTo(365)),
        may("rollback_at", Moment),
        may("active", Value::Table(&PAIR)),
        may("next", Value::Table(&PAIR)),
        may("step", Value::Tables(&STEP)),
        may("party", Value::Tables(&PARTY)),
    ],
};

const STRATEGY: Value = Word(&[
    "hard-swap",
    "metadata-first",
    "overlap",
    "same-key",
    "emergency",
    "expired-in-place",
]);

pub(super) const WINDOW: Table = Table {
    keys: &[must("from", Moment), must("to", Moment)],
};

pub(super) const PAIR: Table = Table {
    keys: &[must("certificate", Text), may("key", Text)],
};

pub(super) const STEP: Table = Table {
    keys: &[
        must("at", Moment),
        must(
            "do",
            Word(&[
                "announce",
                "hand-out",
                "show",
                "sign",
                "decrypt",
                "expire",
                "roll-back",
            ]),
        ),
        may("signing", List(&GENERATION)),
        may("encryption", List(&GENERATION)),
        may("without_use", Bool),
        may("with", List(&GENERATION)),
    ],
};

pub(super) const PARTY: Table = Table {
    keys: &[must("name", Text), must("trust", Value::Table(&TRUST))],
};

pub(super) const DEMO: Table = Table {
    keys: &[
        must("key", Text),
        may("post", Bool),
        may("strict", Bool),
        may("defect", Word(persona::DEFECTS)),
        may("logout", Word(persona::LOGOUT)),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::plan::file as plan;
    use crate::config::{file, trust};
    use crate::hub::Settings;
    use crate::hub::roles::RoleSettings;
    use serde::de::DeserializeOwned;

    /// What serde says it knows, from its own complaint about a key that nobody has.
    fn known_to_serde<T: DeserializeOwned + std::fmt::Debug>() -> Vec<String> {
        let complaint = toml::from_str::<T>("zzz = 1")
            .expect_err("no such key")
            .message()
            .to_owned();
        complaint
            .split('`')
            .skip(3)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn the_table_knows_the_keys_that_the_types_know() {
        fn same<T: DeserializeOwned + std::fmt::Debug>(table: &Table) {
            let mut ours: Vec<_> = table.keys.iter().map(|key| key.name.to_owned()).collect();
            let mut theirs = known_to_serde::<T>();
            ours.sort();
            theirs.sort();
            assert_eq!(ours, theirs);
        }
        same::<file::File>(&FILE);
        same::<file::HubEntry>(&HUB);
        same::<file::HubKeys>(&HUB_KEYS);
        same::<Settings>(&SETTINGS);
        same::<RoleSettings>(&ROLE_SETTINGS);
        same::<file::ObservedEntry>(&OBSERVED);
        same::<file::OrganisationEntry>(&ORGANISATION);
        same::<file::IdentityProviderEntry>(&IDENTITY_PROVIDER);
        same::<file::LoginEntry>(&LOGIN);
        same::<persona::Persona>(&PERSONA);
        same::<persona::Subsystem>(&SUBSYSTEM);
        same::<persona::Person>(&PERSON);
        same::<persona::PersonRole>(&PERSON_ROLE);
        same::<persona::RoleConstraint>(&ROLE_CONSTRAINT);
        same::<file::UserFacingSystemEntry>(&USER_FACING_SYSTEM);
        same::<file::EncryptionEntry>(&ENCRYPTION);
        same::<file::DemoSystem>(&DEMO);
        same::<trust::TrustEntry>(&TRUST);
        same::<plan::PlanFile>(&PLAN);
        same::<plan::WindowEntry>(&WINDOW);
        same::<plan::PairEntry>(&PAIR);
        same::<plan::StepEntry>(&STEP);
        same::<plan::PartyEntry>(&PARTY);
    }

    #[test]
    fn every_word_of_the_table_is_a_word_of_its_type() {
        for key in SETTINGS.keys {
            if let Word(words) = key.value {
                for word in words {
                    toml::from_str::<Settings>(&format!("{} = \"{word}\"", key.name)).expect(word);
                }
            }
        }
        for key in ROLE_SETTINGS.keys {
            if let Word(words) = key.value {
                for word in words {
                    toml::from_str::<RoleSettings>(&format!("{} = \"{word}\"", key.name))
                        .expect(word);
                }
            }
        }
        fn all<T: DeserializeOwned>(value: Value) {
            let Word(words) = value else { panic!("words") };
            let texts = words
                .iter()
                .map(|word| toml::Value::String((*word).to_owned()));
            assert!(texts.map(T::deserialize).all(|read| read.is_ok()));
        }
        let of = |table: &Table, name: &str| {
            table
                .keys
                .iter()
                .find(|key| key.name == name)
                .expect("key")
                .value
        };
        all::<crate::oiosaml::Nsis>(NSIS);
        all::<crate::hub::keys::Generation>(GENERATION);
        all::<file::KeyRole>(of(&HUB_KEYS, "role"));
        all::<file::KeyUse>(of(&HUB_KEYS, "use"));
        all::<crate::oiosaml::RequestProfile>(of(&IDENTITY_PROVIDER, "oiosaml_profile"));
        all::<crate::oiosaml::OiosamlVersion>(of(&USER_FACING_SYSTEM, "oiosaml_profile"));
        all::<crate::oiosaml::AttributeProfile>(of(&USER_FACING_SYSTEM, "attribute_profile"));
        all::<trust::SourceWord>(of(&TRUST, "source"));
        all::<crate::hub::rollover::Reads>(of(&TRUST, "certificates"));
        all::<crate::hub::rollover::Compares>(of(&TRUST, "compares"));
        all::<crate::hub::rollover::Strategy>(STRATEGY);
        all::<plan::OrderWord>(of(&PLAN, "order"));
        all::<plan::Do>(of(&STEP, "do"));
        all::<persona::PersonaKind>(of(&PERSONA, "kind"));
        for list in ["traits", "without"] {
            let List(words) = of(&PERSONA, list) else {
                panic!("a list")
            };
            all::<persona::Trait>(*words);
        }
        all::<persona::Defect>(of(&DEMO, "defect"));
        all::<persona::LogoutHabit>(of(&DEMO, "logout"));
        all::<persona::LogoutHabit>(of(&PERSONA, "logout"));
    }
}
