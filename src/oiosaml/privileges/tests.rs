use super::*;
use crate::dsig::base64;
use proptest::prelude::*;

const ITST: &str = "http://itst.dk/oiosaml/basic_privilege_profile";
const CVR_1: &str = "urn:dk:gov:saml:cvrNumberIdentifier:11111111";

/// What an IdP sends: pretty-printed, one privilege with a constraint, one from another municipality.
const FROM_IDP: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bpp:PrivilegeList xmlns:bpp="http://itst.dk/oiosaml/basic_privilege_profile" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:11111111">
    <Privilege>
      http://provekobing.example/roles/jobrole/sagsbehandler/1
    </Privilege>
    <Constraint Name="http://provekobing.example/id-1-2-3/1/parametric">32.30.*,32.33.*</Constraint>
  </PrivilegeGroup>
  <PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:22222222">
    <Privilege>http://eksempelstrup.example/roles/jobrole/vagt/1</Privilege>
  </PrivilegeGroup>
</bpp:PrivilegeList>
"#;

fn group(scope: &str, privileges: &[&str], constraints: &[(&str, &str)]) -> PrivilegeGroup {
    PrivilegeGroup {
        scope: Scope::parse(scope).unwrap(),
        privileges: privileges.iter().map(|&text| text.to_owned()).collect(),
        constraints: (constraints.iter())
            .map(|&(name, value)| Constraint {
                name: name.to_owned(),
                value: value.to_owned(),
            })
            .collect(),
    }
}

/// A document around what stands in its list.
fn list(inside: &str) -> String {
    format!("<bpp:PrivilegeList xmlns:bpp=\"{ITST}\">{inside}</bpp:PrivilegeList>")
}

/// A document around what stands in its only group.
fn one_group(inside: &str) -> String {
    list(&format!(
        "<PrivilegeGroup Scope=\"{CVR_1}\">{inside}</PrivilegeGroup>"
    ))
}

fn read(xml: &str) -> Result<PrivilegeList, PrivilegeError> {
    PrivilegeList::read(&base64::encode(xml.as_bytes()))
}

fn refused(xml: &str) -> PrivilegeFault {
    let error = read(xml).expect_err(xml);
    assert!(error.position.is_some(), "{xml}: where?");
    error.fault
}

#[test]
fn what_an_idp_sends_is_read_whole() {
    let expected = PrivilegeList {
        version: BppVersion::V1_1,
        groups: vec![
            group(
                CVR_1,
                &["http://provekobing.example/roles/jobrole/sagsbehandler/1"],
                &[(
                    "http://provekobing.example/id-1-2-3/1/parametric",
                    "32.30.*,32.33.*",
                )],
            ),
            group(
                "urn:dk:gov:saml:cvrNumberIdentifier:22222222",
                &["http://eksempelstrup.example/roles/jobrole/vagt/1"],
                &[],
            ),
        ],
    };
    assert_eq!(read(FROM_IDP), Ok(expected.clone()));
    // The newer namespace is taken from an IdP too.
    let newer = FROM_IDP.replace("itst.dk", "digst.dk");
    assert_eq!(read(&newer).unwrap().version, BppVersion::V1_2);
    // Base64 in lines, as some write it.
    let lines: Vec<String> = base64::encode(FROM_IDP.as_bytes())
        .as_bytes()
        .chunks(76)
        .map(|line| String::from_utf8(line.to_vec()).unwrap())
        .collect();
    assert_eq!(PrivilegeList::read(&lines.join("\r\n")), Ok(expected));
}

#[test]
fn a_constraint_may_stand_before_the_privilege() {
    let before = one_group("<Constraint Name='c'>v</Constraint><Privilege>p</Privilege>");
    let after = one_group("<Privilege>p</Privilege><Constraint Name='c'>v</Constraint>");
    let expected = [group(CVR_1, &["p"], &[("c", "v")])];
    assert_eq!(read(&before).unwrap().groups, expected);
    assert_eq!(read(&after).unwrap().groups, expected);
}

#[test]
fn a_constraints_value_is_verbatim_and_repeated_ones_stay_apart() {
    let xml = one_group(
        "<Privilege>p</Privilege><Constraint Name='c'> a, b </Constraint><Constraint Name='c'/>",
    );
    let expected = [group(CVR_1, &["p"], &[("c", " a, b "), ("c", "")])];
    assert_eq!(read(&xml).unwrap().groups, expected);
}

