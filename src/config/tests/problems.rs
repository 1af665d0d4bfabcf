//! Every kind of problem has a configuration that provokes exactly it, at the right line.

use super::samples::{Folder, GOOD, NOW};
use crate::config::{KINDS, Problems, check, load, render, with_id};
use crate::dsig::BlockCipher;
use crate::hub::federation::Generation;

/// Kind, what stands on the line it is told at, and what is changed in the good configuration.
type Case = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("config::syntax", "name = Prøvekøbing", &[("name = \"Prøvekøbing Kommune\"", "name = Prøvekøbing Kommune")]),
    ("config::unknown-key", "asurance_level = 3", &[("assurance_level = 3\n", "assurance_level = 3\nasurance_level = 3\n")]),
    ("config::unknown-word", "\"OIOSAML3_ADFS\"", &[("\"OIOSAML3\"\nassurance_level", "\"OIOSAML3_ADFS\"\nassurance_level")]),
    ("config::unknown-word", "assurance_level = 5", &[("assurance_level = 3", "assurance_level = 5")]),
    ("config::unknown-word", "generation = 3", &[("saml_metadata = \"sp", "generation = 3\nsaml_metadata = \"sp")]),
    ("config::wrong-type", "user_contexts = [\"1234\"", &[("[\"11111111\"]", "[\"1234\", \"11111111\"]")]),
    ("config::wrong-type", "ip_addresses", &[("saml_metadata = \"idp", "ip_addresses = [\"10.0.0\"]\nsaml_metadata = \"idp")]),
    ("config::unknown-word", "rule =", &[("[settings]", "[[observed]]\nrule = \"no-rule\"\ncapture = \"0000000000000000000000000000000000000000000000000000000000000000\"\n[settings]")]),
    ("config::wrong-type", "capture =", &[("[settings]", "[[observed]]\nrule = \"comparison\"\ncapture = \"e3b0\"\n[settings]")]),
    ("config::wrong-type", "unsigned_status", &[("[settings]", "[settings]\nunsigned_status = \"yes\"")]),
    ("config::missing-key", "[[user_facing_system]]", &[("cvr = \"55555555\"\n", "")]),
    ("config::missing-key", "name = \"idp\"", &[("id = \"https://idp.example/saml\"\n", "")]),
    ("config::missing-key", "tls_key", &[("[[hub.keys]]", "tls_key = \"hub.key.pem\"\n[[hub.keys]]")]),
    ("config::bad-name", "name = \"Idp\"", &[("name = \"idp\"", "name = \"Idp\"")]),
    ("config::duplicate-name", "name = \"idp\" #", &[("name = \"system\"", "name = \"idp\" #")]),
    ("config::duplicate-name", "name = \"test-nsis-low\"", &[("name = \"system\"", "name = \"test-nsis-low\""), ("[[hub.keys]]", "test_systems = true\n[[hub.keys]]")]),
    ("config::duplicate-name", "name = \"hub\"", &[("name = \"system\"", "name = \"hub\"")]),
    ("config::duplicate-id", "id = \"https://idp.example/saml\" #", &[("\"https://idp.example/saml\"", "\"https://idp.example/saml\" #"), ("https://hub.example\"", "https://hub.example\"\nentity_id = \"https://idp.example/saml\"")]),
    ("config::duplicate-id", "cvr = \"11111111\" #", &[("[settings]", "[[organisation]]\ncvr = \"11111111\"\nname = \"x\"\n[settings]"), ("\"11111111\"\nname = \"P", "\"11111111\" #\nname = \"P")]),
    ("config::unknown-word", "remembered_choice_days", &[("[settings]", "[settings]\nremembered_choice_days = 0")]),
    ("config::unknown-word", "remembered_choice =", &[("[settings]", "[settings]\nremembered_choice = \"ch1\"")]),
    ("config::wrong-type", "trusted_proxies", &[("[[hub.keys]]", "trusted_proxies = [\"10.0.0.1\"]\n[[hub.keys]]")]),
    ("config::missing-file", "nowhere.key", &[("[[hub.keys]]", "memory_key = \"nowhere.key\"\n[[hub.keys]]")]),
    ("key::unreadable", "memory_key", &[("[[hub.keys]]", "memory_key = \"short.key\"\n[[hub.keys]]")]),
    ("config::missing-key", "test_ca", &[("[[hub.keys]]", "test_ca = \"hub.pem\"\n[[hub.keys]]")]),
    ("config::missing-key", "test_ca_key", &[("[[hub.keys]]", "test_ca_key = \"hub.key.pem\"\n[[hub.keys]]")]),
    ("config::missing-file", "nowhere.pem", &[("[[hub.keys]]", "test_ca = \"nowhere.pem\"\ntest_ca_key = \"hub.key.pem\"\n[[hub.keys]]")]),
    ("key::mismatch", "test_ca_key", &[("[[hub.keys]]", "test_ca = \"usage.pem\"\ntest_ca_key = \"other.key.pem\"\n[[hub.keys]]")]),
    ("key::unreadable", "test_ca = \"usage.pem\"", &[("[[hub.keys]]", "test_ca = \"usage.pem\"\ntest_ca_key = \"usage.key.pem\"\n[[hub.keys]]")]),
    ("config::missing-file", "nowhere.xml", &[("idp.xml", "nowhere.xml")]),
    ("config::demo-only", "[user_facing_system.demo]", &[("saml_metadata = \"sp.xml\"\n", "[user_facing_system.demo]\nkey = \"sagssystem\"\n")]),
    ("config::unknown-replacement", "replaced_by = \"nobody\"", &[("saml_metadata = \"idp", "replaced_by = \"nobody\"\nsaml_metadata = \"idp")]),
    ("config::unknown-replacement", "replaced_by = \"idp\"", &[("saml_metadata = \"idp", "replaced_by = \"idp\"\nsaml_metadata = \"idp")]),
    ("config::unknown-organisation", "user_contexts", &[("[\"11111111\"]", "[\"11111111\", \"22222222\"]")]),
    ("config::missing-metadata", "name = \"system\"", &[("saml_metadata = \"sp.xml\"\n", "")]),
    ("metadata::fetched", "saml_metadata_url", &[("saml_metadata = \"sp.xml\"", "saml_metadata_url = \"https://system.example/metadata\"")]),
    ("metadata::twice", "saml_metadata_url", &[("saml_metadata = \"sp.xml\"", "saml_metadata = \"sp.xml\"\nsaml_metadata_url = \"https://system.example/metadata\"")]),
    ("metadata::address", "saml_metadata_url", &[("saml_metadata = \"sp.xml\"", "saml_metadata_url = \"http://system.example/metadata\"")]),
    ("metadata::address", "saml_metadata_url", &[("saml_metadata = \"sp.xml\"", "saml_metadata_url = \"system.xml\"")]),
    ("config::missing-key", "name = \"idp\"", &[("id = \"https://idp.example/saml\"\n", ""), ("saml_metadata = \"idp.xml\"", "saml_metadata_url = \"https://idp.example/metadata\"")]),
    ("config::missing-level", "name = \"system\"", &[("nsis_assurance_level = \"Low\"\n", "")]),
    ("config::missing-level", "name = \"system\"", &[("\"OIOSAML3\"\nnsis_assurance_level = \"Low\"\n", "\"OIOSAML2\"\n")]),
    ("config::level-not-allowed", "nsis_assurance_level = \"Low\"", &[("\"OIOSAML3\"\nnsis_assurance_level = \"Low\"", "\"OIOSAML2\"\nassurance_level = 2\nnsis_assurance_level = \"Low\"")]),
    ("config::level-ignored", "nsis_assurance_level = \"Sub", &[("\"OIOSAML3\"\nassurance_level", "\"OIOSAML2\"\nassurance_level")]),
    ("config::inactive", "name = \"idp\"", &[("user_contexts = [\"11111111\"]\n", "")]),
    ("config::generation", "generation_2_from", &[("saml_metadata = \"sp", "generation_2_from = 2027-03-01\nsaml_metadata = \"sp")]),
    ("config::relay-state-template", "relay_state_template", &[("[settings]", "[settings]\nrelay_state_template = \"nsis={level}\"")]),
    ("config::relay-state-template", "relay_state_template", &[("[settings]", "[settings]\nrelay_state_template = \"{handle}{levels}\"")]),
    ("config::relay-state-template", "relay_state_words", &[("[settings]", "[settings]\nrelay_state_words = \"uri\"")]),
    ("config::encryption-override", "[user_facing_system.encryption]", &[("\"sp.xml\"", "\"sp.xml\"\n[user_facing_system.encryption]\ncipher = \"aes\"")]),
    ("config::unencrypted", "[user_facing_system.encryption]", &[("\"sp.xml\"", "\"sp-noenc.xml\"\n[user_facing_system.encryption]\nencrypt = false")]),
    ("config::trust", "poll_hours", &[("saml_metadata = \"sp.xml\"\n", "saml_metadata = \"sp.xml\"\n[user_facing_system.trust]\nsource = \"pinned\"\npoll_hours = 4\n")]),
    ("config::trust", "acts", &[("saml_metadata = \"sp.xml\"\n", "saml_metadata = \"sp.xml\"\n[user_facing_system.trust]\nsource = \"polled\"\nacts = [2026-12-02T06:00:00+01:00]\n")]),
    ("config::trust", "polled_at", &[("saml_metadata = \"sp.xml\"\n", "saml_metadata = \"sp.xml\"\n[user_facing_system.trust]\nsource = \"polled\"\npolled_at = \"25:10\"\n")]),
    ("config::wrong-type", "acts", &[("saml_metadata = \"sp.xml\"\n", "saml_metadata = \"sp.xml\"\n[user_facing_system.trust]\nsource = \"manual\"\nacts = [2026-12-02T06:00:00]\n")]),
    ("key::still-registered", "rotated_out", &[("saml_metadata = \"sp.xml\"\n", "saml_metadata = \"sp.xml\"\nrotated_out = [\"sp.pem\"]\n")]),
    ("metadata::unusable-key", "rotated_out", &[("saml_metadata = \"sp.xml\"\n", "saml_metadata = \"sp.xml\"\nrotated_out = [\"idp.xml\"]\n")]),
    ("config::insecure-url", "public_url", &[("https://hub.example", "http://hub.example")]),
    ("config::real-federation", "public_url", &[("https://hub.example", "https://hub.eksterntest-stoettesystemerne.dk")]),
    ("config::real-federation", "entity_id", &[("https://hub.example\"", "https://hub.example\"\nentity_id = \"https://saml.n2adgangsstyring.stoettesystemerne.dk/runtime\"")]),
    ("key::generation", "\"hub.pem\" #", &[("certificate = \"hub.pem\"\nkey = \"hub.key.pem\"\n", "certificate = \"hub.pem\"\nkey = \"hub.key.pem\"\n[[hub.keys]]\ncertificate = \"hub.pem\" #\nkey = \"hub.key.pem\"\n")]),
    ("config::no-hub-key", "[hub]", &[("key = \"hub.key.pem\"\n", "key = \"hub.key.pem\"\ngeneration = \"next\"\n")]),
    ("config::no-hub-key", "[hub]", &[("[[hub.keys]]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"\n", "")]),
    ("key::unreadable", "key = \"idp.xml\"", &[("\"hub.key.pem\"", "\"idp.xml\"")]),
    ("key::mismatch", "key = \"other.key.pem\"", &[("\"hub.key.pem\"", "\"other.key.pem\"")]),
    ("key::test-pki", "certificate = \"shipped.pem\"", &[("\"hub.pem\"", "\"shipped.pem\""), ("\"hub.key.pem\"", "\"shipped.key.pem\"")]),
    ("key::test-pki", "idp-public.xml", &[("idp.xml", "idp-public.xml")]),
    ("key::test-pki", "sp-public.xml", &[("sp.xml", "sp-public.xml")]),
    ("key::expired", "idp-expired.xml", &[("idp.xml", "idp-expired.xml")]),
    ("key::expires-soon", "idp-soon.xml", &[("idp.xml", "idp-soon.xml")]),
    ("key::not-yet-valid", "idp-early.xml", &[("idp.xml", "idp-early.xml")]),
    ("key::expired", "certificate = \"late.pem\"", &[("\"hub.pem\"", "\"late.pem\""), ("\"hub.key.pem\"", "\"late.key.pem\"")]),
    ("key::expired", "tls_certificate", &[("[[hub.keys]]", "tls_certificate = \"late.pem\"\ntls_key = \"late.key.pem\"\n[[hub.keys]]")]),
    ("config::missing-key", "manage_tls_certificate", &[("[[hub.keys]]", "manage_tls_certificate = \"usage.pem\"\n[[hub.keys]]")]),
    ("key::mismatch", "manage_tls_key", &[("[[hub.keys]]", "manage_tls_certificate = \"usage.pem\"\nmanage_tls_key = \"other.key.pem\"\n[[hub.keys]]")]),
    ("key::expired", "manage_certificates", &[("[[hub.keys]]", "manage_certificates = [\"late.pem\"]\n[[hub.keys]]")]),
    ("key::unreadable", "manage_certificates", &[("[[hub.keys]]", "manage_certificates = [\"idp.xml\"]\n[[hub.keys]]")]),
    ("config::missing-file", "manage_certificates", &[("[[hub.keys]]", "manage_certificates = [\"nowhere.pem\"]\n[[hub.keys]]")]),
    ("key::mismatch", "tls_key", &[("[[hub.keys]]", "tls_certificate = \"usage.pem\"\ntls_key = \"other.key.pem\"\n[[hub.keys]]")]),
    ("key::unreadable", "tls_key", &[("[[hub.keys]]", "tls_certificate = \"usage.pem\"\ntls_key = \"idp.xml\"\n[[hub.keys]]")]),
    ("key::unreadable", "certificate = \"weak.pem\"", &[("\"hub.pem\"", "\"weak.pem\""), ("\"hub.key.pem\"", "\"weak.key.pem\"")]),
    ("key::unreadable", "certificate = \"sp.xml\"", &[("\"hub.pem\"", "\"sp.xml\"")]),
    ("key::wrong-usage", "certificate = \"usage.pem\"", &[("\"hub.pem\"", "\"usage.pem\""), ("\"hub.key.pem\"", "\"usage.key.pem\"")]),
    ("key::wrong-usage", "idp-usage.xml", &[("idp.xml", "idp-usage.xml")]),
    ("key::wrong-usage", "sp-usage.xml", &[("sp.xml", "sp-usage.xml")]),
    ("key::wrong-usage", "sp-usage-enc.xml", &[("sp.xml", "sp-usage-enc.xml")]),
    ("metadata::unreadable", "idp-broken.xml", &[("idp.xml", "idp-broken.xml")]),
    ("metadata::unreadable", "idp-doctype.xml", &[("idp.xml", "idp-doctype.xml")]),
    ("metadata::unreadable", "idp-boms.xml", &[("idp.xml", "idp-boms.xml")]),
    ("metadata::unreadable", "hub.pem\" #", &[("\"idp.xml\"", "\"hub.pem\" #")]),
    ("metadata::signature", "idp-changed.xml", &[("idp.xml", "idp-changed.xml")]),
    ("metadata::signature", "idp-value.xml", &[("idp.xml", "idp-value.xml")]),
    ("metadata::signature", "idp-info.xml", &[("idp.xml", "idp-info.xml")]),
    ("metadata::signature-unchecked", "idp-uri.xml", &[("idp.xml", "idp-uri.xml")]),
    ("metadata::signature-unchecked", "idp-sha1.xml", &[("idp.xml", "idp-sha1.xml")]),
    ("metadata::entity-id", "id = \"https://idp.example/SAML\"", &[("https://idp.example/saml", "https://idp.example/SAML")]),
    ("metadata::wrong-role", "idp-role.xml", &[("idp.xml", "idp-role.xml")]),
    ("metadata::wrong-role", "sp-role.xml", &[("sp.xml", "sp-role.xml")]),
    ("metadata::expired", "idp-late.xml", &[("idp.xml", "idp-late.xml")]),
    ("metadata::no-redirect-sso", "idp-post.xml", &[("idp.xml", "idp-post.xml")]),
    ("metadata::no-post-acs", "sp-artifact.xml", &[("sp.xml", "sp-artifact.xml")]),
    ("metadata::endpoint", "idp-idn.xml", &[("idp.xml", "idp-idn.xml")]),
    ("metadata::endpoint", "idp-port.xml", &[("idp.xml", "idp-port.xml")]),
    ("metadata::endpoint", "sp-space.xml", &[("sp.xml", "sp-space.xml")]),
    ("metadata::insecure-endpoint", "idp-http.xml", &[("idp.xml", "idp-http.xml")]),
    ("metadata::no-signing-key", "idp-nokey.xml", &[("idp.xml", "idp-nokey.xml")]),
    ("metadata::no-signing-key", "idp-small.xml", &[("idp.xml", "idp-small.xml")]),
    ("metadata::unusable-key", "idp-two.xml", &[("idp.xml", "idp-two.xml")]),
    ("metadata::unusable-key", "idp-chain.xml", &[("idp.xml", "idp-chain.xml")]),
    ("metadata::shared-key", "idp-shared.xml", &[("idp.xml", "idp-shared.xml")]),
    ("metadata::shared-key", "sp-shared.xml", &[("sp.xml", "sp-shared.xml")]),
    ("metadata::shared-key", "sp-shared-enc.xml", &[("sp.xml", "sp-shared-enc.xml")]),
    ("metadata::no-encryption-key", "sp-noenc.xml", &[("sp.xml", "sp-noenc.xml")]),
    ("metadata::no-encryption-method", "sp-cbc.xml", &[("sp.xml", "sp-cbc.xml")]),
    ("metadata::no-encryption-method", "sp-oiosaml2.xml", &[("sp.xml", "sp-oiosaml2.xml")]),
    ("metadata::no-encryption-method", "sp-rsa15.xml", &[("sp.xml", "sp-rsa15.xml")]),
];

fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(GOOD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is in the good configuration");
        text.replacen(from, to, 1)
    })
}

