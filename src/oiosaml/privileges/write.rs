//! From the list to the value of the attribute.

use super::PrivilegeList;
use crate::dsig::base64;
use crate::xml::{Element, NONE};

impl PrivilegeList {
    /// The document, in the namespace of its version: `Privilege` before `Constraint`, as the real hub has them.
    pub fn to_element(&self) -> Element {
        let groups = self.groups.iter().map(|group| {
            let privileges = (group.privileges.iter())
                .map(|privilege| Element::new(NONE, "Privilege").text(privilege.clone()));
            let constraints = group.constraints.iter().map(|constraint| {
                Element::new(NONE, "Constraint")
                    .attr("Name", constraint.name.clone())
                    .text(constraint.value.clone())
            });
            Element::new(NONE, "PrivilegeGroup")
                .attr("Scope", group.scope.to_string())
                .children(privileges)
                .children(constraints)
        });
        Element::new(self.version.ns(), "PrivilegeList").children(groups)
    }

    /// The document as text, to the byte in the form of the real hub's sample messages: with an XML declaration,
    /// without line breaks, and with a declaration of the prefix `xsi`, which nothing uses.
    pub fn to_xml(&self) -> String {
        let ns = self.version.ns();
        let start = format!("<{}:PrivilegeList xmlns:{0}=\"{}\"", ns.prefix, ns.uri);
        let rendered = self.to_element().render();
        // Our own writer wrote it, and the root has no attribute before which another prefix would sort.
        let rest = rendered.as_str().strip_prefix(&start);
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>{start} \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"{}",
            rest.expect("the root declares its own namespace first")
        )
    }

    /// The value of the attribute. A user without privileges gets no attribute at all (BPP 1.0.1), so a list
    /// without groups has none.
    pub fn write(&self) -> Option<String> {
        (!self.groups.is_empty()).then(|| base64::encode(self.to_xml().as_bytes()))
    }
}