#[test]
fn every_kind_of_scope_is_parsed() {
    for (text, expected) in [
        (CVR_1, Scope::Cvr(Cvr::parse("11111111").unwrap())),
        (
            "urn:dk:gov:saml:productionUnitIdentifier:1234567890",
            Scope::ProductionUnit(Digits("1234567890".to_owned())),
        ),
        (
            "urn:dk:gov:saml:seNumberIdentifier:99999999",
            Scope::SeNumber(Digits("99999999".to_owned())),
        ),
        (
            "urn:dk:gov:saml:cprNumberIdentifier:9913991234",
            Scope::Cpr(Digits("9913991234".to_owned())),
        ),
        // For the user of the list to ignore, group and all.
        ("urn:other:1", Scope::Other("urn:other:1".to_owned())),
        ("", Scope::Other(String::new())),
        (
            "URN:dk:gov:saml:cvrNumberIdentifier:1",
            Scope::Other("URN:dk:gov:saml:cvrNumberIdentifier:1".to_owned()),
        ),
    ] {
        let scope = Scope::parse(text);
        assert_eq!(scope, Some(expected), "{text}");
        assert_eq!(scope.unwrap().to_string(), text);
    }
    assert_eq!(Digits::<3>::parse("012").unwrap().as_str(), "012");
}

#[test]
fn a_known_scope_needs_its_number() {
    for bad in [
        "urn:dk:gov:saml:cvrNumberIdentifier:1111111",
        "urn:dk:gov:saml:cvrNumberIdentifier:111111111",
        "urn:dk:gov:saml:cvrNumberIdentifier: 11111111",
        "urn:dk:gov:saml:cvrNumberIdentifier:",
        "urn:dk:gov:saml:productionUnitIdentifier:123456789",
        "urn:dk:gov:saml:seNumberIdentifier:9999999x",
        "urn:dk:gov:saml:cprNumberIdentifier:991399-1234",
        // Not ASCII digits.
        "urn:dk:gov:saml:seNumberIdentifier:١٢٣٤",
    ] {
        let xml = list(&format!(
            "<PrivilegeGroup Scope=\"{bad}\"><Privilege>p</Privilege></PrivilegeGroup>"
        ));
        assert_eq!(refused(&xml), PrivilegeFault::Scope(bad.to_owned()));
    }
}

#[test]
fn every_rule_of_the_profile_is_held() {
    let element = |name: &str, namespace: &str| {
        PrivilegeFault::Element(name.to_owned(), namespace.to_owned())
    };
    let attribute = |name: &str| PrivilegeFault::Attribute(name.to_owned());
    let ok = "<Privilege>p</Privilege>";
    for (xml, expected) in [
        (
            "<PrivilegeList/>".to_owned(),
            PrivilegeFault::Root("PrivilegeList".to_owned(), String::new()),
        ),
        (
            one_group(ok).replace("itst.dk", "kombit.dk"),
            PrivilegeFault::Root(
                "PrivilegeList".to_owned(),
                "http://kombit.dk/oiosaml/basic_privilege_profile".to_owned(),
            ),
        ),
        (
            one_group(ok).replace("PrivilegeList", "Privileges"),
            PrivilegeFault::Root("Privileges".to_owned(), ITST.to_owned()),
        ),
        (list(""), PrivilegeFault::NoGroup),
        (one_group(""), PrivilegeFault::NoPrivilege),
        (
            one_group("<Constraint Name='c'>v</Constraint>"),
            PrivilegeFault::NoPrivilege,
        ),
        (
            list("<PrivilegeGroup><Privilege>p</Privilege></PrivilegeGroup>"),
            PrivilegeFault::NoScope,
        ),
        (
            one_group("<Privilege> \n </Privilege>"),
            PrivilegeFault::EmptyPrivilege,
        ),
        (
            one_group(&format!("{ok}<Constraint>v</Constraint>")),
            PrivilegeFault::NoName,
        ),
        (
            one_group(&format!("{ok}<Constraint Name=''>v</Constraint>")),
            PrivilegeFault::NoName,
        ),
        // Children are in no namespace.
        (
            list(&format!(
                "<bpp:PrivilegeGroup Scope='{CVR_1}'>{ok}</bpp:PrivilegeGroup>"
            )),
            element("PrivilegeGroup", ITST),
        ),
        (
            one_group(&format!("<Privilege xmlns='{ITST}'>p</Privilege>")),
            element("Privilege", ITST),
        ),
        (
            one_group(&format!("{ok}<bpp:Constraint Name='c'/>")),
            element("Constraint", ITST),
        ),
        // And nothing else has a place.
        (list(ok), element("Privilege", "")),
        (
            one_group("<Permission>p</Permission>"),
            element("Permission", ""),
        ),
        (
            one_group(&format!("{ok}<PrivilegeGroup Scope='{CVR_1}'/>")),
            element("PrivilegeGroup", ""),
        ),
        (one_group("<Privilege>p<b/></Privilege>"), element("b", "")),
        (
            one_group(&format!("{ok}<Constraint Name='c'><d/></Constraint>")),
            element("d", ""),
        ),
        (
            one_group("<Privilege>p<b><c/></b></Privilege>"),
            PrivilegeFault::Budget("depth"),
        ),
        (
            list(&format!(
                "<PrivilegeGroup Scope='{CVR_1}' Until='2026'>{ok}</PrivilegeGroup>"
            )),
            attribute("Until"),
        ),
        (
            list(&format!(
                "<PrivilegeGroup bpp:Scope='{CVR_1}'>{ok}</PrivilegeGroup>"
            )),
            attribute("Scope"),
        ),
        (
            one_group("<Privilege Scope='x'>p</Privilege>"),
            attribute("Scope"),
        ),
        (
            one_group(&format!("{ok}<Constraint Name='c' Type='x'/>")),
            attribute("Type"),
        ),
        (
            one_group(ok).replace("<bpp:PrivilegeList ", "<bpp:PrivilegeList Version='2' "),
            attribute("Version"),
        ),
        (
            list("x"),
            PrivilegeFault::StrayText("PrivilegeList".to_owned()),
        ),
        (
            one_group(&format!("{ok}x")),
            PrivilegeFault::StrayText("PrivilegeGroup".to_owned()),
        ),
    ] {
        assert_eq!(refused(&xml), expected, "{xml}");
    }
    // What says nothing of privileges is let stand.
    let schema = one_group(ok).replace(
        "<bpp:PrivilegeList ",
        "<bpp:PrivilegeList xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b' ",
    );
    assert!(read(&schema).is_ok());
}