fn told(problems: &Problems) -> Vec<String> {
    problems
        .list
        .iter()
        .map(|p| format!("{} {:?}: {}", p.id, p.line, p.what))
        .collect()
}

#[test]
fn a_good_configuration_has_no_problem() {
    let folder = Folder::new();
    let path = &folder.configuration();
    assert_eq!(told(&check(path, GOOD, NOW)), Vec::<String>::new());
    let loaded = load(path, GOOD, None, NOW).expect("good");
    assert!(loaded.keys.is_some());
    assert_eq!(
        loaded.federation.identity_providers[0].sso_url,
        "https://idp.example/sso"
    );
    assert!(loaded.federation.systems[0].encryption.is_some());
    for other in ["idp-signed.xml", "idp-bom.xml", "federation.xml"] {
        assert_eq!(
            told(&check(path, &GOOD.replace("idp.xml", other), NOW)),
            Vec::<String>::new(),
            "{other}"
        );
    }
}

/// One certificate as the real hub has it, or one for each role, or a next one that waits.
#[test]
fn the_hub_may_have_keys_by_role_and_generation() {
    let folder = Folder::new();
    let path = &folder.configuration();
    let pair = "certificate = \"hub.pem\"\nkey = \"hub.key.pem\"\n";
    let with = |more: &str| {
        let both = format!("{pair}role = \"idp\"\n[[hub.keys]]\n{pair}role = \"sp\"\n{more}");
        let text = changed(&[(pair, &both)]);
        load(path, &text, None, NOW)
            .expect("good")
            .keys
            .expect("keys")
    };
    assert!(with("").sp.signing.next.is_none());
    let next =
        format!("[[hub.keys]]\n{pair}role = \"sp\"\nuse = \"signing\"\ngeneration = \"next\"\n");
    let keys = with(&next);
    let waits = [
        &keys.idp.signing,
        &keys.idp.encryption,
        &keys.sp.signing,
        &keys.sp.encryption,
    ]
    .map(|ring| ring.next.is_some());
    assert_eq!(waits, [false, false, true, false]);
}

