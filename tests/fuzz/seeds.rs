//! Writes the first corpus of every target from the project's own good messages: `seeds FOLDER`.

mod fixed;

fn main() {
    seeds::write(std::path::Path::new(
        &std::env::args().nth(1).expect("a folder"),
    ));
}

mod seeds {
    use super::fixed::{self, world::*};
    use std::path::Path;
    use vejviser::dsig::{self, Place};
    use vejviser::edge::memory::Seal;
    use vejviser::hub::Context;
    use vejviser::hub::acs::{Answered, Outcome};
    use vejviser::hub::metadata::{self, Form};
    use vejviser::hub::sso::Received;
    use vejviser::oiosaml::RequestProfile;
    use vejviser::saml::binding::{MessageField, Outbound, redirect};
    use vejviser::saml::{Decoded, LogoutRequest, LogoutResponse, Status};

    fn put(folder: &Path, target: &str, name: &str, bytes: &[u8]) {
        let folder = folder.join(target);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }

    pub fn write(folder: &Path) {
        let mut world = fixed::world(RequestProfile::Oiosaml3);
        let asked = world.asked();
        let (response, assertion) = (world.response(&asked), world.assertion(&asked));
        let idp = &world.keys.idp.signing;
        let inner = assertion_signed(&response, &assertion, idp);
        let outer = response_signed(&response, Some(&assertion), idp);
        let mut no = response.clone();
        no.status = Status::refusal("urn:oasis:names:tc:SAML:2.0:status:Responder", None, "nej");
        let status = response_signed(&no, None, idp);
        let encrypted = world.sealed(&response, &assertion, idp, &world.keys.hub.recipient());
        let request = world.request(|_| {});
        let by_post = world.by_post(&request, Some(&world.keys.system.signing));
        // A seed that is refused at the door leads nowhere.
        for good in [&inner, &outer, &encrypted] {
            let answered = world.answer(good, Some(&asked), Some("browser"));
            assert!(
                matches!(&answered, Answered::Finish(f) if matches!(f.outcome, Outcome::LoggedIn { .. })),
                "{:?}",
                world.trace
            );
        }
        assert!(matches!(world.receive(&by_post), Received::Login(_)));

        let hub = metadata::idp_role(&world.hub, Form { quirks: false })
            .as_bytes()
            .to_vec();
        let system = metadata::sp_role(&world.hub, Form { quirks: true })
            .as_bytes()
            .to_vec();
        let messages: Vec<(&str, Vec<u8>)> = vec![
            ("assertion-signed", inner.xml.clone()),
            ("response-signed", outer.xml.clone()),
            ("status", status.xml.clone()),
            ("encrypted", encrypted.xml.clone()),
            ("request", by_post.xml.clone()),
            ("idp-metadata", hub.clone()),
            ("sp-metadata", system.clone()),
            ("small", b"<a xmlns:p='u:p' b='1' p:c='&amp;'><p:d><![CDATA[x]]></p:d><!-- y --> \xC3\xB8</a>".to_vec()),
        ];
        for (name, xml) in &messages {
            put(folder, "reader", name, xml);
            for choice in [0u8, 1, 2, 3, 8 + 2, 16 + 3, 40] {
                put(
                    folder,
                    "c14n",
                    &format!("{name}-{choice}"),
                    &[&[choice], &xml[..]].concat(),
                );
            }
        }
        put(folder, "metadata", "idp", &hub);
        put(folder, "metadata", "sp", &system);

        let answer = |mode: u8, name: &str, decoded: &Decoded| {
            put(
                folder,
                "response",
                name,
                &[&[mode], &decoded.xml[..]].concat(),
            );
        };
        answer(0, "assertion-signed", &inner);
        answer(0, "response-signed", &outer);
        answer(0, "status", &status);
        answer(0, "encrypted", &encrypted);
        let signed = dsig::sign(
            &assertion.to_element(),
            &assertion.id,
            Place::AfterIssuer,
            idp,
        );
        put(
            folder,
            "response",
            "plain-gcm",
            &[&[5], signed.as_bytes()].concat(),
        );
        put(
            folder,
            "response",
            "plain-cbc",
            &[&[6], signed.as_bytes()].concat(),
        );
        let text = String::from_utf8(inner.xml.clone()).unwrap();
        let (start, end) = (
            text.find("<saml:Assertion").unwrap(),
            text.find("</saml:Assertion>").unwrap() + 17,
        );
        let around = format!(
            "{}<saml:EncryptedAssertion xmlns:saml=\"{}\">@{}@</saml:EncryptedAssertion>{}",
            &text[..start],
            vejviser::xml::SAML.uri,
            signed.as_str(),
            &text[end..]
        );
        put(
            folder,
            "response",
            "around",
            &[&[7], around.as_bytes()].concat(),
        );

        let key = &world.keys.system.signing;
        let Outbound::Redirect { url } = redirect(
            "https://hub.example/x",
            MessageField::Request,
            &request.to_element().render(),
            Some("træ & co"),
            Some(key),
        ) else {
            unreachable!("a redirect")
        };
        let query = url.split_once('?').unwrap().1;
        put(
            folder,
            "request",
            "query",
            &[&[0], query.as_bytes()].concat(),
        );
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("SAMLRequest", &openssl::base64::encode_block(&by_post.xml));
        put(
            folder,
            "request",
            "form",
            &[&[1], form.finish().as_bytes()].concat(),
        );
        put(
            folder,
            "request",
            "xml",
            &[&[2], request.to_element().render().as_bytes()].concat(),
        );

        for (name, message) in [
            ("xml-request", &by_post.xml),
            ("xml-response", &inner.xml),
            ("xml-metadata", &hub),
        ] {
            for mode in [4u8, 5, 6, 64 + 4, 64 + 5] {
                put(
                    folder,
                    "logout",
                    &format!("{name}-{mode}"),
                    &[&[mode], &message[..]].concat(),
                );
            }
        }
        put(folder, "logout", "url", &[&[5], url.as_bytes()].concat());
        let logout = LogoutRequest {
            id: "_logout-1".to_owned(),
            version: "2.0".to_owned(),
            issue_instant: NOW,
            destination: request.destination.clone(),
            consent: None,
            issuer: Some(SYSTEM.to_owned()),
            issuer_format: None,
            reason: Some("urn:oasis:names:tc:SAML:2.0:logout:user".to_owned()),
            not_on_or_after: Some(NOW),
            name_id: assertion.name_id.clone(),
            session_indexes: vec!["_s1".to_owned(), "_s2".to_owned()],
        };
        let answer = LogoutResponse {
            id: "_logout-2".to_owned(),
            version: "2.0".to_owned(),
            issue_instant: NOW,
            in_response_to: Some(logout.id.clone()),
            destination: logout.destination.clone(),
            consent: None,
            issuer: logout.issuer.clone(),
            issuer_format: None,
            status: Status::success(),
        };
        for (name, element, id, field) in [
            (
                "logout-request",
                logout.to_element(),
                &logout.id,
                MessageField::Request,
            ),
            (
                "logout-response",
                answer.to_element(),
                &answer.id,
                MessageField::Response,
            ),
        ] {
            let signed = dsig::sign(&element, id, Place::AfterIssuer, key);
            let Outbound::Redirect { url } = redirect(
                "https://hub.example/x",
                field,
                &element.render(),
                Some("r"),
                Some(key),
            ) else {
                unreachable!("a redirect")
            };
            let encoded = openssl::base64::encode_block(signed.as_bytes());
            for mode in [0u8, 1, 2, 32] {
                put(
                    folder,
                    "logout",
                    &format!("{name}-{mode}"),
                    &[&[mode], signed.as_bytes()].concat(),
                );
                put(
                    folder,
                    "logout",
                    &format!("{name}-url-{mode}"),
                    &[&[mode], url.as_bytes()].concat(),
                );
                put(
                    folder,
                    "logout",
                    &format!("{name}-base64-{mode}"),
                    &[&[mode], encoded.as_bytes()].concat(),
                );
            }
        }

        let context: Context<'_> = world.context();
        let mut memory = vejviser::hub::BrowserMemory::default();
        memory.succeeded(context, &asked, IDP, None);
        let text = serde_json::to_string(&memory).unwrap();
        put(
            folder,
            "cookies",
            "memory",
            &[&[1], text.as_bytes()].concat(),
        );
        let seal = Seal::new(&[7; 32]).unwrap();
        if let Some(set) = seal.cookie(&memory) {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            put(
                folder,
                "cookies",
                "sealed",
                &[&[0], pair.as_bytes()].concat(),
            );
        }
        let (_, name) = vejviser::edge::browser::fresh();
        let pair = name.split(';').next().unwrap();
        put(folder, "cookies", "name", &[&[0], pair.as_bytes()].concat());

        privileges(folder);
    }

