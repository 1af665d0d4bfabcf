//! The schema of metadata, judged by us and by xmllint with the XSD of a Debian package, over good metadata and every
//! small thing that can be done to it.

use super::judges::{Folder, there_is};
use super::tree::{Element, Node};
use std::path::Path;
use std::process::Command;
use vejviser::saml::metadata::violations;
use vejviser::xml::{Document, Limits, canonical};

const OPENSAML: &str = "/usr/share/xml/opensaml/saml-schema-metadata-2.0.xsd";
const XMLTOOLING: &str = "/usr/share/xml/xmltooling";

/// Everything that the table has, once.
const GOOD: &str = r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:x="urn:x" ID="_1" entityID="https://part.example/saml" validUntil="2030-01-01T00:00:00Z" cacheDuration="PT1H" x:y="z">
<md:Extensions><x:a><x:b/></x:a></md:Extensions>
<md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol urn:x" errorURL="https://part.example/error" ID="_2">
<md:Extensions><saml:Attribute Name="n" NameFormat="f" FriendlyName="g"><saml:AttributeValue>v</saml:AttributeValue></saml:Attribute></md:Extensions>
<md:KeyDescriptor use="signing"><ds:KeyInfo Id="_3"><ds:KeyName>k</ds:KeyName><ds:X509Data><ds:X509SubjectName>CN=a</ds:X509SubjectName><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:KeyDescriptor use="encryption"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo><md:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"><xenc:KeySize>128</xenc:KeySize><xenc:OAEPparams>AAAA</xenc:OAEPparams><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/></md:EncryptionMethod></md:KeyDescriptor>
<md:Organization><md:OrganizationName xml:lang="da">O</md:OrganizationName><md:OrganizationDisplayName xml:lang="da">O</md:OrganizationDisplayName><md:OrganizationURL xml:lang="da">https://part.example/</md:OrganizationURL></md:Organization>
<md:ContactPerson contactType="technical"/>
<md:ArtifactResolutionService Binding="urn:b" Location="https://part.example/a" index="0" isDefault="true"/>
<md:SingleLogoutService Binding="urn:b" Location="https://part.example/l" ResponseLocation="https://part.example/m"/>
<md:ManageNameIDService Binding="urn:b" Location="https://part.example/n"/>
<md:NameIDFormat>urn:f</md:NameIDFormat>
<md:SingleSignOnService Binding="urn:b" Location="https://part.example/s" x:y="z"><x:a/></md:SingleSignOnService>
<md:NameIDMappingService Binding="urn:b" Location="https://part.example/o"/>
<md:AssertionIDRequestService Binding="urn:b" Location="https://part.example/p"/>
<md:AttributeProfile>urn:p</md:AttributeProfile>
<saml:Attribute Name="n"/>
</md:IDPSSODescriptor>
<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="1" protocolSupportEnumeration="urn:x">
<md:AssertionConsumerService Binding="urn:b" Location="https://part.example/c" index="0" isDefault="false"/>
<md:AttributeConsumingService index="0" isDefault="true"><md:ServiceName xml:lang="da">S</md:ServiceName><md:ServiceDescription xml:lang="da">S</md:ServiceDescription><md:RequestedAttribute Name="n" isRequired="true"><saml:AttributeValue>v</saml:AttributeValue></md:RequestedAttribute></md:AttributeConsumingService>
</md:SPSSODescriptor>
<md:AuthnAuthorityDescriptor protocolSupportEnumeration="urn:x"><md:AuthnQueryService Binding="urn:b" Location="https://part.example/q"/></md:AuthnAuthorityDescriptor>
<md:AttributeAuthorityDescriptor protocolSupportEnumeration="urn:x"><md:AttributeService Binding="urn:b" Location="https://part.example/t"/></md:AttributeAuthorityDescriptor>
<md:PDPDescriptor protocolSupportEnumeration="urn:x"><md:AuthzService Binding="urn:b" Location="https://part.example/z"/></md:PDPDescriptor>
<md:Organization><md:OrganizationName xml:lang="da">O</md:OrganizationName><md:OrganizationDisplayName xml:lang="da">O</md:OrganizationDisplayName><md:OrganizationURL xml:lang="da">https://part.example/</md:OrganizationURL></md:Organization>
<md:ContactPerson contactType="support" x:y="z"><md:Company>C</md:Company><md:GivenName>G</md:GivenName><md:SurName>S</md:SurName><md:EmailAddress>mailto:a@part.example</md:EmailAddress><md:TelephoneNumber>1</md:TelephoneNumber></md:ContactPerson>
<md:AdditionalMetadataLocation namespace="urn:x">https://part.example/more</md:AdditionalMetadataLocation>
</md:EntityDescriptor>"#;