#[test]
fn each_problem_is_told_alone_and_at_its_line() {
    let folder = Folder::new();
    let path = &folder.configuration();
    for (id, place, changes) in CASES {
        let text = changed(changes);
        let problems = check(path, &text, NOW);
        let found: Vec<&str> = problems.list.iter().map(|problem| problem.id).collect();
        assert_eq!(found, [*id], "{changes:?}: {:?}", told(&problems));
        let line = text
            .lines()
            .position(|line| line.contains(place))
            .expect(place)
            + 1;
        assert_eq!(
            problems.list[0].line,
            Some(line),
            "{id} at {place}: {:?}",
            told(&problems)
        );
        let stops = load(path, &text, None, NOW).is_err();
        assert_eq!(stops, problems.any_fatal(), "{id}");
    }
}

#[test]
fn every_kind_of_problem_has_a_case() {
    for kind in KINDS {
        assert!(
            // What is said of the registry has its cases in the tests of the command.
            kind.id.starts_with("registry::")
                || CASES.iter().any(|case| case.0 == kind.id)
                || super::plans::WARNING.0 == kind.id
                || super::personas::CASES.iter().any(|case| case.0 == kind.id)
                || super::plans::CASES.iter().any(|case| case.0 == kind.id)
                || super::plans::STEP_CASES
                    .iter()
                    .any(|case| case.0 == kind.id),
            "{} is provoked by nothing",
            kind.id
        );
    }
}