    /// Lists of invented municipalities: of both versions, of every kind of scope, pretty-printed and not, as
    /// documents and as the values of attributes; and some that are refused.
    fn privileges(folder: &Path) {
        let role = |name: &str| {
            format!("<Privilege>http://provekobing.example/roles/jobrole/{name}/1</Privilege>")
        };
        let constraint = |value: &str| {
            format!(
                "<Constraint Name=\"http://provekobing.example/id-1/1/parametric\">{value}</Constraint>"
            )
        };
        let group = |scope: &str, inside: &str| {
            format!(
                "<PrivilegeGroup Scope=\"urn:dk:gov:saml:{scope}\">\n  {inside}\n</PrivilegeGroup>"
            )
        };
        let cvr = "cvrNumberIdentifier:11111111";
        let lists = [
            ("one", group(cvr, &role("vagt"))),
            (
                "two",
                group(cvr, &(role("sag") + &constraint("32.30.*,32.33.*")))
                    + &group("cvrNumberIdentifier:22222222", &role("vagt")),
            ),
            (
                "scopes",
                group("productionUnitIdentifier:1234567890", &role("a"))
                    + &group("seNumberIdentifier:12345678", &role("b"))
                    + &group("cprNumberIdentifier:9913990000", &role("c"))
                    + &group("andet:1", &role("d")),
            ),
            (
                "many",
                group(
                    cvr,
                    &(constraint("a &amp; b")
                        + &role("a")
                        + &constraint("<![CDATA[x]]>")
                        + &role("b")),
                )
                .repeat(3),
            ),
            ("empty", String::new()),
            ("no-privilege", group(cvr, &constraint("x"))),
            ("no-number", group("cvrNumberIdentifier:1", &role("a"))),
            (
                "qualified",
                group(cvr, &role("a")).replace("PrivilegeGroup", "bpp:PrivilegeGroup"),
            ),
        ];
        for (name, groups) in lists {
            for host in ["itst.dk", "digst.dk"] {
                let xml = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><bpp:PrivilegeList \
                     xmlns:bpp=\"http://{host}/oiosaml/basic_privilege_profile\" \
                     xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">{groups}</bpp:PrivilegeList>"
                );
                let value = openssl::base64::encode_block(xml.as_bytes());
                for (mode, bytes) in [(0, xml.as_bytes()), (1, value.as_bytes())] {
                    put(
                        folder,
                        "privileges",
                        &format!("{name}-{host}-{mode}"),
                        &[&[mode], bytes].concat(),
                    );
                }
            }
        }
    }
}
