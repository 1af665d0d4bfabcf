//! A federation of one town, for whoever wants to bend one thing of it: one IdP with its vendor's habits, and two systems.

use super::demo::Demo;

/// CVR of the town.
pub const CVR: &str = "11111111";

/// One municipality with one IdP, and two systems: `sag` needs NIST 2 and `portal` NSIS Low; `?niveau=` asks for more.
pub struct Town<'a> {
    pub kind: &'a str,
    pub profile: &'a str,
    /// Highest NIST level that the IdP is registered for.
    pub ceiling: u8,
    /// Lines of the persona's entry.
    pub traits: &'a str,
    /// Lines of the identity provider's entry.
    pub idp: &'a str,
    /// Lines of the portal's entry.
    pub portal: &'a str,
}

pub const TOWN: Town<'static> = Town {
    kind: "oiosaml3",
    profile: "OIOSAML3",
    ceiling: 4,
    traits: "",
    idp: "",
    portal: "",
};

impl Town<'_> {
    pub fn text(&self) -> String {
        let Self {
            kind,
            profile,
            ceiling,
            traits,
            idp,
            portal,
        } = self;
        let nsis = match *profile {
            "OIOSAML2" => "",
            _ => "nsis_assurance_level = \"Substantial\"",
        };
        format!(
            r#"
[[organisation]]
cvr = "{CVR}"
name = "Prøvekøbing Kommune"

[[identity_provider]]
name = "idp"
presentation_name = "Prøvekøbing"
oiosaml_profile = "{profile}"
assurance_level = {ceiling}
{nsis}
user_contexts = ["{CVR}"]
{idp}
[identity_provider.persona]
kind = "{kind}"
key = "testrup"
people = [
    {{ id = "to", name = "Totte Prøve", uuid = "e0000000-0000-4000-8000-000000000001", email = "to@p.example", second_factor = true, nsis = "Substantial" }},
    {{ id = "en", name = "Enok Prøve", uuid = "e0000000-0000-4000-8000-000000000002", email = "en@p.example", nsis = "Substantial" }},
    {{ id = "ikke", name = "Ikke Prøve", uuid = "e0000000-0000-4000-8000-000000000003", email = "ikke@p.example", second_factor = true }},
]
{traits}

[[user_facing_system]]
name = "sag"
cvr = "{CVR}"
oiosaml_profile = "OIOSAML2"
assurance_level = 2
[user_facing_system.demo]
key = "sagssystem"

[[user_facing_system]]
name = "portal"
{portal}
cvr = "{CVR}"
oiosaml_profile = "OIOSAML3"
nsis_assurance_level = "Low"
[user_facing_system.demo]
key = "borgerportal"
"#
        )
    }

    pub async fn start(&self) -> Demo {
        Demo::start_on(&self.text()).await
    }
}