#[test]
fn all_problems_come_in_one_answer_in_the_order_of_the_file() {
    let folder = Folder::new();
    let path = &folder.configuration();
    let text = changed(&[
        ("public_url", "publicurl"),
        (
            "multipleauthn_from = \"3\"",
            "multipleauthn_from = \"4\"\nunknown = 1",
        ),
        (
            "\"OIOSAML3\"\nassurance_level",
            "\"OIOSAM3\"\nassurance_level",
        ),
        ("\"sp.xml\"", "\"nowhere.xml\""),
    ]);
    let problems = check(path, &text, NOW);
    let found: Vec<(&str, Option<usize>)> = problems
        .list
        .iter()
        .map(|problem| (problem.id, problem.line))
        .collect();
    let expected = [
        ("config::unknown-key", Some(2)),
        ("config::unknown-word", Some(8)),
        ("config::unknown-key", Some(9)),
        ("config::unknown-word", Some(19)),
        ("config::missing-file", Some(31)),
    ];
    assert_eq!(found, expected, "{:?}", told(&problems));
    assert!(
        problems.list[0].help.contains("did you mean `public_url`?"),
        "{}",
        problems.list[0].help
    );
    assert!(
        problems.list[3].help.contains("did you mean `OIOSAML3`?"),
        "{}",
        problems.list[3].help
    );
}