#[test]
fn the_schema_is_the_schema() {
    if !there_is("xmllint") {
        return;
    }
    if !Path::new(OPENSAML).exists() || !Path::new(XMLTOOLING).exists() {
        println!("SKIPPED: no XSD of SAML metadata (Debian: opensaml-schemas, xmltooling-schemas)");
        return;
    }
    let folder = Folder::new("schema");
    let document = Document::parse(GOOD.as_bytes()).unwrap();
    let good = Element::parse(&canonical(document.root(), None, &[]));
    let mut mutants = vec![good.to_text()];
    mutants.extend(bent(&good));
    let theirs = judged(&folder, &mutants);
    let mut differ = Vec::new();
    let (mut valid, mut invalid) = (0, 0);
    for (text, theirs) in mutants.iter().zip(theirs) {
        // What the reader refuses (an ID twice) has no schema.
        let Ok(document) = Document::parse_within(text.as_bytes(), &Limits::METADATA) else {
            continue;
        };
        let ours = violations(document.root());
        match theirs {
            true => valid += 1,
            false => invalid += 1,
        }
        if ours.is_empty() != theirs {
            differ.push(format!("xmllint {theirs}, we {ours:?}\n{text}"));
        }
    }
    println!("{valid} valid, {invalid} invalid");
    assert!(valid > 50 && invalid > 200, "{valid} {invalid}");
    assert!(
        differ.is_empty(),
        "{}: {}",
        differ.len(),
        differ.join("\n\n")
    );
}

/// Each element left out, doubled, put last, renamed, given text, an attribute or a child; each attribute left out or
/// given another value.
fn bent(good: &Element) -> Vec<String> {
    let mut all = Vec::new();
    for path in good.paths() {
        for (attribute, _) in good.clone().at(&path).attributes.clone() {
            if attribute.starts_with("xmlns") {
                continue;
            }
            for value in [None, Some("x y"), Some("70000"), Some("")] {
                // Every string is a URI to one of the two, and none but some to the other; that is judged elsewhere.
                let plain =
                    ["Location", "ResponseLocation", "errorURL"].contains(&attribute.as_str());
                if plain && value.is_some() {
                    continue;
                }
                let mut bent = good.clone();
                let attributes = &mut bent.at(&path).attributes;
                match value {
                    None => attributes.retain(|(name, _)| *name != attribute),
                    Some(value) => {
                        let own = attributes.iter_mut().find(|(name, _)| *name == attribute);
                        own.unwrap().1 = value.to_owned();
                    }
                }
                all.push(bent.to_text());
            }
        }
        let mut changed = |change: &dyn Fn(&mut Element)| {
            let mut bent = good.clone();
            change(bent.at(&path));
            all.push(bent.to_text());
        };
        changed(&|element| element.children.push(Node::Raw("text".to_owned())));
        changed(&|element| element.attributes.push(("new".to_owned(), "v".to_owned())));
        changed(&|element| {
            element
                .attributes
                .push(("x:new".to_owned(), "v".to_owned()))
        });
        let local = good.clone().at(&path).local().to_owned();
        // What may stand here of other namespaces must be known to the XSD, and it does not know XML Encryption 1.1.
        if local != "EncryptionMethod" {
            changed(&|element| {
                element
                    .children
                    .push(Node::Raw("<x:new></x:new>".to_owned()))
            });
        }
        changed(&|element| {
            element
                .children
                .push(Node::Raw("<md:NameIDFormat>f</md:NameIDFormat>".to_owned()));
        });
        changed(&|element| element.children.clear());
        let Some((last, above)) = path.split_last() else {
            continue;
        };
        let mut among = |change: &dyn Fn(&mut Vec<Node>)| {
            let mut bent = good.clone();
            change(&mut bent.at(above).children);
            all.push(bent.to_text());
        };
        among(&|children| drop(children.remove(*last)));
        among(&|children| {
            // A second one with the same ID is another matter.
            let mut double = children[*last].clone();
            if let Node::Element(double) = &mut double {
                double
                    .attributes
                    .retain(|(name, _)| name != "ID" && name != "Id");
                double.children.iter_mut().for_each(without_id);
            }
            children.insert(*last, double);
        });
        among(&|children| {
            let moved = children.remove(*last);
            children.push(moved);
        });
        among(&|children| {
            if let Node::Element(element) = &mut children[*last]
                && element.local() != "DigestMethod"
            {
                element.name.push('X');
            }
        });
    }
    all
}

fn without_id(node: &mut Node) {
    if let Node::Element(element) = node {
        element
            .attributes
            .retain(|(name, _)| name != "ID" && name != "Id");
        element.children.iter_mut().for_each(without_id);
    }
}

/// Whether each holds to the XSD.
fn judged(folder: &Folder, texts: &[String]) -> Vec<bool> {
    // The XSD names others by addresses on the web; here they are files.
    let catalog = format!(
        "<catalog xmlns=\"urn:oasis:names:tc:entity:xmlns:xml:catalog\">\
         <system systemId=\"http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd\" uri=\"file://{XMLTOOLING}/xmldsig-core-schema.xsd\"/>\
         <system systemId=\"http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd\" uri=\"file://{XMLTOOLING}/xenc-schema.xsd\"/>\
         <system systemId=\"http://www.w3.org/2001/xml.xsd\" uri=\"file://{XMLTOOLING}/xml.xsd\"/></catalog>"
    );
    let catalog = folder.put("catalog.xml", catalog.as_bytes());
    let files: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| folder.put(&format!("{at}.xml"), text.as_bytes()))
        .collect();
    let output = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema", OPENSAML])
        .args(&files)
        .env("XML_CATALOG_FILES", format!("file://{}", catalog.display()))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let verdicts = files.iter().map(|file| {
        let file = file.display();
        let good = told.contains(&format!("{file} validates\n"));
        let bad = told.contains(&format!("{file} fails to validate\n"));
        assert!(good != bad, "{file}: {told}");
        good
    });
    verdicts.collect()
}