#[test]
fn what_is_no_document_is_refused_with_its_reason() {
    use crate::xml::XmlErrorKind;
    let xml_kind = |value: &str| match refused(value) {
        PrivilegeFault::Xml(error) => error.kind,
        other => panic!("{other:?}"),
    };
    let doctype = format!("<!DOCTYPE x>{}", one_group("<Privilege>p</Privilege>"));
    assert_eq!(xml_kind(&doctype), XmlErrorKind::Doctype);
    assert!(matches!(xml_kind("<a>"), XmlErrorKind::NotWellFormed(_)));
    let latin1 = base64::encode(b"<a>\xE6</a>");
    assert!(matches!(
        PrivilegeList::read(&latin1).unwrap_err().fault,
        PrivilegeFault::Xml(error) if matches!(error.kind, XmlErrorKind::Encoding(_))
    ));
    for bad in ["<a/>", "PHg+PC94Pg", "PHg+PC94Pg==!"] {
        let error = PrivilegeList::read(bad).unwrap_err();
        assert_eq!(
            (error.fault, error.position),
            (PrivilegeFault::NotBase64, None)
        );
    }
}

#[test]
fn a_refusal_says_what_where_and_why() {
    let xml = list(&format!(
        "\n  <PrivilegeGroup Scope='{CVR_1}'>\n    <Right/>\n  </PrivilegeGroup>"
    ));
    let error = read(&xml).unwrap_err();
    assert_eq!(
        error.to_string(),
        "“Right” has no place here (line 3, column 5)"
    );
    assert!(error.fault.why().starts_with("BPP schema: "));
    // The reader's own refusals say where once.
    let error = read("<!DOCTYPE x><x/>").unwrap_err();
    assert_eq!(error.to_string().matches("line 1").count(), 1, "{error}");
    let error = PrivilegeList::read("!").unwrap_err();
    assert_eq!(error.to_string(), "the value is not base64");
    // A long scope is shown by its beginning.
    let long = format!("urn:dk:gov:saml:cvrNumberIdentifier:{}", "1".repeat(5000));
    let xml = list(&format!(
        "<PrivilegeGroup Scope='{long}'><Privilege>p</Privilege></PrivilegeGroup>"
    ));
    assert!(read(&xml).unwrap_err().to_string().len() < 200);
}