#[test]
fn each_key_and_certificate_is_judged_whatever_becomes_of_the_others() {
    let folder = Folder::new();
    let path = &folder.configuration();
    let text = changed(&[
        (
            "[[hub.keys]]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"",
            r#"tls_certificate = "late.pem"
tls_key = "nowhere.key.pem"
[[hub.keys]]
certificate = "late.pem"
key = "other.key.pem"
[[hub.keys]]
certificate = "sp.xml"
key = "idp.xml"
[[hub.keys]]
certificate = "weak.pem"
key = "hub.key.pem""#,
        ),
        ("\"idp.xml\"\n\n", "\"idp-early.xml\"\n\n"),
    ]);
    let problems = check(path, &text, NOW);
    let found: Vec<(&str, Option<usize>)> = (problems.list.iter())
        .map(|problem| (problem.id, problem.line))
        .collect();
    let expected = [
        ("key::expired", Some(3)),
        ("config::missing-file", Some(4)),
        ("key::expired", Some(6)),
        ("key::mismatch", Some(7)),
        ("key::unreadable", Some(9)),
        ("key::unreadable", Some(10)),
        ("key::unreadable", Some(12)),
        ("key::mismatch", Some(13)),
        ("key::not-yet-valid", Some(30)),
    ];
    assert_eq!(found, expected, "{:#?}", told(&problems));
    for (at, file) in [
        (0, "late.pem: C=DK"),
        (6, "weak.pem: RSA with 1024"),
        (8, "idp-early.xml"),
    ] {
        assert!(
            problems.list[at].what.contains(file),
            "{:?}",
            told(&problems)
        );
    }
}