#[test]
fn a_list_draws_from_its_budgets() {
    let group = |inside: &str| format!("<PrivilegeGroup Scope='{CVR_1}'>{inside}</PrivilegeGroup>");
    let groups = |number: usize| list(&group("<Privilege>p</Privilege>").repeat(number));
    assert_eq!(
        read(&groups(budget::GROUPS)).unwrap().groups.len(),
        budget::GROUPS
    );
    assert_eq!(
        refused(&groups(budget::GROUPS + 1)),
        PrivilegeFault::Budget("groups")
    );

    // Privileges and constraints draw from one budget, whichever group they are in.
    let half = "<Privilege>p</Privilege>".repeat(budget::ENTRIES / 2 - 1);
    let two = |more: &str| {
        let constraint = "<Constraint Name='c'/>";
        list(
            &(group(&format!("{half}{constraint}")) + &group(&format!("{half}{constraint}{more}"))),
        )
    };
    let full = read(&two("")).unwrap();
    assert_eq!(full.groups[1].privileges.len(), budget::ENTRIES / 2 - 1);
    for more in ["<Privilege>p</Privilege>", "<Constraint Name='c'/>"] {
        assert_eq!(
            refused(&two(more)),
            PrivilegeFault::Budget("privileges and constraints")
        );
    }

    let long = |bytes: usize| {
        let around = one_group("<Privilege></Privilege>").len();
        one_group(&format!(
            "<Privilege>{}</Privilege>",
            "p".repeat(bytes - around)
        ))
    };
    assert_eq!(long(budget::BYTES).len(), budget::BYTES);
    assert!(read(&long(budget::BYTES)).is_ok());
    assert_eq!(
        refused(&long(budget::BYTES + 1)),
        PrivilegeFault::Budget("bytes of the document")
    );
    // What is too long even for that is not decoded at all.
    let blank = |number: usize| {
        let list = base64::encode(one_group("<Privilege>p</Privilege>").as_bytes());
        let room = number - list.len();
        list + &" ".repeat(room)
    };
    let most = budget::BYTES * 8 / 3;
    assert!(PrivilegeList::read(&blank(most)).is_ok());
    assert_eq!(
        PrivilegeList::read(&blank(most + 1)).unwrap_err().fault,
        PrivilegeFault::Budget("bytes of the value")
    );
}

#[test]
fn it_is_written_in_the_form_of_the_real_hub() {
    let mut list = PrivilegeList {
        version: OiosamlVersion::V3.bpp(),
        groups: vec![group(
            CVR_1,
            &["http://sag.example/roles/usersystemrole/se_sag/1"],
            &[
                ("http://sts.kombit.example/constraints/KLE/1", "32.30.*"),
                (
                    "http://sts.kombit.example/constraints/KLE/1",
                    "32.33.* & <b>",
                ),
            ],
        )],
    };
    let expected = concat!(
        r#"<?xml version="1.0" encoding="UTF-8"?><bpp:PrivilegeList "#,
        r#"xmlns:bpp="http://digst.dk/oiosaml/basic_privilege_profile" "#,
        r#"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">"#,
        r#"<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:11111111">"#,
        r#"<Privilege>http://sag.example/roles/usersystemrole/se_sag/1</Privilege>"#,
        r#"<Constraint Name="http://sts.kombit.example/constraints/KLE/1">32.30.*</Constraint>"#,
        r#"<Constraint Name="http://sts.kombit.example/constraints/KLE/1">32.33.* &amp; &lt;b&gt;</Constraint>"#,
        r#"</PrivilegeGroup></bpp:PrivilegeList>"#
    );
    assert_eq!(list.to_xml(), expected);
    assert_eq!(list.write().unwrap(), base64::encode(expected.as_bytes()));
    // An OIOSAML2 system gets the older namespace, and nothing else changes.
    list.version = OiosamlVersion::V2.bpp();
    assert_eq!(list.to_xml(), expected.replace("digst.dk", "itst.dk"));
    assert_eq!(list.version.namespace(), ITST);
    // Without privileges there is no attribute.
    list.groups.clear();
    assert_eq!(list.write(), None);
}

fn any_scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        "[0-9]{8}".prop_map(|digits| Scope::Cvr(Cvr::parse(&digits).unwrap())),
        "[0-9]{10}".prop_map(|digits| Scope::ProductionUnit(Digits(digits))),
        "[0-9]{8}".prop_map(|digits| Scope::SeNumber(Digits(digits))),
        "[0-9]{10}".prop_map(|digits| Scope::Cpr(Digits(digits))),
        "x[ -~æøå\t\n\r]{0,20}".prop_map(Scope::Other),
    ]
}

prop_compose! {
    fn any_group()(
        scope in any_scope(),
        privileges in prop::collection::vec("[!-~æøå]([ -~æøå\t\n]{0,20}[!-~æøå])?", 1..4),
        constraints in prop::collection::vec(("[ -~æøå\t\n\r]{1,20}", "[ -~æøå\t\n\r]{0,20}"), 0..4),
    ) -> PrivilegeGroup {
        let constraints = constraints.into_iter().map(|(name, value)| Constraint { name, value });
        PrivilegeGroup { scope, privileges, constraints: constraints.collect() }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        groups in prop::collection::vec(any_group(), 1..5),
        version in prop::sample::select(&BppVersion::ALL[..]),
    ) {
        let list = PrivilegeList { version, groups };
        prop_assert_eq!(PrivilegeList::read(&list.write().unwrap()), Ok(list.clone()));
        // Canonical, and the same list, without what the real hub adds.
        prop_assert_eq!(PrivilegeList::parse(list.to_element().render().as_bytes()), Ok(list));
    }

    #[test]
    fn nothing_that_is_read_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,80}") {
        let _ = PrivilegeList::parse(&bytes);
        let _ = PrivilegeList::read(&text);
        let _ = PrivilegeList::parse(one_group(&text).as_bytes());
    }
}