#[test]
fn a_problem_is_shown_in_its_lines() {
    let folder = Folder::new();
    let path = &folder.configuration();
    let text = changed(&[("assurance_level = 3", "assurance_level = 7")]);
    let problems = check(path, &text, NOW);
    let shown = render::text(&problems, &text);
    for part in [
        "config::unknown-word",
        "assurance_level = 7",
        "possible: 1, 2, 3, 4",
        "federation.toml:19",
        "1 fatal, 0 warnings",
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    assert!(!shown.contains('\u{1b}'), "no colour");
    let findings = serde_json::to_value(render::findings(&problems)).expect("json");
    assert_eq!(
        findings["summary"],
        serde_json::json!({ "errors": 1, "warnings": 0 })
    );
    let finding = &findings["findings"][0];
    assert_eq!(
        (finding["id"].as_str(), finding["severity"].as_str()),
        (Some("config::unknown-word"), Some("error"))
    );
    assert_eq!(
        (finding["actor"].as_str(), finding["title_da"].as_str()),
        (Some("registration"), Some("Ukendt værdi"))
    );
    assert!(
        finding["where"]
            .as_str()
            .is_some_and(|place| place.ends_with("federation.toml:19"))
    );
}

#[test]
fn nonsense_is_told_and_never_panics() {
    let folder = Folder::new();
    let path = &folder.configuration();
    for text in [
        "=",
        "[[",
        "\u{feff}",
        "identity_provider = 3",
        "[identity_provider]\nname = 1",
        "hub = []",
        "x.y.z = [[{}]]",
        "[hub]\nkeys = [3, {}]",
    ] {
        let problems = check(path, text, NOW);
        assert!(problems.any_fatal(), "{text}");
        render::text(&problems, text);
    }
}

#[test]
fn what_a_registration_says_is_what_the_federation_holds() {
    let folder = Folder::new();
    let text = changed(&[(
        "\"sp.xml\"",
        r#""sp-cbc.xml"
generation = 1
generation_2_from = 2027-03-01
encryption = { cipher = "http://www.w3.org/2001/04/xmlenc#aes256-cbc" }"#,
    )]);
    let loaded = load(&folder.configuration(), &text, None, NOW).expect("good");
    let system = &loaded.federation.systems[0];
    let until = time::macros::date!(2027 - 03 - 01);
    assert_eq!(system.generation, Generation::OneUntil(until));
    assert_eq!(
        system.encryption.as_ref().map(|r| r.cipher),
        Some(BlockCipher::Aes256Cbc)
    );
    assert_eq!(
        (system.presentation_name.as_str(), system.default_acs),
        ("system", 0)
    );
}

#[test]
fn the_line_that_the_help_gives_makes_the_system_load() {
    let folder = Folder::new();
    let path = &folder.configuration();
    for (metadata, cipher) in [
        ("sp-oiosaml2.xml", BlockCipher::Aes256Cbc),
        ("sp-cbc.xml", BlockCipher::Aes256Cbc),
        ("sp-rsa15.xml", BlockCipher::Aes128Gcm),
    ] {
        let text = changed(&[("sp.xml", metadata)]);
        let problems = check(path, &text, NOW);
        let shown = render::text(&problems, &text);
        let line = problems.list[0].help.lines().last().expect("a line");
        assert!(shown.contains(line), "not wrapped: {shown}");
        let named = "name = \"system\"\n";
        let mended = text.replace(named, &format!("{named}{line}\n"));
        let loaded = load(path, &mended, None, NOW).expect(metadata);
        let recipient = loaded.federation.systems[0].encryption.as_ref();
        assert_eq!(recipient.map(|r| r.cipher), Some(cipher), "{metadata}");

        // Where there is an override already, its table is the one to add to.
        let begun = format!("{text}[user_facing_system.encryption]\nencrypt = true\n");
        let problems = check(path, &begun, NOW);
        let line = problems.list[0].help.lines().last().expect("a line");
        load(path, &format!("{begun}{line}\n"), None, NOW).expect(line);
    }
}

#[test]
fn who_has_an_entity_id_can_be_asked() {
    let folder = Folder::new();
    let loaded = load(&folder.configuration(), GOOD, None, NOW).expect("good");
    let named = |id| with_id(&loaded.federation, id);
    assert_eq!(named("https://idp.example/saml"), Some("idp"));
    assert_eq!(named("https://system.example/saml"), Some("system"));
    assert_eq!(named("https://hub.example/runtime"), None);
}

#[test]
fn a_party_with_expired_metadata_is_left_out_and_the_hub_starts() {
    let folder = Folder::new();
    let text = changed(&[("idp.xml", "idp-late.xml")]);
    let path = &folder.configuration();
    assert!(check(path, &text, NOW).any_error(), "check refuses it");
    let loaded = load(path, &text, None, NOW).expect("the others go on");
    assert!(loaded.federation.identity_providers.is_empty());
    assert_eq!(loaded.federation.systems.len(), 1);
    let told = render::text(&loaded.warnings, &text);
    assert!(told.contains("0 fatal, 1 left out, 0 warnings"), "{told}");
    let findings = render::findings(&loaded.warnings);
    assert_eq!(findings.findings[0].severity, "error");
}

#[test]
fn no_certificate_of_a_chain_becomes_a_key_of_the_party() {
    let folder = Folder::new();
    let text = changed(&[("idp.xml", "idp-chain.xml")]);
    let loaded = load(&folder.configuration(), &text, None, NOW).expect("a warning only");
    assert_eq!(
        loaded.federation.identity_providers[0].signing_keys.len(),
        1
    );
}
